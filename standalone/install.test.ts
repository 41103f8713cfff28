import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type KubeVirt, kubeVirts } from "@knvirt/api";
import { type InstallOptions, installDefinitions } from "./install.ts";
import { type InstalledServer, startInstalledServer } from "./testing/installed-server.ts";

const key = { namespace: "knvirt", name: "knvirt" };
let server: InstalledServer;

beforeAll(async () => {
  server = await startInstalledServer();
});
afterAll(() => server.close());

const configurationAfter = async (options: InstallOptions) => {
  await installDefinitions(server.client, options);
  return (await server.client.find<KubeVirt>(kubeVirts, key))?.spec?.configuration;
};
const patched = (configuration: object) =>
  server.client.mergePatch(kubeVirts, key, { patch: { spec: { configuration } } });
const sink = "http://127.0.0.1:8080/";

test("each start says where events go, and takes back what the one before it said", async () => {
  const emulated = { developerConfiguration: { useEmulation: true } };
  expect(await configurationAfter({ emulation: true })).toEqual(emulated);
  expect(await configurationAfter({ emulation: true, events: sink })).toEqual({
    ...emulated,
    lifecycleEvents: { sink },
  });
  expect(await configurationAfter({ emulation: false })).toEqual({ developerConfiguration: { useEmulation: false } });
});

test("what a user set stays, unless the start is told otherwise", async () => {
  const others = "http://elsewhere/";
  await patched({ lifecycleEvents: { sink: others }, developerConfiguration: { useEmulation: true } });
  const theirs = { developerConfiguration: { useEmulation: true }, lifecycleEvents: { sink: others } };
  expect(await configurationAfter({ emulation: false })).toEqual(theirs);
  expect(await configurationAfter({ emulation: false, events: sink })).toEqual({
    ...theirs,
    lifecycleEvents: { sink },
  });
});

test("what is no URL is refused with its path", async () => {
  await expect(patched({ lifecycleEvents: { sink: "file:///etc/passwd" } })).rejects.toThrow(
    /spec\.configuration\.lifecycleEvents\.sink/,
  );
});
