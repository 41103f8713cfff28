// The public surface: how sources become the files that run, and which of them each image holds.
export { bundle, stopBundling } from "./bundle.ts";
export { buildImageFiles, type ImageName, imageNames } from "./images.ts";
export { launcherRun, programs, repository } from "./programs.ts";
