// Who is who in the cluster: two authorities, and a certificate for every program and for the administrator.
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiServerService, type NodePlan } from "./network.ts";
import type { Run } from "./run.ts";

export interface CertificatePlan {
  name: string;
  subject: string;
  /** Name of the authority that signs it; undefined is an authority itself. */
  authority: string | undefined;
  /** Serving names and addresses; none for what is only a client. */
  names: string[];
}

const client = (name: string, subject: string): CertificatePlan => ({ name, subject, authority: "ca", names: [] });

const serviceNames = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

export const controlPlaneCertificates = (first: NodePlan): CertificatePlan[] => [
  { name: "ca", subject: "/CN=knvirt-cluster", authority: undefined, names: [] },
  // Its own authority: what it signs may speak for any user, which no other certificate may.
  { name: "front-proxy-ca", subject: "/CN=knvirt-cluster-front-proxy", authority: undefined, names: [] },
  { name: "front-proxy", subject: "/CN=front-proxy-client", authority: "front-proxy-ca", names: [] },
  {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    authority: "ca",
    names: [
      ...serviceNames.map((name) => `DNS:${name}`),
      ...["127.0.0.1", apiServerService, first.address].map((address) => `IP:${address}`),
    ],
  },
  client("apiserver-kubelet", "/O=system:masters/CN=kube-apiserver-kubelet"),
  client("admin", "/O=system:masters/CN=knvirt-admin"),
  client("controller-manager", "/CN=system:kube-controller-manager"),
  client("scheduler", "/CN=system:kube-scheduler"),
  client("dns", "/CN=system:coredns"),
];

export const nodeCertificates = ({ name, address }: NodePlan): CertificatePlan[] => [
  {
    ...client(`kubelet-${name}`, `/O=system:nodes/CN=system:node:${name}`),
    names: [`DNS:${name}`, `IP:${address}`],
  },
  client(`kube-proxy-${name}`, "/CN=system:kube-proxy"),
];

/** Longer than any cluster of this kind lives. */
const days = "3650";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
/** Instead of this machine's, which adds extensions of its own. */
const configName = "openssl.cnf";
const config = "[req]\ndistinguished_name=subject\n[subject]\n";

export function opensslArguments({ name, subject, authority, names }: CertificatePlan, folder: string): string[] {
  const file = (stem: string, kind: string) => join(folder, `${stem}.${kind}`);
  const signer = authority && ["-CA", file(authority, "crt"), "-CAkey", file(authority, "key")];
  const use = authority ? "keyUsage=critical,digitalSignature" : "keyUsage=critical,keyCertSign,digitalSignature";
  return [
    ...[
      "openssl",
      "req",
      "-config",
      join(folder, configName),
      "-x509",
      ...newKey,
      "-days",
      days,
      "-subj",
      subject,
      ...(signer || []),
    ],
    ...["-addext", `basicConstraints=critical,CA:${authority ? "FALSE" : "TRUE"}`, "-addext", use],
    ...(authority ? ["-addext", `extendedKeyUsage=clientAuth${names.length > 0 ? ",serverAuth" : ""}`] : []),
    ...(names.length > 0 ? ["-addext", `subjectAltName=${names.join(",")}`] : []),
    ...["-keyout", file(name, "key"), "-out", `${file(name, "crt")}.part`],
  ];
}

/** Makes what is not there yet. */
export async function writeCertificates(run: Run, folder: string, plans: CertificatePlan[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, configName), config);
  for (const plan of plans) {
    const certificate = join(folder, `${plan.name}.crt`);
    if (existsSync(certificate)) continue;
    await run(opensslArguments(plan, folder));
    await rename(`${certificate}.part`, certificate);
  }
}

/** The key that service account tokens are signed with. */
export async function writeServiceAccountKey(run: Run, folder: string): Promise<void> {
  const key = join(folder, "service-accounts.key");
  if (existsSync(key)) return;
  await run(["openssl", "genrsa", "-out", `${key}.part`, "2048"]);
  await rename(`${key}.part`, key);
}
