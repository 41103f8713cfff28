// A device node as a container has it, in the mount namespace of a process of a pod. Needs root.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { runTool } from "@knvirt/tools";
import { eventually } from "../test/support/eventually.ts";
import { giveDevices } from "./pod-devices.ts";
import { type Sandbox, startSandbox } from "./testing/pod-sandbox.ts";

let pod: Sandbox;
let inside: number;

beforeEach(async () => {
  pod = await startSandbox(9);
  const script = `mount -t tmpfs none /dev && mknod -m 600 /dev/kvm c 10 232 && mknod -m 666 /dev/vhost-net c 10 238 &&
    mkdir /dev/net && ln -s /etc/passwd /dev/net/tun && exec -a knvirt-pod sleep infinity`;
  const child = pod.spawnInPod("unshare", "--mount", "--propagation", "private", "bash", "-ec", script);
  inside = child.pid ?? 0;
  await eventually(async () => (await runTool("cat", [`/proc/${inside}/cmdline`])).startsWith("knvirt-pod"));
});
afterEach(() => pod.close());

const ours = (pid: number) => ({ pid, unpackedAt: "", isStillOurs: () => true });
const ownerOf = (path: string) => runTool("stat", ["--format", "%u:%g %a", `/proc/${inside}/root${path}`]);

it("gives to the launcher's user what only root could open, and leaves the rest", async () => {
  const notOurs = ["/etc/passwd", "/dev/null", "/dev/net/tun"];
  const before = await runTool("stat", ["--format", "%n %u:%g %a", ...notOurs]);
  giveDevices(ours(inside), "/dev");
  giveDevices(ours(inside), "/dev");
  giveDevices(ours(pod.pid), "/dev");
  expect(await ownerOf("/dev/kvm")).toBe("107:0 600\n");
  expect(await ownerOf("/dev/vhost-net")).toBe("0:0 666\n");
  // The pod's first process has the files of this machine for its own.
  expect(await runTool("stat", ["--format", "%n %u:%g %a", ...notOurs])).toBe(before);
});
