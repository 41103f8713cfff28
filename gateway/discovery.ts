// What the gateway says it serves, so that kubectl and virtctl find it.
import { group, subresources, versions } from "./routes.ts";

const resourceList = (version: string) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: `${group}/${version}`,
  resources: subresources.map((name) => ({
    name: `virtualmachineinstances/${name}`,
    singularName: "",
    namespaced: true,
    kind: "VirtualMachineInstance",
    verbs: ["get"],
  })),
});

const groupVersion = (version: string) => ({ groupVersion: `${group}/${version}`, version });

const apiGroup = {
  kind: "APIGroup",
  apiVersion: "v1",
  name: group,
  versions: versions.map(groupVersion),
  preferredVersion: groupVersion(versions[0]),
};

const version = {
  gitVersion: "v1.9.0+knvirt",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "",
  goVersion: "",
  compiler: "node",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
};

/** Aggregating API servers ask for it, and complain each minute where there is none. */
const openApi = {
  swagger: "2.0",
  info: { title: "knvirt gateway", version: version.gitVersion },
  paths: Object.fromEntries(
    versions.flatMap((name) =>
      subresources.map((subresource) => [
        `/apis/${group}/${name}/namespaces/{namespace}/virtualmachineinstances/{name}/${subresource}`,
        {
          get: {
            description: `A websocket to the ${subresource} of a VirtualMachineInstance.`,
            operationId: `${name}${subresource}`,
            parameters: ["namespace", "name"].map((part) => ({
              name: part,
              in: "path",
              required: true,
              type: "string",
            })),
            responses: { 101: { description: "Switching Protocols" }, 401: { description: "Unauthorized" } },
          },
        },
      ]),
    ),
  ),
};

/** Plain documents by path. */
export const documents: Record<string, unknown> = {
  "/openapi/v2": openApi,
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [apiGroup] },
  [`/apis/${group}`]: apiGroup,
  ...Object.fromEntries(
    versions.flatMap((name) => [
      [`/apis/${group}/${name}`, resourceList(name)],
      [`/apis/${group}/${name}/version`, version],
      [`/apis/${group}/${name}/healthz`, { apiserver: { connectivity: "ok" } }],
    ]),
  ),
};
