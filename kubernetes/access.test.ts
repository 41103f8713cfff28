import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessFromKubeconfig } from "./kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-access-"));
afterAll(() => rmSync(folder, { recursive: true }));

function kubeconfig(user: object, cluster: object = { server: "https://127.0.0.1:1" }): string {
  const file = join(folder, "config");
  const config = {
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "c", user: "u", namespace: "ns" } }],
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

test("a token and an embedded CA are taken", () => {
  const ca = Buffer.from("PEM").toString("base64");
  const cluster = { server: "https://127.0.0.1:1", "certificate-authority-data": ca };
  const access = accessFromKubeconfig(kubeconfig({ token: "secret" }, cluster));
  expect(access).toMatchObject({ server: "https://127.0.0.1:1", ca: "PEM", namespace: "ns" });
  expect(access.token?.()).toBe("secret");
});

test("files are found beside the kubeconfig", () => {
  writeFileSync(join(folder, "cert.pem"), "CERT");
  writeFileSync(join(folder, "key.pem"), "KEY");
  const access = accessFromKubeconfig(kubeconfig({ "client-certificate": "cert.pem", "client-key": "key.pem" }));
  expect(access.clientCertificate).toEqual({ cert: "CERT", key: "KEY" });
});

test("a plugin is refused by name of the user", () => {
  const file = kubeconfig({ exec: { command: "login" } });
  expect(() => accessFromKubeconfig(file)).toThrow("user u signs in by exec");
});

test("a kubeconfig without a usable context is refused by name of the file", () => {
  const file = join(folder, "empty");
  writeFileSync(file, "{}");
  expect(() => accessFromKubeconfig(file)).toThrow(`kubeconfig ${file} has no usable current-context`);
});
