// A full disk refuses writes, loses none that was answered, and is over as soon as there is room again.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { KubernetesObject } from "../object.ts";
import { Store } from "./store.ts";

const thing = (name: string) =>
  ({
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, uid: name },
    text: "x".repeat(20_000),
  }) as unknown as KubernetesObject;

test("a full disk", async () => {
  const directory = mkdtempSync(join(tmpdir(), "knvirt-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", directory]);
  let store = new Store({ path: join(directory, "api.db") });
  try {
    const filler = join(directory, "filler");
    writeFileSync(filler, Buffer.alloc(2 * 1024 * 1024));
    const put = (name: string) =>
      store.write((transaction) => transaction.put({ resource: "things", namespace: "", name }, thing(name)));
    const answered: string[] = [];
    let refusal: unknown;
    for (let n = 0; n < 500 && !refusal; n += 1) {
      const name = `thing-${String(n).padStart(3, "0")}`;
      await put(name).then(
        () => answered.push(name),
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    expect(String(refusal)).toMatch(/disk/);
    const stored = () => store.read.list({ resource: "things" }).map(({ position }) => position.name);
    expect(stored()).toEqual(answered);
    const { revision } = store;
    rmSync(filler);
    expect((await put("zz-later")).metadata.resourceVersion).toBe(String(revision + 1));
    store.close();
    store = new Store({ path: join(directory, "api.db") });
    expect(stored()).toEqual([...answered, "zz-later"]);
  } finally {
    store.close();
    execFileSync("umount", [directory]);
    rmdirSync(directory);
  }
});
