// The plan in a real network namespace, with a second one behind the bridge in the guest's place.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runTool } from "@knvirt/tools";
import { eventually } from "../../test/support/eventually.ts";
import { openPodNetwork } from "../pod-network.ts";
import { aVmi, aVmiWithInterface } from "../testing/objects.ts";
import { type Sandbox, startSandbox } from "../testing/pod-sandbox.ts";
import { prepareNetwork, readLinks } from "./apply.ts";

const guestPort = 8080;
const rules = (pod: Sandbox) => pod.enter("nft", "--stateless", "list", "ruleset");
const links = async (pod: Sandbox) =>
  (await readLinks(pod.namespace)).map(({ name, kind, mac }) => ({ name, kind, mac }));

describe("the network of a launcher pod", () => {
  let pod: Sandbox;
  beforeAll(async () => {
    pod = await startSandbox(1);
  });
  afterAll(() => pod.close());

  it("is found by the pod's uid, and is not ours", () => {
    const network = openPodNetwork(pod.podUid);
    network.close();
    expect(network.pid).toBe(pod.pid);
    expect(() => openPodNetwork("00000000-0000-0000-0000-000000000000")).toThrow("waiting for it");
  });

  it("is made, and stays as it is when it is made again", async () => {
    const first = await prepareNetwork(pod.podUid, aVmiWithInterface());
    const made = [await rules(pod), await links(pod)];
    expect(await prepareNetwork(pod.podUid, aVmiWithInterface())).toEqual(first);
    expect([await rules(pod), await links(pod)]).toEqual(made);
    expect(made[1]).toContainEqual({ name: "k6t-eth0", kind: "bridge", mac: "02:00:00:00:00:00" });
    expect(await pod.enter("cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start")).toBe("0\n");
    expect(await pod.enter("ip", "-details", "link", "show", "tap0")).toMatch(
      /type tap .*vnet_hdr on .*user \S+ group \S+/,
    );
    expect(await pod.enter("ip", "neighbour", "show", "dev", "k6t-eth0")).toMatch(/^10\.0\.2\.2 .* PERMANENT/);
  });

  it("is completed when it was left half done", async () => {
    const made = [await rules(pod), (await links(pod)).map(({ name }) => name).sort()];
    await pod.enter("nft", "flush", "chain", "ip", "nat", "postrouting");
    await pod.enter("nft", "delete", "table", "ip", "knvirt");
    await pod.enter("ip", "link", "delete", "tap0");
    await pod.enter("ip", "address", "flush", "dev", "k6t-eth0");
    await prepareNetwork(pod.podUid, aVmiWithInterface());
    expect([await rules(pod), (await links(pod)).map(({ name }) => name).sort()]).toEqual(made);
    expect(await pod.enter("ip", "-4", "-brief", "address", "show", "k6t-eth0")).toContain("10.0.2.1/24");
  });

  it("has a tap of several queues where the guest is to have them", async () => {
    await pod.enter("ip", "link", "delete", "tap0");
    const vmi = aVmi();
    const devices = { ...vmi.spec.domain.devices, networkInterfaceMultiqueue: true };
    await prepareNetwork(pod.podUid, { ...vmi, spec: { ...vmi.spec, domain: { ...vmi.spec.domain, devices } } });
    expect(await pod.enter("ip", "-details", "link", "show", "tap0")).toMatch(/type tap .*vnet_hdr on multi_queue /);
  });

  it("is refused with what is in the way", async () => {
    await pod.enter("ip", "link", "delete", "tap0");
    await pod.enter("ip", "link", "add", "tap0", "type", "veth", "peer", "name", "tap1");
    await expect(prepareNetwork(pod.podUid, aVmiWithInterface())).rejects.toMatchObject({
      reason: "NetworkSetupFailed",
      message: "link tap0 of the pod is of another kind: found veth, expected tun",
    });
  });
});

describe("a guest behind the pod's address", () => {
  let pod: Sandbox;
  let guest: Sandbox;
  beforeAll(async () => {
    pod = await startSandbox(2);
    guest = await startSandbox(3);
    const [prepared] = await prepareNetwork(pod.podUid, aVmiWithInterface({ ports: [{ port: guestPort }] }));
    await attach(pod, guest, prepared?.mac ?? "");
    const listener = `require("node:http").createServer((_, a) => a.end("the guest")).listen(process.argv[1])`;
    for (const port of [guestPort, guestPort + 1]) guest.spawn(process.execPath, "-e", listener, String(port));
  });
  afterAll(async () => {
    await guest.close();
    await pod.close();
  });

  it("is reached at the pod's address on a listed port", async () => {
    expect(await eventually(() => curl(`http://${pod.podAddress}:${guestPort}`).catch(() => undefined))).toBe(
      "the guest",
    );
  });

  it("is reached from inside the pod at its loopback address", async () => {
    expect(await pod.enter("curl", "-s", "-m", "2", `http://127.0.0.1:${guestPort}`)).toBe("the guest");
  });

  it("is not reached on another port", async () => {
    await expect(curl(`http://${pod.podAddress}:${guestPort + 1}`)).rejects.toThrow("ended with code 7");
  });

  it("reaches the outside under the pod's address", async () => {
    const outside = createServer(({ socket }, answer) => answer.end(socket.remoteAddress));
    await new Promise<void>((resolve) => outside.listen(0, pod.hostAddress, resolve));
    const { port } = outside.address() as AddressInfo;
    try {
      expect(await guest.enter("curl", "-s", "-m", "2", `http://${pod.hostAddress}:${port}`)).toBe(pod.podAddress);
    } finally {
      outside.close();
    }
  });

  it("does not reach what listens on the pod's loopback", async () => {
    const listener = `require("node:http").createServer((_, a) => a.end("private")).listen(9, "127.0.0.1")`;
    pod.spawn(process.execPath, "-e", listener);
    expect(
      await eventually(() => pod.enter("curl", "-s", "-m", "2", "http://127.0.0.1:9").catch(() => undefined)),
    ).toBe("private");
    await guest.enter("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet");
    await guest.enter("ip", "address", "delete", "127.0.0.1/8", "dev", "lo");
    await guest.enter("ip", "route", "add", "127.0.0.1/32", "via", "10.0.2.1");
    await expect(guest.enter("curl", "-s", "-m", "1", "http://127.0.0.1:9")).rejects.toThrow("ended with code 28");
  });
});

/** A veth in the place of the tap: its far end is the guest's card. */
async function attach(pod: Sandbox, guest: Sandbox, mac: string): Promise<void> {
  await guest.enter("ip", "link", "set", "eth0", "down", "name", "unused");
  await pod.enter("ip", "link", "add", "card", "type", "veth", "peer", "name", "eth0", "netns", String(guest.pid));
  await pod.enter("ip", "link", "set", "card", "master", "k6t-eth0", "up");
  await guest.enter("ip", "link", "set", "eth0", "address", mac, "up");
  await guest.enter("ip", "address", "add", "10.0.2.2/24", "dev", "eth0");
  await guest.enter("ip", "route", "add", "default", "via", "10.0.2.1");
}

const curl = (url: string): Promise<string> => runTool("curl", ["-s", "-m", "2", url]);
