import type { KubernetesObject } from "@knvirt/kubernetes";
import { manifest } from "./manifest.ts";

const placement = { tag: "1a2b", nodeSelector: { "kubernetes.io/hostname": "node-1" } };

const anObject = (kind: string, name: string, fields: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "knative-serving" },
  ...fields,
});

describe("an object of the manifest", () => {
  it.each([
    { when: "a service", given: anObject("Service", "controller", { spec: {} }), want: true },
    { when: "an autoscaler of pods", given: anObject("HorizontalPodAutoscaler", "activator"), want: false },
    { when: "a disruption budget", given: anObject("PodDisruptionBudget", "activator-pdb"), want: false },
    { when: "a sink that is left out", given: anObject("StatefulSet", "request-reply"), want: false },
    { when: "the keys of a sink that is left out", given: anObject("Secret", "request-reply-keys"), want: false },
    { when: "rights of a sink that is left out", given: anObject("ClusterRole", "job-sink"), want: true },
  ])("is installed or not: $when", ({ given, want }) => {
    expect(manifest([given], placement)).toHaveLength(want ? 1 : 0);
  });

  it.each([
    {
      when: "a program of ours as a setting",
      given: anObject("ConfigMap", "config-deployment", {
        data: { "queue-sidecar-image": "ko://knative.dev/serving/cmd/queue" },
      }),
      want: { data: { "queue-sidecar-image": "dev.local/knative/serving-queue:1a2b" } },
    },
    {
      when: "the ingress class beside other settings",
      given: anObject("ConfigMap", "config-network", { data: { _example: "text" } }),
      want: { data: { _example: "text", "ingress-class": "kourier.ingress.networking.knative.dev" } },
    },
    {
      when: "no load balancer",
      given: anObject("Service", "kourier", { spec: { type: "LoadBalancer", ports: [] } }),
      want: { spec: { type: "ClusterIP", ports: [] } },
    },
  ])("says: $when", ({ given, want }) => {
    expect(manifest([given], placement)).toEqual([expect.objectContaining(want)]);
  });

  it("names our image of Envoy", () => {
    const containers = [{ name: "kourier-gateway", image: "docker.io/envoyproxy/envoy:v1.36-latest" }];
    const given = anObject("Deployment", "gateway", { spec: { template: { spec: { containers } } } });
    expect(JSON.stringify(manifest([given], placement))).toContain('"image":"dev.local/knative/envoy:1a2b"');
  });
});

describe("the order of the manifest", () => {
  it("is that in which nothing needs what comes later", () => {
    const kinds = [
      "ValidatingWebhookConfiguration",
      "ClusterRole",
      "ConfigMap",
      "CustomResourceDefinition",
      "Namespace",
    ];
    expect(
      manifest(
        kinds.map((kind) => anObject(kind, "one")),
        placement,
      ).map(({ kind }) => kind),
    ).toEqual([
      "Namespace",
      "CustomResourceDefinition",
      "ConfigMap",
      "ClusterRole",
      "ValidatingWebhookConfiguration",
    ]);
  });
});
