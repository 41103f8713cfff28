// The public surface: how the launcher's image is made. The launcher itself is spoken to by gRPC only.
export { bundleLauncher, launcherRun } from "./bundle.ts";
