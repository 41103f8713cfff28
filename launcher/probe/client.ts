// The way to the launcher of the same container.
import { credentials } from "@grpc/grpc-js";
import { LauncherClient } from "@knvirt/proto";
import { pathsBelow } from "../paths.ts";

export const connectLauncher = (root = "/"): LauncherClient =>
  new LauncherClient(`unix:${pathsBelow(root).grpcSocket}`, credentials.createInsecure(), {
    // A socket has no host name that could serve as the authority.
    "grpc.default_authority": "launcher",
  });
