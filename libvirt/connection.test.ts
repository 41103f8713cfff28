// The connection against a daemon that misbehaves in every way we know of.
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { type CallOptions, Connection } from "./connection.ts";
import { packetTypes, programs } from "./frames.ts";
import { getHostname, getHypervisorType, getUri } from "./host.ts";
import { connect } from "./open.ts";
import { remote } from "./procedures.ts";
import { errorTo, fakeDaemon, packet, type Received, replyTo } from "./testing/fake-daemon.ts";
import { untilEnd } from "./testing/until-end.ts";
import { struct, uint32 } from "./xdr.ts";

const opened = untilEnd();

const hostname = (call: Received, name: string): Buffer =>
  replyTo(call, remote.connectGetHostname, { hostname: name });
const keepalive = (procedure: number): Buffer =>
  packet({ program: programs.keepalive, procedure, type: packetTypes.message }, struct({}), {});

async function against(
  answer: (call: Received, socket: Socket) => void,
  act: (connection: Connection, daemon: Awaited<ReturnType<typeof fakeDaemon>>) => Promise<void>,
): Promise<void> {
  const daemon = opened(
    await fakeDaemon((call, socket) => {
      if (call.procedure === remote.connectClose.number) socket.write(replyTo(call, remote.connectClose, {}));
      else answer(call, socket);
    }),
  );
  const connection = opened(await Connection.open(daemon.socketPath));
  await act(connection, daemon);
}

describe("replies", () => {
  test("are read however they are split", () =>
    against(
      async (call, socket) => {
        for (const byte of hostname(call, "split")) {
          socket.write(Buffer.of(byte));
          await setImmediate();
        }
      },
      async (connection) => expect(await getHostname(connection)).toBe("split"),
    ));

  test("are read when several come at once, in any order", () => {
    const calls: Received[] = [];
    return against(
      (call, socket) => {
        calls.push(call);
        if (calls.length === 3)
          socket.write(Buffer.concat(calls.reverse().map((each) => hostname(each, `${each.serial}`))));
      },
      async (connection) => {
        const names = await Promise.all([getHostname(connection), getHostname(connection), getHostname(connection)]);
        expect(names).toEqual(["1", "2", "3"]);
      },
    );
  });

  test("longer than the read buffer are read", () => {
    const long = "x".repeat(1_000_000);
    return against(
      (call, socket) => socket.write(Buffer.concat([hostname(call, long), keepalive(1)])),
      async (connection, daemon) => {
        expect(await getHostname(connection)).toBe(long);
        await daemon.until(({ program, procedure }) => program === programs.keepalive && procedure === 2);
      },
    );
  });

  test("that are errors are thrown with their code", () =>
    against(
      (call, socket) => socket.write(errorTo(call, 42, "Domain not found")),
      (connection) =>
        expect(getHostname(connection)).rejects.toMatchObject({
          name: "LibvirtError",
          code: 42,
          domain: 10,
          level: 2,
          message: "Domain not found",
          procedure: "connectGetHostname",
        }),
    ));

  test("with something left over fail their call, and no other", () =>
    against(
      (call, socket) =>
        socket.write(
          call.serial === 1
            ? packet({ procedure: 59, serial: 1 }, struct({ length: uint32, more: uint32 }), { length: 0, more: 0 })
            : hostname(call, "fine"),
        ),
      async (connection) => {
        await expect(getHostname(connection)).rejects.toThrow(
          "connectGetHostname's reply cannot be decoded: 4 bytes are left over",
        );
        expect(await getHostname(connection)).toBe("fine");
      },
    ));
});

describe("a connection ends", () => {
  const length = (value: number): Buffer => {
    const word = Buffer.alloc(4);
    word.writeUInt32BE(value);
    return word;
  };
  const version = (call: Received): Buffer => {
    const reply = hostname(call, "");
    reply.writeUInt32BE(2, 8);
    return reply;
  };
  test.each<{ when: string; answer: (call: Received, socket: Socket) => void; reason: string; text: string }>([
    {
      when: "when the daemon closes it",
      answer: (_, socket) => socket.end(),
      reason: "lost",
      text: "closed the connection",
    },
    {
      when: "in the middle of a packet",
      answer: (call, socket) => socket.end(hostname(call, "x").subarray(0, 30)),
      reason: "lost",
      text: "closed the connection in the middle of a packet",
    },
    {
      when: "on a length below the header's",
      answer: (_, socket) => socket.write(length(27)),
      reason: "protocol",
      text: "packet length is 27, expected 28 to 33554436",
    },
    {
      when: "on a length beyond the protocol's",
      answer: (_, socket) => socket.write(length(33554437)),
      reason: "protocol",
      text: "packet length is 33554437",
    },
    {
      when: "on another version",
      answer: (call, socket) => socket.write(version(call)),
      reason: "protocol",
      text: "protocol version is 2, expected 1",
    },
    {
      when: "on an answer to nothing",
      answer: (call, socket) => socket.write(hostname({ ...call, serial: 99 }, "x")),
      reason: "protocol",
      text: "reply with serial 99 answers no call",
    },
    {
      when: "on a packet of an unknown type",
      answer: (_, socket) => socket.write(packet({ type: 9 }, struct({}), {})),
      reason: "protocol",
      text: "packet type is 9",
    },
  ])("$when, and all that is in flight fails", ({ answer, reason, text }) =>
    against(
      (call, socket) => {
        if (call.serial === 2) answer(call, socket);
      },
      async (connection) => {
        const calls = await Promise.allSettled([getHostname(connection), getUri(connection)]);
        const error = await connection.closed;
        expect(error.message).toContain(text);
        expect(error.reason).toBe(reason);
        expect(calls).toEqual([
          { status: "rejected", reason: error },
          { status: "rejected", reason: error },
        ]);
        await expect(getHypervisorType(connection)).rejects.toBe(error);
      },
    ),
  );

  test("when we close it, after a goodbye", () =>
    against(
      () => undefined,
      async (connection, daemon) => {
        const inFlight = getHostname(connection);
        inFlight.catch(() => undefined);
        await connection.close();
        await expect(inFlight).rejects.toMatchObject({ name: "ConnectionError", reason: "closed" });
        expect((await connection.closed).reason).toBe("closed");
        expect(daemon.received.at(-1)?.procedure).toBe(remote.connectClose.number);
      },
    ));
});

describe("keepalive", () => {
  test("answers the daemon's ping", () =>
    against(
      (call, socket) => socket.write(Buffer.concat([keepalive(1), hostname(call, "x")])),
      async (connection, daemon) => {
        await getHostname(connection);
        const pong = await daemon.until(({ program }) => program === programs.keepalive);
        expect(pong).toMatchObject({ procedure: 2, type: packetTypes.message, serial: 0, status: 0 });
      },
    ));

  test("gives up on a daemon that answers no ping", () =>
    against(
      () => undefined,
      async (connection, daemon) => {
        connection.keepAlive({ intervalSeconds: 0.02, count: 3 });
        expect(await connection.closed).toMatchObject({
          reason: "unresponsive",
          message: expect.stringContaining("did not answer 3 pings, one every 0.02 s"),
        });
        expect(daemon.received.filter(({ procedure }) => procedure === 1)).toHaveLength(3);
      },
    ));

  test("stays with a daemon that answers pings and nothing else", () =>
    against(
      ({ program }, socket) => void (program === programs.keepalive && socket.write(keepalive(2))),
      async (connection, daemon) => {
        connection.keepAlive({ intervalSeconds: 0.02, count: 20 });
        await daemon.until(() => daemon.received.length > 30);
        await expect(Promise.race([connection.closed, "open"])).resolves.toBe("open");
      },
    ));
});

describe("giving up on a call", () => {
  test.each<{ when: string; options: () => CallOptions; want: object }>([
    {
      when: "after its time",
      options: () => ({ timeoutMs: 20 }),
      want: { name: "CallTimeoutError", message: "connectGetHostname was not answered within 20 ms" },
    },
    { when: "by a signal", options: () => ({ signal: AbortSignal.timeout(20) }), want: { name: "TimeoutError" } },
  ])("$when leaves the connection as it was, and its late answer unheard", ({ options, want }) => {
    let first: Received | undefined;
    return against(
      (call, socket) => {
        if (first) socket.write(Buffer.concat([hostname(first, "late"), hostname(call, "second")]));
        first = call;
      },
      async (connection) => {
        await expect(getHostname(connection, options())).rejects.toMatchObject(want);
        expect(await getHostname(connection)).toBe("second");
      },
    );
  });

  test("before it was made sends nothing", () =>
    against(
      () => undefined,
      async (connection, daemon) => {
        await expect(getHostname(connection, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
        await connection.close();
        expect(daemon.received.map(({ procedure }) => procedure)).toEqual([remote.connectClose.number]);
      },
    ));
});

test("arguments that cannot be sent fail their call, and nothing is sent", () =>
  against(
    () => undefined,
    async (connection, daemon) => {
      await expect(connection.call(remote.domainLookupByName, { name: "a\0b" })).rejects.toThrow(
        'domainLookupByName cannot be sent: string holds a NUL character: "a\\u0000b"',
      );
      await connection.close();
      expect(daemon.received).toHaveLength(1);
    },
  ));

describe("connecting", () => {
  test("to nobody tells so", () =>
    expect(connect({ socketPath: "/nonexistent/socket", uri: "test:///default" })).rejects.toMatchObject({
      name: "ConnectionError",
      reason: "unreachable",
      message: expect.stringContaining("libvirt at /nonexistent/socket cannot be reached: connect ENOENT"),
    }));

  test("to a daemon that asks for credentials tells so, and leaves", async () => {
    const daemon = opened(
      await fakeDaemon((call, socket) =>
        socket.write(
          call.procedure === remote.authList.number
            ? replyTo(call, remote.authList, { types: [2] })
            : errorTo(call, 39, "authentication required"),
        ),
      ),
    );
    await expect(connect({ socketPath: daemon.socketPath, uri: "qemu:///system" })).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("asks for credentials: types 2, expected none"),
    });
  });

  test("with keepalive tells the daemon, and watches it", async () => {
    const daemon = opened(
      await fakeDaemon((call, socket) => {
        const { procedure, serial } = call;
        if (procedure === remote.authList.number) socket.write(replyTo(call, remote.authList, { types: [] }));
        if (procedure === remote.connectOpen.number && serial > 0)
          socket.write(packet({ procedure, serial }, struct({}), {}));
        if (procedure === remote.connectSupportsFeature.number)
          socket.write(replyTo(call, remote.connectSupportsFeature, { supported: 1 }));
      }),
    );
    const { socketPath } = daemon;
    const keepaliveOptions = { intervalSeconds: 0.02, count: 2 };
    const connection = await connect({ socketPath, uri: "test:///default", keepalive: keepaliveOptions });
    expect(await connection.closed).toMatchObject({ reason: "unresponsive" });
    const [, open, feature] = daemon.received;
    expect(open?.payload.subarray(8, 23).toString()).toBe("test:///default");
    expect(feature?.payload.toString("hex")).toBe("0000000a");
  });

  test("to a daemon that says nothing ends in time", async () => {
    const daemon = opened(await fakeDaemon(() => undefined));
    const { socketPath } = daemon;
    await expect(connect({ socketPath, uri: "test:///default", timeoutMs: 30 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});
