// When Knative counts as up: every deployment is available and every admission webhook has got its certificate.
import { setTimeout as sleep } from "node:timers/promises";
import {
  accessFromKubeconfig,
  type Client,
  connectClient,
  events,
  type KubernetesObject,
  pods,
  resource,
} from "@knvirt/kubernetes";
import { eventually } from "../../support/eventually.ts";
import type { Deployment } from "./workload.ts";

export const knativeNamespaces = ["knative-serving", "knative-eventing", "kourier-system"];

export interface WebhookConfiguration extends KubernetesObject {
  webhooks?: { clientConfig: { caBundle?: string } }[];
}

const deployments = resource<Deployment>("apps/v1", "Deployment");
const webhookConfigurations = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].map((kind) =>
  resource<WebhookConfiguration>("admissionregistration.k8s.io/v1", kind, { namespaced: false }),
);
/** Images are there already: what takes longer than this is stuck. */
const deadlineSeconds = 180;

export async function knativeReady(kubeconfig: string): Promise<void> {
  const client = connectClient(accessFromKubeconfig(kubeconfig));
  try {
    await eventually(() => isUp(client), {
      what: "knative is not up",
      seconds: deadlineSeconds,
      evidence: async () => {
        const lines = await missing(client);
        return [...lines, ...(await trouble(client))].join("\n");
      },
    });
  } finally {
    client.close();
  }
}

/** Asked seldom: what is waited for needs the processors more. */
async function isUp(client: Client): Promise<boolean> {
  if ((await missing(client)).length === 0) return true;
  await sleep(500);
  return false;
}

/** One line for each thing that is not there yet. */
async function missing(client: Client): Promise<string[]> {
  const [running, webhooks] = await Promise.all([
    listAll(knativeNamespaces.map((namespace) => client.list(deployments, { namespace }))),
    listAll(webhookConfigurations.map((of) => client.list(of))),
  ]);
  if (running.length === 0) return ["deployments of knative are missing: found none"];
  return [...running.flatMap(unavailable), ...webhooks.flatMap(withoutCertificate)];
}

const listAll = async <T>(lists: Promise<{ items: T[] }>[]): Promise<T[]> =>
  (await Promise.all(lists)).flatMap(({ items }) => items);

export function unavailable({ metadata, status }: Deployment): string[] {
  const condition = status?.conditions?.find(({ type }) => type === "Available");
  // Available once is what a deployment stays that is just being replaced by a new generation.
  const isCurrent = status?.observedGeneration === metadata.generation;
  if (condition?.status === "True" && isCurrent && status?.updatedReplicas === status?.replicas) return [];
  const found = condition?.message ?? "no condition Available";
  return [`deployment ${metadata.namespace}/${metadata.name} is not available: ${found}`];
}

export function withoutCertificate({ kind, metadata, webhooks = [] }: WebhookConfiguration): string[] {
  if (!/knative\.dev$/.test(metadata.name) || webhooks.every(({ clientConfig }) => clientConfig.caBundle)) return [];
  return [`${kind} ${metadata.name} has no caBundle: its webhook has not started, look at its log`];
}

/** What pods of Knative wait for, and what was said about them. */
async function trouble(client: Client): Promise<string[]> {
  const [all, said] = await Promise.all([
    listAll(knativeNamespaces.map((namespace) => client.list(pods, { namespace }))),
    listAll(knativeNamespaces.map((namespace) => client.list(events, { namespace }))),
  ]);
  const waiting = all.filter(({ status }) => !status?.containerStatuses?.every(({ ready }) => ready));
  return waiting.flatMap(({ metadata, status }) => [
    `pod ${metadata.namespace}/${metadata.name}: ${JSON.stringify(status?.containerStatuses?.map(({ state }) => state))}`,
    ...said
      .filter(({ involvedObject }) => involvedObject.name === metadata.name)
      .map(({ reason, message }) => `  ${reason}: ${message}`),
  ]);
}
