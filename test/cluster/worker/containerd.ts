// Container runtime of a node: runc and Debian's CNI plugins, and no registry to pull anything from.
import type { NodePlan } from "../network.ts";
import { pauseImage } from "./layout.ts";

/** Where Debian puts the plugins. */
const plugins = "/usr/lib/cni";

export const containerdConfig = (cniFolder: string): string => `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${pauseImage}"

[plugins."io.containerd.cri.v1.runtime"]
  # Where this machine may not lower a process's score, containers start all the same.
  restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["${plugins}"]
  conf_dir = "${cniFolder}"
`;

/** A bridge inside the node, addresses of the node's range; routes between nodes are the rig's. */
export const cniConfig = ({ podCidr }: NodePlan) => ({
  cniVersion: "1.0.0",
  name: "pods",
  plugins: [
    {
      type: "bridge",
      bridge: "cni0",
      isGateway: true,
      hairpinMode: true,
      ipam: { type: "host-local", ranges: [[{ subnet: podCidr }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});
