// What virtctl 1.9.0 sends for its commands, as recorded from it: `virtctl.spec.ts` holds this against the program where
// there is one, and `virtctl.test.ts` the gateway against this wherever it runs.

type Kind = "virtualmachines" | "virtualmachineinstances";

export interface VirtctlCall {
  /** The VM `web` runs and its guest has an agent, `off` is halted. A port is the guest's. */
  command: string;
  method: "GET" | "PUT";
  /** Below its group and version. */
  path: string;
  /** As JSON, and without a content type. */
  body?: object;
  /** Asks for a websocket. */
  isStream?: true;
  code: number;
  /** Of the answer: in a refusal, or in what a guest told. */
  says?: string;
}

const at = (kind: Kind, what: string): string => `namespaces/default/${kind}/${what}`;
const put = (kind: Kind, what: string, body?: object) =>
  ({ method: "PUT", path: at(kind, what), ...(body && { body }) }) as const;
const get = (kind: Kind, what: string, body?: object) =>
  ({ method: "GET", path: at(kind, what), ...(body && { body }) }) as const;
const stream = (kind: Kind, what: string) => ({ ...get(kind, what), isStream: true }) as const;
const [vm, vmi] = ["virtualmachines", "virtualmachineinstances"] as const;

const dryRun = { dryRun: ["All"] };
const volume = {
  name: "claim",
  disk: { name: "", disk: { bus: "scsi" }, serial: "claim" },
  volumeSource: { persistentVolumeClaim: { claimName: "claim", hotpluggable: true } },
};
const evacuation = { evacuationNodeName: "" };
const graph = { includeOptionalNodes: true };
const migrates = "live migration is not supported yet";
const changes = "volumes cannot be changed yet while the guest runs";
const isRunning = "VM is already running";
const notRunning = "VM is not running";
const noGraph = "ObjectGraph does not exist yet";

export const guestPort = "GUEST-PORT";

export const virtctlCalls: VirtctlCall[] = [
  { command: "start off", ...put(vm, "off/start", {}), code: 202 },
  { command: "start off --paused", ...put(vm, "off/start", { paused: true }), code: 202 },
  { command: "start off --dry-run", ...put(vm, "off/start", dryRun), code: 202 },
  { command: "start web", ...put(vm, "web/start", {}), code: 409, says: isRunning },
  { command: "stop web", ...put(vm, "web/stop", {}), code: 202 },
  { command: "stop web --dry-run", ...put(vm, "web/stop", dryRun), code: 202 },
  { command: "stop web --force --grace-period=0", ...put(vm, "web/stop", { gracePeriod: 0 }), code: 202 },
  { command: "stop off", ...put(vm, "off/stop", {}), code: 409, says: notRunning },
  { command: "restart web", ...put(vm, "web/restart", {}), code: 202 },
  { command: "restart web --dry-run", ...put(vm, "web/restart", dryRun), code: 202 },
  {
    command: "restart web --force --grace-period=0",
    ...put(vm, "web/restart", { gracePeriodSeconds: 0 }),
    code: 202,
  },
  { command: "pause vm web", ...put(vmi, "web/pause", {}), code: 200 },
  { command: "pause vmi web --dry-run", ...put(vmi, "web/pause", dryRun), code: 200 },
  { command: "unpause vmi web", ...put(vmi, "web/unpause", {}), code: 409, says: "VMI is not paused" },
  { command: "soft-reboot web", ...put(vmi, "web/softreboot"), code: 200 },
  { command: "reset web", ...put(vmi, "web/reset"), code: 200 },
  { command: "reset off", ...put(vmi, "off/reset"), code: 404, says: "no VM of this name runs" },

  { command: "console web", ...stream(vmi, "web/console"), code: 101 },
  { command: "console off", ...stream(vmi, "off/console"), code: 404, says: "no VM of this name runs" },
  { command: "vnc web --proxy-only", ...stream(vmi, "web/vnc?preserveSession=false"), code: 101 },
  { command: "vnc web --proxy-only --preserve-session", ...stream(vmi, "web/vnc?preserveSession=true"), code: 101 },
  {
    command: "vnc screenshot web --file=/dev/null",
    ...get(vmi, "web/vnc/screenshot?moveCursor=false"),
    code: 200,
    says: "PNG",
  },
  {
    command: `port-forward --stdio=true vmi/web ${guestPort}`,
    ...stream(vmi, `web/portforward/${guestPort}/tcp`),
    code: 101,
  },
  {
    command: `port-forward --stdio=true vm/web ${guestPort}`,
    ...stream(vm, `web/portforward/${guestPort}/tcp`),
    code: 101,
  },
  {
    command: `port-forward --stdio=true vm/web udp/${guestPort}`,
    ...stream(vm, `web/portforward/${guestPort}/udp`),
    code: 501,
    says: "only tcp can be forwarded",
  },

  { command: "guestosinfo web", ...get(vmi, "web/guestosinfo"), code: 200, says: '"id":"debian"' },
  { command: "userlist web", ...get(vmi, "web/userlist"), code: 200, says: '"userName":"ann"' },
  { command: "fslist web", ...get(vmi, "web/filesystemlist"), code: 200, says: '"mountPoint":"/"' },
  { command: "expand --vm web", ...get(vm, "web/expand-spec"), code: 200, says: '"kind":"VirtualMachine"' },
  { command: "version", method: "GET", path: "version", code: 200, says: '"gitVersion":"v1.9.0+knvirt"' },

  { command: "addvolume web --volume-name=claim", ...put(vm, "web/addvolume", volume), code: 501, says: changes },
  {
    command: "removevolume web --volume-name=claim",
    ...put(vm, "web/removevolume", { name: "claim" }),
    code: 501,
    says: changes,
  },
  { command: "migrate web", ...put(vm, "web/migrate", {}), code: 501, says: migrates },
  { command: "evacuate-cancel vm web", ...put(vm, "web/evacuate/cancel", evacuation), code: 501, says: migrates },
  { command: "evacuate-cancel vmi web", ...put(vmi, "web/evacuate/cancel", evacuation), code: 501, says: migrates },
  { command: "objectgraph web", ...get(vm, "web/objectgraph", graph), code: 501, says: noGraph },
  { command: "objectgraph web --vmi", ...get(vmi, "web/objectgraph", graph), code: 501, says: noGraph },
];
