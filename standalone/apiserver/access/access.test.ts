// Certificates, tokens and kubeconfig on disk.
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { authenticate, tokenLookup } from "../http/authentication.ts";
import { ensureCertificates } from "./certificates.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { ensureTokens, writeSecret } from "./tokens.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "knvirt-access-"));
});
afterEach(() => rm(directory, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test("certificates are made once, and anew when one is missing or unusable", async () => {
  const first = ensureCertificates(directory);
  const [ca, server] = [new X509Certificate(first.ca), new X509Certificate(first.cert)];
  expect(server.checkIssued(ca)).toBe(true);
  expect(server.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(server.checkHost("localhost")).toBe("localhost");
  expect(await modeOf(join(directory, "ca.key"))).toBe(0o600);
  expect(await modeOf(join(directory, "server.key"))).toBe(0o600);
  expect(ensureCertificates(directory)).toEqual(first);

  await rm(join(directory, "server.key"));
  const second = ensureCertificates(directory);
  expect([second.ca === first.ca, second.cert === first.cert]).toEqual([true, false]);

  await rm(join(directory, "ca.key"));
  const third = ensureCertificates(directory);
  expect(new X509Certificate(third.cert).checkIssued(new X509Certificate(third.ca))).toBe(true);
  expect(third.ca).not.toBe(first.ca);
});

test("tokens stay, and missing ones are added", async () => {
  const path = join(directory, "tokens.json");
  const [admin] = ensureTokens(path, [{ username: "admin", groups: ["system:masters"] }]);
  expect(await modeOf(path)).toBe(0o600);
  const both = ensureTokens(path, [
    { username: "admin", groups: [] },
    { username: "gateway", groups: [] },
  ]);
  expect(both.map(({ username }) => username)).toEqual(["admin", "gateway"]);
  expect(both[0]).toEqual(admin);
  expect(new Set(both.map(({ token }) => token)).size).toBe(2);
  const findUser = tokenLookup(both);
  expect(authenticate(findUser, `Bearer ${admin?.token}`)).toEqual({
    username: "admin",
    groups: ["system:masters", "system:authenticated"],
  });
});

test("a secret that is there already is not written again: a full disk would refuse it", async () => {
  const path = join(directory, "token");
  writeSecret(path, "one");
  const { ino } = await stat(path);
  writeSecret(path, "one");
  expect((await stat(path)).ino).toBe(ino);
  writeSecret(path, "two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await modeOf(path)).toBe(0o600);
});

test.each([undefined, "", "Bearer", "Bearer wrong", "Basic secret", "secret"])("%s is nobody's", (header) => {
  const findUser = tokenLookup([{ token: "secret", username: "admin", groups: [] }]);
  expect(() => authenticate(findUser, header)).toThrow("Unauthorized");
});

test("a kubeconfig is readable by its owner alone, also over an old one", async () => {
  const path = join(directory, "kubeconfig");
  await writeFile(path, "old", { mode: 0o644 });
  writeKubeconfig(path, { url: "https://127.0.0.1:1", ca: "pem", username: "admin", token: "t" });
  expect(await modeOf(path)).toBe(0o600);
  const config = JSON.parse(await readFile(path, "utf8"));
  expect(config.clusters[0].cluster).toEqual({ server: "https://127.0.0.1:1", "certificate-authority-data": "cGVt" });
  expect(config.users[0].user).toEqual({ token: "t" });
});
