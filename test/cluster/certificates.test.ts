import {
  type CertificatePlan,
  controlPlaneCertificates,
  nodeCertificates,
  opensslArguments,
} from "./certificates.ts";
import { networkOf, nodePlans } from "./network.ts";

const [first] = nodePlans(networkOf("/var/lib/knvirt-cluster"), 1) as [ReturnType<typeof nodePlans>[number]];
const all = [...controlPlaneCertificates(first), ...nodeCertificates(first)];
const planOf = (name: string): CertificatePlan => {
  const plan = all.find((one) => one.name === name);
  if (!plan) throw new Error(`no certificate ${name}`);
  return plan;
};
/** Values of -addext, and the option pairs that say who signs. */
const said = (name: string): string[] => {
  const argv = opensslArguments(planOf(name), "/c");
  return argv.flatMap((word, index) => (["-addext", "-CA", "-subj"].includes(word) ? [argv[index + 1] ?? ""] : []));
};

it.each([
  {
    when: "an authority signs itself and may sign others",
    given: "front-proxy-ca",
    want: [
      "/CN=knvirt-cluster-front-proxy",
      "basicConstraints=critical,CA:TRUE",
      "keyUsage=critical,keyCertSign,digitalSignature",
    ],
  },
  {
    when: "who may speak for others is signed by an authority of its own",
    given: "front-proxy",
    want: [
      "/CN=front-proxy-client",
      "/c/front-proxy-ca.crt",
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical,digitalSignature",
      "extendedKeyUsage=clientAuth",
    ],
  },
  {
    when: "a kubelet is a client and a server, and of the group that node authorization is for",
    given: "kubelet-node-1",
    want: [
      "/O=system:nodes/CN=system:node:node-1",
      "/c/ca.crt",
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical,digitalSignature",
      "extendedKeyUsage=clientAuth,serverAuth",
      "subjectAltName=DNS:node-1,IP:172.29.0.11",
    ],
  },
])("$when", ({ given, want }) => expect(said(given)).toEqual(want));

it("lets pods and the host check the API server by name and address", () => {
  expect(planOf("apiserver").names).toEqual(
    expect.arrayContaining(["DNS:kubernetes.default.svc", "IP:10.96.0.1", "IP:172.29.0.11"]),
  );
});

it("has the authority of every certificate before it", () => {
  const names = all.map(({ name }) => name);
  for (const { name, authority } of all)
    if (authority) expect(names.indexOf(authority)).toBeLessThan(names.indexOf(name));
});
