// What the gateway says it serves, so that kubectl and virtctl find it.
import { group, verbs, versions } from "./routes.ts";
import { served } from "./subresources.ts";
import { version } from "./version.ts";

const kinds = { virtualmachines: "VirtualMachine", virtualmachineinstances: "VirtualMachineInstance" } as const;

const resourceList = (version: string) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: `${group}/${version}`,
  resources: served.map(({ resource, path, method }) => ({
    name: `${resource}/${path}`,
    singularName: "",
    namespaced: true,
    kind: kinds[resource],
    verbs: [verbs[method]],
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

/** Aggregating API servers ask for it, and complain each minute where there is none. */
const openApi = {
  swagger: "2.0",
  info: { title: "knvirt gateway", version: version.gitVersion },
  paths: Object.fromEntries(
    versions.flatMap((name) =>
      served.map(({ resource, path, method }) => [
        `/apis/${group}/${name}/namespaces/{namespace}/${resource}/{name}/${path}`,
        {
          [method.toLowerCase()]: {
            description: `Subresource ${path} of a ${kinds[resource]}.`,
            operationId: `${name}${resource}-${path.replaceAll("/", "-")}`,
            parameters: ["namespace", "name"].map((part) => ({
              name: part,
              in: "path",
              required: true,
              type: "string",
            })),
            responses: { 200: { description: "OK" }, 401: { description: "Unauthorized" } },
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
    ]),
  ),
};
