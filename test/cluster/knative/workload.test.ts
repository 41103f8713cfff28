import { onTheRig } from "./workload.ts";

type Containers = Parameters<typeof onTheRig>[0]["spec"]["template"]["spec"]["containers"];

const aDeployment = (fields: object = {}, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "controller" },
  spec: { ...spec, template: { spec: { containers: [{ name: "controller", ...fields }] as Containers } } },
});
const requests = { cpu: "5m", memory: "16Mi" };

describe("a container of Knative on the rig", () => {
  it.each([
    {
      when: "it had requests and limits",
      given: { resources: { requests: { cpu: "300m" }, limits: { cpu: "1", memory: "600Mi" } } },
      want: { resources: { requests, limits: { memory: "600Mi" } } },
    },
    { when: "it had neither", given: {}, want: { resources: { requests } } },
    {
      when: "its readiness is looked at late",
      given: { readinessProbe: { httpGet: { port: 8080 }, initialDelaySeconds: 20, periodSeconds: 10 } },
      want: {
        readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 10 },
        startupProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 180 },
      },
    },
    {
      when: "it wants the image of an integration",
      given: {
        env: [
          { name: "SINK_IMAGE", valueFrom: { configMapKeyRef: { name: "eventing-integrations-images" } } },
          { name: "POD_NAME", valueFrom: {} },
        ],
      },
      want: { env: [{ name: "POD_NAME", valueFrom: {} }] },
    },
  ])("$when", ({ given, want }) => {
    const [container] = onTheRig(aDeployment(given), {}).spec.template.spec.containers;
    expect(container).toMatchObject(want);
    expect(container?.resources).not.toHaveProperty("limits.cpu");
  });

  it("has no hook for the end: the image has no shell", () => {
    const [container] = onTheRig(aDeployment({ lifecycle: { preStop: {} } }), {}).spec.template.spec.containers;
    expect(container).not.toHaveProperty("lifecycle");
  });
});

describe("a deployment of Knative on the rig", () => {
  it.each([
    { when: "it says nothing", given: {}, want: 1 },
    { when: "it is for high availability", given: { replicas: 3 }, want: 1 },
    { when: "Knative scales it up itself", given: { replicas: 0 }, want: 0 },
  ])("replicas where $when", ({ given, want }) => {
    expect(onTheRig(aDeployment({}, given), {}).spec.replicas).toBe(want);
  });

  it("stays on the node that has its images", () => {
    const nodeSelector = { "kubernetes.io/hostname": "node-1" };
    expect(onTheRig(aDeployment(), nodeSelector).spec.template.spec.nodeSelector).toEqual(nodeSelector);
  });
});
