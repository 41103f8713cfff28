// A verb from the gateway's side of the executor to the launcher, and its refusals back.
import { join } from "node:path";
import { promisify } from "node:util";
import { credentials, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, it, test } from "@jest/globals";
import { type CallReply, type CallRequest, ExecutorClient } from "@knvirt/proto";
import { pino } from "pino";
import { eventually } from "../test/support/eventually.ts";
import { endpointsOf } from "./endpoints.ts";
import { Launcher } from "./launchers.ts";
import { type ExecutorListener, listenOnSocket } from "./listen.ts";
import { executorService } from "./server.ts";
import { sessions } from "./sessions.ts";
import { aDomain, aPod } from "./testing/objects.ts";
import { type PodsDir, podsDir, type ScriptedLauncher, scriptedLauncher } from "./testing/scripted-launcher.ts";
import { verbsOf } from "./verbs.ts";

const podUid = "pod-uid";
const web = { namespace: "default", name: "web" };

let pods: PodsDir;
let scripted: ScriptedLauncher;
let launcher: Launcher;
let executor: ExecutorListener;
let client: ExecutorClient;

beforeEach(async () => {
  pods = podsDir();
  scripted = await scriptedLauncher(pods.socketOf(podUid), aDomain());
  launcher = new Launcher({ podsDir: pods.path, podUid }, () => undefined);
  await eventually(() => launcher.isReachable);
  const open = sessions();
  open.open("default/virt-launcher-web", { pod: aPod(), podUid, vmi: web, launcher });
  const known = { podsDir: pods.path, sessions: open, isExpected: ({ name }: { name: string }) => name === "coming" };
  const path = join(pods.path, "executor.sock");
  const offered = { endpoints: endpointsOf(known), verbs: verbsOf(known), log: pino({ enabled: false }) };
  executor = await listenOnSocket(path, executorService(offered));
  client = new ExecutorClient(`unix:${path}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
});
afterEach(() => {
  client.close();
  executor.close();
  launcher.close();
  scripted.stop();
  pods.remove();
});

const call = (request: Partial<CallRequest>): Promise<CallReply> =>
  promisify<CallRequest, CallReply>((wanted, answer) => client.call(wanted, answer))({
    ...web,
    verb: undefined,
    ...request,
  });

const verbs: NonNullable<CallRequest["verb"]>[] = [
  { $case: "pause", value: {} },
  { $case: "resume", value: {} },
  { $case: "reset", value: {} },
  { $case: "softReboot", value: {} },
  { $case: "freeze", value: { timeoutSeconds: 300 } },
  { $case: "thaw", value: {} },
  { $case: "guestInfo", value: {} },
  { $case: "screenshot", value: {} },
];

test.each(verbs)("$$case reaches the launcher of the instance", async (verb) => {
  await call({ verb });
  expect(scripted.calls).toEqual([[verb.$case, verb.value]]);
});

it("answers with what the launcher said", async () => {
  expect(await call({ verb: { $case: "guestInfo", value: {} } })).toMatchObject({ json: '{"hostname":"web"}' });
  expect((await call({ verb: { $case: "screenshot", value: {} } })).png.toString()).toBe("PNG");
});

const pause = { $case: "pause", value: {} } as const;

test.each([
  { when: "no verb is named", request: {}, code: status.INVALID_ARGUMENT },
  { when: "the instance is not here", request: { name: "other", verb: pause }, code: status.NOT_FOUND },
  { when: "its launcher was not seen yet", request: { name: "coming", verb: pause }, code: status.UNAVAILABLE },
])("is refused when $when", async ({ request, code }) => {
  await expect(call(request)).rejects.toMatchObject({ code });
});

test.each([
  {
    when: "of its own",
    refusal: { code: status.FAILED_PRECONDITION, details: "OperationRefused: domain is not running" },
    want: { code: status.FAILED_PRECONDITION, details: "domain is not running" },
  },
  {
    when: "that it cannot",
    refusal: { code: status.UNIMPLEMENTED, details: "NotSupported: no agent" },
    want: { code: status.UNIMPLEMENTED, details: "no agent" },
  },
  {
    when: "too late",
    refusal: { code: status.DEADLINE_EXCEEDED, details: "late" },
    want: { code: status.UNAVAILABLE, details: "late" },
  },
])("is refused with the launcher's refusal $when", async ({ refusal, want }) => {
  scripted.script.refuseCall = refusal;
  await expect(call({ verb: pause })).rejects.toMatchObject(want);
});

it("is refused as unavailable while the launcher is away", async () => {
  scripted.stop();
  await eventually(() => !launcher.isReachable);
  await expect(call({ verb: pause })).rejects.toMatchObject({ code: status.UNAVAILABLE });
});
