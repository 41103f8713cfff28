// Which version of KubeVirt's API this is, as virtctl compares it with its own.
export const version = {
  gitVersion: "v1.9.0+knvirt",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "",
  goVersion: "",
  compiler: "node",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
};
