// Claims of pods against a real API server, and their storage on this machine. Needs root, for loop devices.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "@jest/globals";
import { type PersistentVolumeClaim, type Pod, persistentVolumeClaims } from "@knvirt/kubernetes";
import { type InstalledServer, startInstalledServer } from "../testing/installed-server.ts";
import { type ClaimAccess, claimAccess, takeClaims } from "./claims.ts";
import { type Instance, instanceAt, podDirectory } from "./instance.ts";
import { detachUnused, ensureStorage, removeStorage, storageOf } from "./volumes/claim.ts";

let server: InstalledServer;
let instance: Instance;
let claims: ClaimAccess;
const namespace = "default";
beforeAll(async () => {
  server = await startInstalledServer();
  instance = instanceAt(mkdtempSync(join(tmpdir(), "knvirt-claims-")));
  claims = claimAccess(server.client);
});
afterAll(async () => {
  await detachUnused(instance, []);
  rmSync(instance.dataDir, { recursive: true });
  await server.close();
});

const claim = (name: string, given: Partial<PersistentVolumeClaim["spec"]> = {}) =>
  server.client.create(persistentVolumeClaims, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1000000" } }, ...given },
  });

function podOf(uid: string, ...claimNames: string[]): Pod {
  mkdirSync(podDirectory(instance, uid), { recursive: true });
  const volumes = claimNames.map((claimName) => ({ name: `v-${claimName}`, persistentVolumeClaim: { claimName } }));
  const metadata = { name: uid, namespace, uid };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [], volumes } };
}

const take = (pod: Pod) => takeClaims({ instance, claims }, pod);

describe("a pod", () => {
  it("gets its claims, which several pods may share", async () => {
    await claim("shared");
    for (const uid of ["one", "two"]) expect([...(await take(podOf(uid, "shared"))).keys()]).toEqual(["shared"]);
  });

  it("waits for a claim that is not there", () =>
    expect(take(podOf("early", "none"))).rejects.toThrow(
      "volume v-none needs claim default/none: it does not exist",
    ));

  it("does not get a claim that is being deleted", async () => {
    await claim("leaving");
    await server.client.delete(persistentVolumeClaims, { namespace, name: "leaving" });
    await expect(take(podOf("late", "leaving"))).rejects.toThrow(
      "volume v-leaving needs claim default/leaving: it is being deleted",
    );
  });

  it("does not get a claim for one pod before the other one has let it go", async () => {
    await claim("alone", { accessModes: ["ReadWriteOncePod"] });
    await take(podOf("first", "alone"));
    await take(podOf("first", "alone")); // its own claim is no hindrance
    await expect(take(podOf("second", "alone"))).rejects.toThrow(
      "claim alone is used by another pod: its access mode is ReadWriteOncePod",
    );
    writeFileSync(join(podDirectory(instance, "first"), "released"), "");
    await expect(take(podOf("second", "alone"))).resolves.toBeDefined();
  });

  it("does not get a claim for one pod together with another one that starts at the same time", async () => {
    await claim("only", { accessModes: ["ReadWriteOncePod"] });
    const taken = await Promise.allSettled(["left", "right"].map((uid) => take(podOf(uid, "only"))));
    expect(taken.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

test("a claim that has storage is told to be bound, once", async () => {
  const { bind, find } = claims;
  await bind(await claim("told"));
  const bound = await find(namespace, "told");
  expect(bound).toMatchObject({
    spec: { volumeName: `pvc-${bound?.metadata.uid}` },
    status: { phase: "Bound", capacity: { storage: "1000000" } },
  });
  if (bound) await bind(bound);
  expect((await find(namespace, "told"))?.metadata.resourceVersion).toBe(bound?.metadata.resourceVersion);
});

test.each(["", ".", "..", "../pods", "a/b"])("no storage is where a uid %j would lead", async (uid) => {
  mkdirSync(join(instance.dataDir, "volumes"), { recursive: true });
  await expect(removeStorage(instance, uid)).rejects.toThrow("expected a UUID");
  expect(statSync(join(instance.dataDir, "volumes")).isDirectory()).toBe(true);
});

test("a claim whose object was replaced meanwhile is not told to be bound", async () => {
  const before = await claim("replaced");
  const uid = "00000000-0000-4000-8000-000000000000";
  await expect(claims.bind({ ...before, metadata: { ...before.metadata, uid } })).rejects.toMatchObject({
    code: 422, // a uid cannot be changed
  });
  await expect(claims.bind({ ...before, metadata: { ...before.metadata, name: "gone" } })).rejects.toThrow();
  expect(await claims.find(namespace, "gone")).toBeUndefined();
});

test("a claim that is a file system is a folder for the pod's group, and keeps what is in it", async () => {
  const made = await claim("folder");
  const { source, isDevice } = await ensureStorage(instance, made, 107);
  const { uid, gid, mode } = statSync(source);
  expect({ uid, gid, mode: (mode & 0o7777).toString(8), isDevice }).toEqual({
    ...{ uid: 0, gid: 107, isDevice: false },
    mode: "2775",
  });
  writeFileSync(join(source, "kept"), "");
  await ensureStorage(instance, made, 107);
  expect(statSync(join(source, "kept")).isFile()).toBe(true);
  await removeStorage(instance, made.metadata.uid ?? "");
  expect(() => statSync(source)).toThrow(/ENOENT/);
});

test("a claim that is a block device has one, of its size, as long as a pod uses it", async () => {
  const made = await claim("device", { volumeMode: "Block" });
  await take(podOf("user", "device"));
  const [first, second] = await Promise.all([1, 2].map(() => ensureStorage(instance, made, 107)));
  expect(first).toEqual(second);
  expect(
    execFileSync("blockdev", ["--getsize64", first?.source ?? ""])
      .toString()
      .trim(),
  ).toBe("1000448");
  writeFileSync(first?.source ?? "", "kept");
  await detachUnused(instance, ["user"]);
  expect((await ensureStorage(instance, made, 107)).source).toBe(first?.source);
  await detachUnused(instance, []);
  const storage = storageOf(instance, made.metadata.uid ?? "");
  expect(execFileSync("losetup", ["--list", "--output", "BACK-FILE"]).toString()).not.toContain(storage);
  expect(execFileSync("head", ["-c", "4", join(storage, "block")]).toString()).toBe("kept");
});
