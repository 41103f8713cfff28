// The client against a real libvirtd: its test driver stands for a hypervisor, its storage driver for long streams.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runTool } from "@knvirt/tools";
import { eventually } from "../test/support/eventually.ts";
import type { Connection } from "./connection.ts";
import * as devices from "./devices.ts";
import * as domains from "./domains.ts";
import { domainEvents } from "./event-table.ts";
import { onConnectionClosed, onDomainEvent, onLifecycle } from "./events.ts";
import * as guest from "./guest-agent.ts";
import * as host from "./host.ts";
import { connect } from "./open.ts";
import { qemu, remote } from "./procedures.ts";
import { takeScreenshot } from "./screenshot.ts";
import { getDomainStats, getMemoryStats } from "./stats.ts";
import type { Stream } from "./streams.ts";
import { type Libvirtd, libvirtd } from "./testing/libvirtd.ts";
import { untilEnd } from "./testing/until-end.ts";
import type { Domain } from "./types.ts";

const opened = untilEnd();

const uri = "test:///default";
const xml = (name: string): string =>
  `<domain type="test"><name>${name}</name><memory unit="MiB">64</memory><os><type>hvm</type></os>` +
  '<devices><memballoon model="virtio"/></devices></domain>';

let daemon: Libvirtd;
let connection: Connection;
beforeAll(async () => {
  daemon = await libvirtd();
  connection = await daemon.connect(uri);
});
afterAll(async () => {
  await connection.close();
  await daemon[Symbol.asyncDispose]();
});

describe("the host", () => {
  test("tells what it is", async () => {
    expect(await host.getHypervisorType(connection)).toBe("TEST");
    expect(await host.getUri(connection)).toBe(uri);
    expect(await host.getLibvirtVersion(connection)).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await host.getHypervisorVersion(connection)).toBe("0.0.2");
    expect(await host.getHostname(connection)).toMatch(/./);
    expect(await host.getCapabilities(connection)).toContain("<capabilities>");
    expect(await host.getNodeInfo(connection)).toMatchObject({ cpuModel: "i686", cpus: 16, memoryKib: 3145728 });
  });

  test("knows what a domain of QEMU could have", async () => {
    const session = opened(await connect({ socketPath: daemon.socketPath, uri: "qemu:///session" }));
    const wanted = { emulator: "/usr/bin/qemu-system-x86_64", virtType: "qemu", machine: "q35", timeoutMs: 100_000 };
    expect(await host.getDomainCapabilities(session, wanted)).toContain("<domain>qemu</domain>");
    expect(await host.getCpuModels(session, "x86_64")).toContain("Haswell");
  });
});

describe("a domain", () => {
  let domain: Domain;
  beforeAll(async () => {
    domain = await domains.defineDomain(connection, xml("web"), { validate: true });
  });
  afterAll(() => domains.undefineDomain(connection, domain));
  const whileRunning = async (act: () => Promise<void>): Promise<void> => {
    await domains.createDomain(connection, domain);
    await act().finally(() => domains.destroyDomain(connection, domain));
  };

  test("is found by name and by uuid, or is not", async () => {
    expect(await domains.findDomain(connection, "web")).toEqual(domain);
    expect(await domains.findDomainByUuid(connection, domain.uuid)).toEqual(domain);
    expect(await domains.findDomain(connection, "nobody")).toBeUndefined();
    expect(await domains.listDomains(connection, { inactive: true })).toEqual([domain]);
    expect(await domains.listDomains(connection)).toHaveLength(2);
  });

  test("goes through its life, and every step is told", async () => {
    const told: string[] = [];
    const listener = (_: Domain, { event, detail }: { event: string; detail: string }): void =>
      void told.push(`${event} ${detail}`);
    opened(await onLifecycle(connection, { listener, domain }));
    const states: unknown[] = [];
    const steps = [
      () => domains.createDomain(connection, domain),
      () => domains.suspendDomain(connection, domain),
      () => domains.resumeDomain(connection, domain),
      () => domains.shutdownDomain(connection, domain),
      () => domains.createDomain(connection, domain),
      () => domains.destroyDomain(connection, domain),
    ];
    for (const step of steps) {
      await step();
      const { state, reason } = await domains.getDomainState(connection, domain);
      states.push(`${state} ${reason}`);
    }
    expect(states).toEqual([
      "running booted",
      "paused user",
      "running unpaused",
      "shutoff shutdown",
      "running booted",
      "shutoff destroyed",
    ]);
    await eventually(() => told.length >= steps.length, { what: "an event for each step" });
    expect(told).toEqual([
      "started booted",
      "suspended paused",
      "resumed unpaused",
      "stopped shutdown",
      "started booted",
      "stopped destroyed",
    ]);
  });

  test("tells its definition, size and figures", () =>
    whileRunning(async () => {
      expect(await domains.getDomainXml(connection, domain)).toContain("<name>web</name>");
      expect(await domains.getDomainInfo(connection, domain)).toMatchObject({
        state: "running",
        memoryKib: 65536,
        vcpus: 1,
      });
      expect(await getMemoryStats(connection, domain)).toMatchObject({ actualBalloon: 65536 });
      expect(await getDomainStats(connection, { domains: [domain], groups: { state: true } })).toEqual([
        { domain: expect.objectContaining({ name: "web" }), values: { "state.state": 1, "state.reason": 1 } },
      ]);
    }));

  test("carries metadata, and tells that it changed", async () => {
    const changes: unknown[] = [];
    const listener = ({ dom, type, nsuri }: { dom: Domain; type: number; nsuri: string | undefined }): void =>
      void changes.push([dom.name, type, nsuri]);
    opened(await onDomainEvent(connection, domainEvents.metadataChange, { listener }));
    const place = { uri: "urn:knvirt", config: true };
    expect(await domains.findDomainMetadata(connection, domain, place)).toBeUndefined();
    await domains.setDomainMetadata(connection, domain, { ...place, prefix: "k", element: '<vm uid="1"/>' });
    expect(await domains.findDomainMetadata(connection, domain, place)).toBe('<vm uid="1"/>');
    await eventually(() => changes.length > 0, { what: "the change is told" });
    expect(changes).toEqual([["web", 2, "urn:knvirt"]]);
  });

  test("changes its size", () =>
    whileRunning(async () => {
      await devices.setMemory(connection, domain, { memoryKib: 32768, live: true });
      expect(await domains.getDomainInfo(connection, domain)).toMatchObject({ memoryKib: 32768 });
    }));

  test("that runs only once is gone afterwards", async () => {
    const transient = await domains.createTransientDomain(connection, xml("once"));
    await domains.destroyDomain(connection, transient);
    expect(await domains.findDomain(connection, "once")).toBeUndefined();
  });

  test("shows its display", () =>
    whileRunning(async () => {
      const { mimeType, image } = await takeScreenshot(connection, domain);
      expect(mimeType).toBe("image/png");
      expect(image.subarray(1, 4).toString()).toBe("PNG");
      expect(image.subarray(-8, -4).toString()).toBe("IEND");
    }));
});

test("a guest tells about itself", async () => {
  const domain = await domains.findDomain(connection, "test");
  if (!domain) throw new Error("the test driver has no domain named test");
  expect(await guest.getFilesystems(connection, domain)).toEqual([
    { mountpoint: "/", name: "vda1", type: "ext4", devices: ["vda"] },
    { mountpoint: "/boot", name: "vda2", type: "ext4", devices: ["vda"] },
  ]);
  expect(await guest.getInterfaceAddresses(connection, domain)).toEqual([
    {
      name: "testnet0",
      mac: "aa:bb:cc:dd:ee:ff",
      addresses: [{ family: "ipv4", address: "192.168.122.3", prefixLength: 24 }],
    },
  ]);
  expect(await guest.freezeFilesystems(connection, domain)).toBe(2);
  expect(await guest.thawFilesystems(connection, domain)).toBe(2);
});

describe("an error", () => {
  const missing = { name: "nobody", uuid: "00000000-0000-4000-8000-000000000001", id: -1 };
  test.each<{ when: string; act: () => Promise<unknown>; code: number }>([
    { when: "no such domain", act: () => domains.getDomainState(connection, missing), code: 42 },
    { when: "XML that is none", act: () => domains.defineDomain(connection, "<domain"), code: 35 },
    {
      when: "XML without a name",
      act: () => domains.defineDomain(connection, "<domain type='test'/>"),
      code: 21,
    },
    {
      when: "what the test driver has not",
      act: () => connection.openStream(remote.domainOpenConsole, { dom: missing, dev_name: undefined, flags: 0 }),
      code: 3,
    },
    {
      when: "a program it was not asked for",
      act: () =>
        connection.call({ ...qemu.domainMonitorCommand, program: 0x20008099 }, { dom: missing, cmd: "", flags: 0 }),
      code: 39,
    },
    {
      when: "arguments it cannot read",
      act: () => connection.call({ ...remote.domainGetState, args: remote.connectClose.args }, {}),
      code: 39,
    },
  ])("about $when has libvirt's code", ({ act, code }) =>
    expect(act()).rejects.toMatchObject({ name: "LibvirtError", code, message: expect.stringMatching(/./) }),
  );

  test("about writing where only reading is allowed has libvirt's code", async () => {
    const reading = opened(await connect({ socketPath: daemon.socketPath, uri, readOnly: true }));
    await expect(domains.defineDomain(reading, xml("no"))).rejects.toMatchObject({ code: 29 });
  });
});

test("hundreds of calls are in flight together", async () => {
  const domain = await domains.findDomain(connection, "test");
  if (!domain) throw new Error("the test driver has no domain named test");
  const [states, names] = await Promise.all([
    Promise.all(Array.from({ length: 300 }, () => domains.getDomainState(connection, domain))),
    Promise.all(Array.from({ length: 300 }, () => host.getHostname(connection))),
  ]);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["running"]));
  expect(new Set(names).size).toBe(1);
});

test("two connections see each other's changes", async () => {
  const other = opened(await connect({ socketPath: daemon.socketPath, uri }));
  const seen = Promise.withResolvers<string>();
  opened(
    await onLifecycle(other, {
      listener: (domain, { event }) => seen.resolve(`${domain.name} ${event}`),
    }),
  );
  const domain = await domains.defineDomain(connection, xml("shared"));
  expect(await seen.promise).toBe("shared defined");
  await domains.undefineDomain(connection, domain);
});

describe("a volume", () => {
  const length = 3_000_000;
  const content = randomBytes(length);
  const volume = (): { pool: string; name: string; key: string } => ({
    pool: "p",
    name: "v",
    key: `${daemon.directory}/v`,
  });
  let session: Connection;
  beforeAll(async () => {
    session = await connect({ socketPath: daemon.socketPath, uri: "qemu:///session" });
    const virsh = ["-c", `qemu+unix:///session?socket=${daemon.socketPath}`];
    await runTool("virsh", [...virsh, "pool-create-as", "p", "dir", "--target", daemon.directory]);
    await runTool("virsh", [...virsh, "vol-create-as", "p", "v", "8MiB", "--format", "raw", "--allocation", "0"]);
  });
  afterAll(() => session.close());

  const download = (options: { length: bigint; sparse: boolean }): Promise<{ stream: Stream }> =>
    session.openStream(remote.storageVolDownload, {
      vol: volume(),
      offset: 0n,
      length: options.length,
      flags: options.sparse ? 1 : 0,
    });

  test("is written and read by streams, while calls go on", async () => {
    const upload = { vol: volume(), offset: 0n, length: BigInt(length), flags: 0 };
    const { stream } = await session.openStream(remote.storageVolUpload, upload);
    await stream.write(content);
    const [hostname] = await Promise.all([host.getHostname(session), stream.end()]);
    expect(hostname).toMatch(/./);

    const pieces: Buffer[] = [];
    const reading = await download({ length: BigInt(length), sparse: false });
    for await (const chunk of reading.stream) if (Buffer.isBuffer(chunk)) pieces.push(chunk);
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });

  test("is read with its holes", async () => {
    let [bytes, holes] = [0, 0n];
    const { stream } = await download({ length: 0n, sparse: true });
    for await (const chunk of stream) {
      if (Buffer.isBuffer(chunk)) bytes += chunk.length;
      else holes += chunk.holeLength;
    }
    expect(BigInt(bytes) + holes).toBe(8n * 1024n * 1024n);
    expect(holes).toBeGreaterThan(4n * 1024n * 1024n);
  });

  test("is left in the middle, and the connection goes on", async () => {
    const { stream } = await download({ length: 0n, sparse: false });
    expect(await stream.read()).toBeDefined();
    await stream.abort();
    expect(await host.getHypervisorType(session)).toBe("QEMU");
  });

  test("that does not exist is not written to", async () => {
    const upload = { vol: { ...volume(), name: "nothing", key: "nothing" }, offset: 0n, length: 1n, flags: 0 };
    await expect(session.openStream(remote.storageVolUpload, upload)).rejects.toMatchObject({ code: 50 });
  });
});

describe("the daemon", () => {
  test("is pinged, pings us, and all stays well", async () => {
    const watched = await connect({
      socketPath: daemon.socketPath,
      uri,
      keepalive: { intervalSeconds: 0.1, count: 30 },
    });
    await expect(
      Promise.race([watched.closed, new Promise((resolve) => setTimeout(resolve, 4_000, "open"))]),
    ).resolves.toBe("open");
    await watched.close();
    expect(await watched.closed).toMatchObject({ reason: "closed" });
  });

  test("that is killed ends the connection and what is in flight", async () => {
    const victim = opened(await libvirtd());
    const doomed = await victim.connect(uri);
    await onConnectionClosed(doomed, () => undefined);
    const inFlight = Promise.allSettled(Array.from({ length: 50 }, () => host.getHostname(doomed)));
    await victim.kill();
    expect(await doomed.closed).toMatchObject({ name: "ConnectionError", reason: "lost" });
    const last = (await inFlight).at(-1);
    if (last?.status === "rejected") expect(last.reason).toMatchObject({ reason: "lost" });
    await expect(host.getHostname(doomed)).rejects.toMatchObject({ reason: "lost" });
  });

  test("that is stopped is noticed by the watchdog", async () => {
    const victim = opened(await libvirtd());
    const doomed = await victim.connect(uri);
    victim.pause();
    doomed.keepAlive({ intervalSeconds: 0.05, count: 2 });
    await expect(host.getHostname(doomed)).rejects.toMatchObject({ reason: "unresponsive" });
  });
});
