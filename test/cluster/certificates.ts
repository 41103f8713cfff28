// Who is who in the cluster: two authorities, and a certificate for every program and for the administrator.
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificateRequest, issueCertificate, type KeyPair } from "@knvirt/certificates";
import { apiServerService, type NodePlan } from "./network.ts";

export interface CertificatePlan extends Pick<CertificateRequest, "commonName" | "organization"> {
  name: string;
  /** Name of the authority that signs it; undefined is an authority itself. */
  authority: string | undefined;
  /** Serving names and addresses; none for what is only a client. */
  names: string[];
}

type Subject = Pick<CertificatePlan, "commonName" | "organization">;
const client = (name: string, subject: Subject): CertificatePlan => ({
  name,
  ...subject,
  authority: "ca",
  names: [],
});

const serviceNames = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

export const controlPlaneCertificates = (first: NodePlan): CertificatePlan[] => [
  { name: "ca", commonName: "knvirt-cluster", authority: undefined, names: [] },
  // Its own authority: what it signs may speak for any user, which no other certificate may.
  { name: "front-proxy-ca", commonName: "knvirt-cluster-front-proxy", authority: undefined, names: [] },
  { name: "front-proxy", commonName: "front-proxy-client", authority: "front-proxy-ca", names: [] },
  {
    ...client("apiserver", { commonName: "kube-apiserver" }),
    names: [...serviceNames, "127.0.0.1", apiServerService, first.address],
  },
  client("apiserver-kubelet", { organization: "system:masters", commonName: "kube-apiserver-kubelet" }),
  client("admin", { organization: "system:masters", commonName: "knvirt-admin" }),
  client("controller-manager", { commonName: "system:kube-controller-manager" }),
  client("scheduler", { commonName: "system:kube-scheduler" }),
  client("dns", { commonName: "system:coredns" }),
];

export const nodeCertificates = ({ name, address }: NodePlan): CertificatePlan[] => [
  {
    ...client(`kubelet-${name}`, { organization: "system:nodes", commonName: `system:node:${name}` }),
    names: [name, address],
  },
  client(`kube-proxy-${name}`, { commonName: "system:kube-proxy" }),
];

/** Longer than any cluster of this kind lives. */
const lifeMs = 3650 * 24 * 3600_000;
/** Clocks differ. */
const beforeMs = 60_000;

/** Every program calls another: only some are called too. */
function certificateOf(plan: CertificatePlan, issuer: KeyPair | undefined, now: Date): KeyPair {
  const { name: _, authority, ...named } = plan;
  return issueCertificate({
    ...named,
    ...(issuer && { issuer, usages: named.names.length > 0 ? ["client", "server"] : ["client"] }),
    isAuthority: authority === undefined,
    notBefore: new Date(now.getTime() - beforeMs),
    notAfter: new Date(now.getTime() + lifeMs),
  });
}

/** Makes what is not there yet. */
export async function writeCertificates(folder: string, plans: CertificatePlan[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const plan of plans) {
    if (existsSync(join(folder, `${plan.name}.crt`))) continue;
    const issuer = plan.authority === undefined ? undefined : await pairIn(folder, plan.authority);
    const { certificate, key } = certificateOf(plan, issuer, new Date());
    // The certificate comes last: where it is, its key is too.
    await writeWhole(join(folder, `${plan.name}.key`), key);
    await writeWhole(join(folder, `${plan.name}.crt`), certificate);
  }
}

/** The key that service account tokens are signed with. */
export async function writeServiceAccountKey(folder: string): Promise<void> {
  const file = join(folder, "service-accounts.key");
  if (existsSync(file)) return;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeWhole(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

async function pairIn(folder: string, name: string): Promise<KeyPair> {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  return { certificate: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
}

/** For its owner alone. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
