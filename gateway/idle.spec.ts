// What viewers cost that look and say nothing, and what a gateway that is killed costs them.
import { once } from "node:events";
import { WebSocket } from "ws";
import { startApiServer } from "../standalone/apiserver/index.ts";
import { aVmi } from "../test/support/builders.ts";
import { eventually } from "../test/support/eventually.ts";
import { type GatewayProcess, startGatewayProcess } from "./testing/gateway-process.ts";
import { type ScriptedExecutor, startScriptedExecutor } from "./testing/scripted-executor.ts";

const consoles = 200;
const viewers: WebSocket[] = [];

let executor: ScriptedExecutor;
let gateway: GatewayProcess;

const look = async (): Promise<WebSocket | undefined> => {
  const viewer = await gateway.look();
  if (viewer) viewers.push(viewer);
  return viewer;
};

beforeAll(async () => {
  gateway = await startGatewayProcess(startApiServer, aVmi());
  executor = await startScriptedExecutor(gateway.executorSocket);
  await eventually(look, { what: "the gateway serves", seconds: 30 });
});
afterAll(async () => {
  for (const viewer of viewers) viewer.terminate();
  await gateway.close();
  executor.stop();
});

it(`${consoles} idle consoles add less than 100 MiB`, async () => {
  const before = gateway.residentMib();
  for (let opened = 0; opened < consoles; opened += 20) await Promise.all(Array.from({ length: 20 }, look));
  expect(viewers.filter(({ readyState }) => readyState === WebSocket.OPEN).length).toBe(consoles + 1);
  expect(gateway.residentMib() - before).toBeLessThan(100);
});

it("a gateway that is killed costs its viewers a reconnect", async () => {
  const closed = viewers.map((viewer) => once(viewer, "close"));
  await gateway.kill();
  await Promise.all(closed);
  gateway.start();
  await eventually(look, { what: "the gateway serves again", seconds: 30 });
});
