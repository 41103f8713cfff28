// Events against a daemon that sends them early, late and for others.
import { expect, test } from "@jest/globals";
import { Connection } from "./connection.ts";
import type { LifecycleChange } from "./domain-states.ts";
import { domainEvents } from "./event-table.ts";
import { onLifecycle } from "./events.ts";
import { getHostname } from "./host.ts";
import { remote } from "./procedures.ts";
import { fakeDaemon, messageOf, packet, type Received, replyTo } from "./testing/fake-daemon.ts";
import { untilEnd } from "./testing/until-end.ts";
import { struct, uint32 } from "./xdr.ts";

const opened = untilEnd();

const dom = { name: "web", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 1 };
const lifecycle = (callbackID: number, [event, detail]: [number, number]): Buffer =>
  messageOf(domainEvents.lifecycle, { callbackID, dom, event, detail });
const registered = (call: Received, callbackID: number): Buffer =>
  replyTo(call, remote.connectDomainEventCallbackRegisterAny, { callbackID });
const hostname = (call: Received): Buffer => replyTo(call, remote.connectGetHostname, { hostname: "x" });

/** Each call is answered by the packets scripted for its procedure; without a script it gets an empty reply. */
const scripted = (script: Record<number, (call: Received) => Buffer[]>): ReturnType<typeof fakeDaemon> =>
  fakeDaemon((call, socket) => {
    const { procedure, serial } = call;
    const packets = script[procedure]?.(call) ?? [packet({ procedure, serial }, struct({}), {})];
    socket.write(Buffer.concat(packets));
  });
const { connectDomainEventCallbackRegisterAny: register, connectGetHostname } = remote;

test.each<{ when: string; answer: (call: Received) => Buffer[]; want: string[] }>([
  {
    when: "before the reply to the registration",
    answer: (call) => [lifecycle(5, [2, 0]), registered(call, 5)],
    want: ["started booted"],
  },
  {
    when: "in the same read as the reply",
    answer: (call) => [registered(call, 5), lifecycle(5, [4, 0]), lifecycle(5, [2, 0])],
    want: ["resumed unpaused", "started booted"],
  },
  {
    when: "for another's registration",
    answer: (call) => [lifecycle(4, [2, 0]), registered(call, 5), lifecycle(6, [2, 0])],
    want: [],
  },
  {
    when: "of a kind newer than this client",
    answer: (call) => [registered(call, 5), lifecycle(5, [99, 0]), lifecycle(5, [5, 99])],
    want: ["stopped unknown"],
  },
])("an event $when is delivered to whom it is for", async ({ answer, want }) => {
  const daemon = opened(
    await scripted({
      [register.number]: answer,
      [connectGetHostname.number]: (call) => [lifecycle(6, [2, 0]), hostname(call)],
    }),
  );
  const connection = opened(await Connection.open(daemon.socketPath));
  const seen: string[] = [];
  const listener = (_: unknown, { event, detail }: LifecycleChange): void => void seen.push(`${event} ${detail}`);
  opened(await onLifecycle(connection, { listener }));
  await getHostname(connection);
  expect(seen).toEqual(want);
});

test("an event that comes with the reply of the call that caused it is there before that reply", async () => {
  const daemon = opened(
    await scripted({
      [register.number]: (call) => [registered(call, 5)],
      [connectGetHostname.number]: (call) => [lifecycle(5, [2, 0]), hostname(call)],
    }),
  );
  const connection = opened(await Connection.open(daemon.socketPath));
  const seen: string[] = [];
  await onLifecycle(connection, { listener: (domain, { event }) => seen.push(`${domain.name} ${event}`) });
  await getHostname(connection).then(() => seen.push("reply"));
  expect(seen).toEqual(["web started", "reply"]);
});

test("nothing is delivered once the subscription is closed", async () => {
  const daemon = opened(
    await scripted({
      [register.number]: (call) => [registered(call, 5)],
      [connectGetHostname.number]: (call) => [lifecycle(5, [2, 0]), hostname(call)],
    }),
  );
  const connection = opened(await Connection.open(daemon.socketPath));
  const seen: unknown[] = [];
  const subscription = await onLifecycle(connection, { listener: (...event) => seen.push(event) });
  await subscription.close();
  await getHostname(connection);
  expect(seen).toEqual([]);
  const deregistered = daemon.received.find(
    ({ procedure }) => procedure === remote.connectDomainEventCallbackDeregisterAny.number,
  );
  expect(deregistered?.payload.toString("hex")).toBe("00000005");
});

test("an event that cannot be understood ends the connection", async () => {
  const broken = { ...domainEvents.lifecycle, fields: struct({ callbackID: uint32 }) };
  const daemon = opened(
    await scripted({
      [register.number]: (call) => [registered(call, 5), messageOf(broken, { callbackID: 5 })],
    }),
  );
  const connection = opened(await Connection.open(daemon.socketPath));
  await onLifecycle(connection, { listener: () => undefined });
  expect(await connection.closed).toMatchObject({
    reason: "protocol",
    message: expect.stringContaining("message 318 of program 536903814 cannot be decoded"),
  });
});
