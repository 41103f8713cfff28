// Nodes: this machine, as its pod runner describes it.
import { compileJsonPath } from "../json-path.ts";
import type { KubernetesObject } from "../object.ts";
import { ageText } from "../table/age.ts";
import type { TableColumns } from "../table/columns.ts";
import { builtIn } from "./built-in.ts";
import {
  conditions,
  fields,
  flag,
  integer,
  list,
  listBy,
  objectSchema,
  oneOf,
  quantities,
  text,
  time,
  words,
} from "./fields.ts";

const taint = fields(
  "Keeps pods away.",
  {
    key: text("What the taint is about."),
    value: text("Its value."),
    effect: oneOf("What happens to pods that do not tolerate it.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    timeAdded: time("When it was added."),
  },
  { required: ["key", "effect"] },
);

const info = ["machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion"];
const moreInfo = ["kubeletVersion", "kubeProxyVersion", "operatingSystem", "architecture"];

const nodeStatus = fields("The machine as it is.", {
  capacity: quantities("What the machine has."),
  allocatable: quantities("What pods may use of it."),
  phase: text("Not used."),
  conditions: conditions("Ready and pressures.", { lastHeartbeatTime: time("When it was last looked at.") }),
  addresses: listBy(
    ["type", "address"],
    "Where the machine is reached.",
    fields(
      "An address.",
      { type: text("Kind of address."), address: text("The address.") },
      { required: ["type", "address"] },
    ),
  ),
  daemonEndpoints: fields("Ports of the machine.", {
    kubeletEndpoint: fields("Port of the pod runner.", { Port: integer("The port.") }),
  }),
  nodeInfo: fields(
    "The machine's software.",
    Object.fromEntries([...info, ...moreInfo].map((name) => [name, text(`The ${name}.`)])),
  ),
  images: list(
    "Images on the machine.",
    fields("An image.", { names: words("Its names."), sizeBytes: integer("Its size.") }),
  ),
});

const schema = objectSchema("Node is a machine that runs pods.", {
  spec: fields("What is wanted of the machine.", {
    podCIDR: text("Addresses of its pods."),
    podCIDRs: words("Addresses of its pods."),
    providerID: text("Name of the machine at its provider."),
    unschedulable: flag("Whether new pods stay away."),
    taints: list("What keeps pods away.", taint),
  }),
  status: nodeStatus,
});

const read = (object: KubernetesObject, path: string): string[] => compileJsonPath(path)(object).map(String);

const first = (object: KubernetesObject, path: string): string => read(object, path)[0] ?? "<none>";

function statusText(node: KubernetesObject): string {
  const [ready] = read(node, '.status.conditions[?(@.type=="Ready")].status');
  const state = { True: "Ready", False: "NotReady" }[ready ?? ""] ?? "Unknown";
  return read(node, ".spec.unschedulable")[0] === "true" ? `${state},SchedulingDisabled` : state;
}

const rolePrefix = "node-role.kubernetes.io/";

function rolesText({ metadata: { labels = {} } }: KubernetesObject): string {
  const roles = Object.keys(labels).filter((label) => label.startsWith(rolePrefix));
  return (
    roles
      .map((role) => role.slice(rolePrefix.length))
      .sort()
      .join(",") || "<none>"
  );
}

const column = (name: string, description: string, priority = 0) => ({ name, type: "string", description, priority });

const table: TableColumns = {
  columns: [
    { ...column("Name", "Name of the node."), format: "name" },
    ...[
      column("Status", "Whether it is ready."),
      column("Roles", "Its roles."),
      column("Age", "Time since it joined."),
    ],
    ...[column("Version", "Version of its pod runner."), column("Internal-IP", "Its own address.", 1)],
    ...[column("External-IP", "Its outer address.", 1), column("OS-Image", "Its distribution.", 1)],
    ...[column("Kernel-Version", "Its kernel.", 1), column("Container-Runtime", "What runs its containers.", 1)],
  ],
  cells: (node, now) => [
    ...[node.metadata.name, statusText(node), rolesText(node), ageText(node.metadata.creationTimestamp, now)],
    first(node, ".status.nodeInfo.kubeletVersion"),
    first(node, '.status.addresses[?(@.type=="InternalIP")].address'),
    first(node, '.status.addresses[?(@.type=="ExternalIP")].address'),
    first(node, ".status.nodeInfo.osImage"),
    first(node, ".status.nodeInfo.kernelVersion"),
    first(node, ".status.nodeInfo.containerRuntimeVersion"),
  ],
};

export const nodes = builtIn(
  {
    ...{ kind: "Node", plural: "nodes", namespaced: false, shortNames: ["no"] },
    ...{ schema, subresources: { status: true }, selectableFields: [".spec.unschedulable"] },
  },
  { table, strategy: { keepsStatusOnCreate: true, withoutGeneration: true, blank: { spec: {}, status: {} } } },
);
