// The server's TLS certificate and the CA that clients trust, made with openssl and kept in the data directory.
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Certificates {
  caPath: string;
  ca: string;
  cert: string;
  key: string;
}

const names = "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:::1";
const lifetimeDays = "3650";
const renewBeforeMs = 30 * 24 * 3600 * 1000;
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export async function ensureCertificates(directory: string): Promise<Certificates> {
  const path = (file: string): string => join(directory, file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!isUsable(path("ca.crt")) || !existsSync(path("ca.key"))) {
    await makeCa(directory);
    await rm(path("server.crt"), { force: true });
  }
  if (!isUsable(path("server.crt")) || !existsSync(path("server.key"))) await makeServerCertificate(directory);
  const [ca, cert, key] = ["ca.crt", "server.crt", "server.key"].map((file) => readFileSync(path(file), "utf8"));
  return { caPath: path("ca.crt"), ca: ca as string, cert: cert as string, key: key as string };
}

const isUsable = (path: string): boolean =>
  existsSync(path) && new X509Certificate(readFileSync(path)).validToDate.getTime() - Date.now() > renewBeforeMs;

async function makeCa(directory: string): Promise<void> {
  await inScratch(directory, async (scratch) => {
    const [key, crt] = [join(scratch, "ca.key"), join(scratch, "ca.crt")];
    const constraints = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"];
    const subject = ["-subj", "/CN=knvirt CA", "-days", lifetimeDays];
    await run("openssl", ["req", "-x509", ...newKey, "-keyout", key, "-out", crt, ...subject, ...constraints]);
    await publish(scratch, directory, ["ca.key", "ca.crt"]);
  });
}

async function makeServerCertificate(directory: string): Promise<void> {
  await inScratch(directory, async (scratch) => {
    const path = (file: string): string => join(scratch, file);
    await writeFile(path("names"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    const subject = ["-subj", "/CN=knvirt API server"];
    await run("openssl", ["req", ...newKey, "-keyout", path("server.key"), "-out", path("server.csr"), ...subject]);
    const ca = ["-CA", join(directory, "ca.crt"), "-CAkey", join(directory, "ca.key"), "-CAcreateserial"];
    const serial = ["-CAserial", path("serial"), "-days", lifetimeDays, "-extfile", path("names")];
    await run("openssl", ["x509", "-req", "-in", path("server.csr"), "-out", path("server.crt"), ...ca, ...serial]);
    await publish(scratch, directory, ["server.key", "server.crt"]);
  });
}

async function inScratch(directory: string, work: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(directory, ".new-"));
  try {
    await work(scratch);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** The certificate comes last: where it is, its key is too. */
async function publish(from: string, to: string, files: string[]): Promise<void> {
  for (const file of files) await rename(join(from, file), join(to, file));
}
