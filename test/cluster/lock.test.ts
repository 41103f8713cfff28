// Locks of a cluster, against processes that really hold them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inTurn, lockCluster } from "./lock.ts";
import { clusterPlaces } from "./places.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "knvirt-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("lets one in at a time, and the next when the one before has failed", async () => {
  const seen: string[] = [];
  const visit = (who: string) =>
    inTurn(join(folder, "lock"), async () => {
      seen.push(`${who} in`);
      await new Promise(setImmediate);
      seen.push(`${who} out`);
      if (seen.length === 2) throw new Error("the first fails");
    });
  const outcomes = await Promise.allSettled(["one", "other"].map(visit));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const [first] = seen[0]?.split(" ") ?? [];
  const second = first === "one" ? "other" : "one";
  expect(seen).toEqual([`${first} in`, `${first} out`, `${second} in`, `${second} out`]);
});

describe("a cluster", () => {
  const places = () => clusterPlaces({ KNVIRT_CLUSTER: join(folder, "cluster") });
  const busy = /^cluster in .* is busy/;

  async function anotherUp(): Promise<ChildProcess> {
    const program = `
      const { lockCluster } = await import(${JSON.stringify(join(import.meta.dirname, "lock.ts"))});
      await lockCluster(${JSON.stringify(places())});
      console.log("taken");
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--no-warnings", "--eval", program]);
    await once(child.stdout, "data");
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  it("is refused while another works on it, and free once that was killed", async () => {
    const up = await anotherUp();
    await expect(lockCluster(places())).rejects.toThrow(busy);
    await kill(up);
    await lockCluster(places());
    await expect(lockCluster(places())).rejects.toThrow(busy);
  });

  it("is another one when its folder was removed and made anew", async () => {
    const down = await anotherUp();
    rmSync(places().state, { recursive: true });
    await lockCluster(places());
    await kill(down);
    await expect(lockCluster(places())).rejects.toThrow(busy);
  });
});
