import { unavailable, withoutCertificate } from "./ready.ts";

describe("a deployment that is not available", () => {
  const current = { observedGeneration: 2, replicas: 1, updatedReplicas: 1 };
  const available = { type: "Available", status: "True" as const };
  it.each([
    { when: "available", given: { ...current, conditions: [available] }, want: false },
    { when: "just written", given: {}, want: true },
    {
      when: "of an older generation",
      given: { ...current, observedGeneration: 1, conditions: [available] },
      want: true,
    },
    { when: "being replaced", given: { ...current, replicas: 2, conditions: [available] }, want: true },
    {
      when: "without its pods",
      given: {
        ...current,
        conditions: [{ ...available, status: "False" as const, message: "no minimum availability" }],
      },
      want: true,
    },
  ])("$when", ({ given, want }) => {
    const metadata = { name: "controller", namespace: "knative-serving", generation: 2 };
    const spec = { template: { spec: { containers: [] } } };
    const found = unavailable({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec, status: given });
    expect(found).toHaveLength(want ? 1 : 0);
    if (want) expect(found[0]).toMatch(/^deployment knative-serving\/controller is not available: ./);
  });
});

describe("an admission webhook without certificate", () => {
  it.each([
    { when: "it has one", name: "webhook.serving.knative.dev", given: { caBundle: "LS0t" }, want: false },
    { when: "it has none", name: "webhook.serving.knative.dev", given: {}, want: true },
    { when: "it is another's", name: "knvirt-eviction", given: {}, want: false },
  ])("$when", ({ name, given, want }) => {
    const kind = "MutatingWebhookConfiguration";
    const webhooks = [{ clientConfig: given }];
    const found = withoutCertificate({ apiVersion: "v1", kind, metadata: { name }, webhooks });
    expect(found).toHaveLength(want ? 1 : 0);
  });
});
