// What holds of everything in config/, whatever is added to it.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { annotation, finalizer, label } from "@knvirt/api";
import { verbs } from "../../gateway/routes.ts";
import { served } from "../../gateway/subresources.ts";
import { configFolder, configPaths, type Found, manifests, namedPaths, ofKind } from "./manifests.ts";

const named = new Set(namedPaths);
const id = ({ object: { kind, metadata } }: Found): string => `${kind} ${metadata.name}`;

describe("files", () => {
  test("that kustomizations name are there", () =>
    expect(namedPaths.filter((path) => !existsSync(join(configFolder, path)))).toEqual([]));

  test("are all named by a kustomization", () => {
    const unnamed = configPaths.filter((path) => !path.endsWith("kustomization.yaml") && !named.has(path));
    expect(unnamed).toEqual([]);
  });

  test("are in folders that an overlay or another folder takes in", () => {
    const entries = /^(overlays|components)\//;
    const folders = configPaths.filter((path) => path.endsWith("kustomization.yaml")).map(dirname);
    expect(folders.filter((folder) => !entries.test(folder) && !named.has(folder))).toEqual([]);
  });
});

/** Pods that we run, by their workload. */
const podSpecs = manifests.flatMap(({ object }) => {
  const spec = object.spec?.template?.spec;
  return spec?.containers
    ? [{ workload: object.metadata.name, spec, labels: object.spec.template.metadata.labels }]
    : [];
});
const containers = podSpecs.flatMap(({ workload, spec }) =>
  [...spec.containers, ...(spec.initContainers ?? [])].map((container) => ({ workload, spec, container })),
);
const unprivileged = containers.filter(({ container }) => container.name !== "executor");

describe("pods", () => {
  test("are those of five workloads", () =>
    expect(podSpecs.map(({ workload }) => workload).toSorted()).toEqual([
      "knvirt-controller",
      "knvirt-executor",
      "knvirt-gateway",
      "knvirt-lifecycle",
      "knvirt-source",
    ]));

  test.each(podSpecs)("of $workload can be selected by name", ({ workload, labels }) =>
    expect(labels).toMatchObject({
      "app.kubernetes.io/name": workload,
      "app.kubernetes.io/part-of": "knvirt",
    }),
  );

  test.each(podSpecs)("of $workload run under an account of their own", ({ workload, spec }) => {
    expect(spec.serviceAccountName).toBe(workload);
    expect(ofKind("ServiceAccount").map(({ object }) => object.metadata.name)).toContain(workload);
  });

  test.each(containers)("of $workload ask for little and for what they need: $container.name", ({ container }) => {
    const { cpu, memory } = container.resources.requests;
    expect(Number.parseInt(cpu, 10)).toBeLessThanOrEqual(25);
    expect(Number.parseInt(memory, 10)).toBeLessThanOrEqual(64);
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
  });

  test.each(unprivileged)("of $workload would pass as restricted: $container.name", ({ spec, container }) => {
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    const seccomp = container.securityContext.seccompProfile ?? spec.securityContext?.seccompProfile;
    expect(seccomp).toEqual({ type: "RuntimeDefault" });
  });

  test("are privileged in one place only", () =>
    expect(containers.filter(({ container }) => container.securityContext.privileged)).toHaveLength(1));
});

describe("policies", () => {
  const policies = ofKind("ValidatingAdmissionPolicy");
  const validations = policies.flatMap((policy) =>
    policy.object.spec.validations.map((validation: object) => ({ policy: id(policy), ...validation })),
  );

  test.each(validations)("of $policy say what was found and what is expected", ({ message, messageExpression }) =>
    expect(message ?? messageExpression).toMatch(/: found .*, expected /s),
  );

  test.each([
    { policies: ofKind("ValidatingAdmissionPolicy"), bindings: ofKind("ValidatingAdmissionPolicyBinding") },
    { policies: ofKind("MutatingAdmissionPolicy"), bindings: ofKind("MutatingAdmissionPolicyBinding") },
  ])("have a binding each", ({ policies: given, bindings }) =>
    expect(bindings.map(({ object }) => object.spec.policyName)).toEqual(
      given.map(({ object }) => object.metadata.name),
    ),
  );

  test("speak of the names that the code has", () => {
    const text = JSON.stringify([...policies, ...ofKind("MutatingAdmissionPolicy")]);
    for (const name of [finalizer.vm, finalizer.vmi, label.app, label.createdBy])
      expect(text).toContain(`\\"${name}\\"`);
  });

  test("let the executor write what it writes on its node", () => {
    const [, prefixes = ""] =
      /key.matches\("([^"]+knvirt[^"]+)"\)/.exec(
        policies
          .flatMap(({ object }) => object.spec.variables ?? [])
          .map(({ expression }) => expression)
          .join("\n"),
      ) ?? [];
    expect(annotation.executorCertificate).toMatch(new RegExp(prefixes));
    expect(label.schedulable).toMatch(new RegExp(prefixes));
  });
});

const viewed = new Set(["expand-spec", "guestosinfo", "filesystemlist", "userlist"]);
const allowed: Record<string, (path: string) => boolean> = {
  view: (path) => viewed.has(path),
  edit: (path) => path !== "vnc/screenshot",
  admin: () => true,
};

test.each(Object.entries(allowed))(
  "users of role %s are given the subresources that are theirs",
  (role, isTheirs) => {
    const found = ofKind("ClusterRole").find(({ object }) => object.metadata.name === `kubevirt.io:${role}`);
    const rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] = found?.object.rules ?? [];
    const given = rules
      .filter(({ apiGroups }) => apiGroups[0] === "subresources.kubevirt.io")
      .flatMap((rule) => rule.resources.flatMap((name) => rule.verbs.map((verb) => `${verb} ${name}`)));
    const theirs = served.filter(({ path }) => isTheirs(path));
    const wanted = theirs.map(({ resource, method, path }) => `${verbs[method]} ${resource}/${path}`);
    expect(given.toSorted()).toEqual(wanted.toSorted());
  },
);

test("no role of ours has a wildcard", () => {
  const rules = [...ofKind("ClusterRole"), ...ofKind("Role")].flatMap(({ object }) => object.rules);
  expect(JSON.stringify(rules)).not.toContain("*");
});

test("every namespaced object is in the install namespace", () => {
  const namespaces = new Set(manifests.map(({ object }) => object.metadata?.namespace));
  expect(namespaces).toEqual(new Set([undefined, "kubevirt", "kube-system"]));
  const inSystem = manifests.filter(({ object }) => object.metadata?.namespace === "kube-system");
  expect(inSystem.map(id)).toEqual(["RoleBinding knvirt-gateway-authentication-reader"]);
});
