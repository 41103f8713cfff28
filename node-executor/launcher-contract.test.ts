// The contract against the scripted launcher, and against a real one where the environment names it: KNVIRT_PODS_DIR,
// KNVIRT_POD_UID, and KNVIRT_START_REQUEST with a StartRequest as JSON.
import { afterAll, describe } from "@jest/globals";
import type { StartRequest } from "@knvirt/proto";
import { launcherContract } from "./testing/launcher-contract.ts";
import { aDomain } from "./testing/objects.ts";
import { podsDir, type ScriptedLauncher, scriptedLauncher } from "./testing/scripted-launcher.ts";

const { KNVIRT_PODS_DIR: realPodsDir, KNVIRT_POD_UID: realPodUid, KNVIRT_START_REQUEST: realRequest } = process.env;

describe("the scripted launcher", () => {
  const pods = podsDir();
  let scripted: ScriptedLauncher;
  afterAll(() => {
    scripted.stop();
    pods.remove();
  });

  launcherContract(async () => {
    scripted = await scriptedLauncher(pods.socketOf("pod-uid"));
    scripted.script.started = aDomain();
    scripted.script.capabilities = [{ name: "caps.xml", content: Buffer.from("<qemuCaps/>") }];
    const numbers = { "cpu.time": 1, "balloon.current": 1, "vcpu.maximum": 1, "vcpu.0.state": 1 };
    scripted.script.stats = { sampledAtMs: 1, numbers, texts: {} };
    const request = { vmi: "{}", emulation: true, capabilitiesCache: [], interfaces: [] };
    return { address: { podsDir: pods.path, podUid: "pod-uid" }, request };
  });
});

if (realPodsDir && realPodUid && realRequest)
  describe("the real launcher", () => {
    const request = JSON.parse(realRequest) as StartRequest;
    launcherContract(async () => ({ address: { podsDir: realPodsDir, podUid: realPodUid }, request }));
  });
