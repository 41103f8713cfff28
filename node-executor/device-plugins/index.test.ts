// The plugins against a kubelet's side of the contract, which comes and goes.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { pino } from "pino";
import { eventually } from "../../test/support/eventually.ts";
import { startKubelet, type TestKubelet } from "../testing/kubelet.ts";
import { type DevicePlugins, startDevicePlugins } from "./index.ts";

const [kvm, tun, vhostNet] = ["kvm", "tun", "vhost-net"].map((name) => `devices.kubevirt.io/${name}`) as [
  string,
  string,
  string,
];
let dir: string;
let directory: string;
let devDir: string;
let kubelet: TestKubelet;
let plugins: DevicePlugins;
let changes: number;

/** As the kernel's: a character device that opens. 1:3 is the one that swallows everything. */
const makeNode = (...steps: string[]) => execFileSync("mknod", [join(devDir, ...steps), "c", "1", "3"]);

function start(): void {
  changes = 0;
  plugins = startDevicePlugins({
    directory,
    devDir,
    count: 3,
    pollMs: 100,
    onChange: () => {
      changes += 1;
    },
    log: pino({ enabled: false }),
  });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "knvirt-plugins-"));
  [directory, devDir] = [join(dir, "device-plugins"), join(dir, "dev")];
  mkdirSync(join(devDir, "net"), { recursive: true });
  makeNode("kvm");
  makeNode("net", "tun");
  kubelet = await startKubelet(directory);
});
afterEach(() => {
  plugins.close();
  kubelet.stop();
  rmSync(dir, { recursive: true });
});

const registered = () => eventually(() => plugins.areRegistered);

it("offers what opens, and tells of what does not", async () => {
  writeFileSync(join(devDir, "vhost-net"), "no device");
  start();
  await registered();
  await eventually(() => kubelet.healthy(kvm) !== undefined && kubelet.healthy(vhostNet) !== undefined);
  expect([kvm, tun, vhostNet].map(kubelet.healthy)).toEqual([3, 3, 0]);
  expect(kubelet.registrations).toContainEqual({
    version: "v1beta1",
    endpoint: "knvirt-tun.sock",
    resourceName: tun,
    options: { preStartRequired: false, getPreferredAllocationAvailable: false },
  });
  expect(changes).toBeGreaterThan(0);
});

it("gives a container the node, to read and to write", async () => {
  start();
  await registered();
  const node = { containerPath: "/dev/net/tun", hostPath: "/dev/net/tun", permissions: "rw" };
  expect((await kubelet.allocate(tun, ["tun0"])).containerResponses).toMatchObject([{ devices: [node], mounts: [] }]);
});

it("comes back when the kubelet was started again", async () => {
  start();
  await registered();
  kubelet.stop();
  await eventually(() => !plugins.areRegistered);
  kubelet = await startKubelet(directory);
  await registered();
  await eventually(() => kubelet.healthy(kvm) === 3);
});

it("is in place when a kubelet is told of it that cleared the folder just before it listened", async () => {
  start();
  await registered();
  kubelet.stop();
  const [front, behind] = [join(directory, "kubelet.sock"), join(dir, "behind.sock")];
  kubelet = await startKubelet(directory, behind);
  await eventually(() => existsSync(join(directory, "knvirt-tun.sock")));
  const clearing = createServer((connection) => {
    rmSync(join(directory, "knvirt-tun.sock"), { force: true });
    connection.pipe(connect(behind)).pipe(connection);
  }).listen(front);
  try {
    await eventually(() => kubelet.healthy(tun) === 3);
    expect(kubelet.lost).toEqual([]);
  } finally {
    clearing.close();
  }
});

it("waits for a kubelet that is not there yet", async () => {
  kubelet.stop();
  rmSync(join(directory, "kubelet.sock"), { force: true });
  start();
  await eventually(() => existsSync(join(directory, "knvirt-kvm.sock")));
  expect(plugins.areRegistered).toBe(false);
  kubelet = await startKubelet(directory);
  await registered();
});

it("takes the place of what a killed predecessor left", async () => {
  writeFileSync(join(directory, "knvirt-kvm.sock"), "");
  start();
  await registered();
});

it("tells of a device that goes and comes", async () => {
  start();
  await registered();
  await eventually(() => kubelet.healthy(kvm) === 3);
  rmSync(join(devDir, "kvm"));
  await eventually(() => kubelet.healthy(kvm) === 0);
  makeNode("kvm");
  await eventually(() => kubelet.healthy(kvm) === 3);
});
