// A resource with every kind of field that merges in its own way; only the tests use it.
import type { Schema } from "../schema/schema.ts";
import type { JsonObject } from "./json.ts";

const text: Schema = { type: "string" };

const port: Schema = {
  type: "object",
  properties: {
    port: { type: "integer" },
    protocol: { type: "string", default: "TCP" },
    name: text,
  },
};

const container: Schema = {
  type: "object",
  properties: {
    name: text,
    image: text,
    args: { type: "array", items: text },
    env: {
      type: "array",
      items: { type: "object", properties: { name: text, value: text } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    ports: {
      type: "array",
      items: port,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["port", "protocol"],
    },
  },
};

export const deploymentSchema: Schema = {
  type: "object",
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: "object" },
    spec: {
      type: "object",
      properties: {
        replicas: { type: "integer" },
        paused: { type: "boolean" },
        strategy: { type: "object", properties: { type: text, window: { type: "integer" } } },
        selector: {
          type: "object",
          properties: { app: text, tier: text },
          "x-kubernetes-map-type": "atomic",
        },
        limits: { type: "object", additionalProperties: { "x-kubernetes-int-or-string": true } },
        zones: { type: "array", items: text, "x-kubernetes-list-type": "set" },
        containers: {
          type: "array",
          items: container,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
        },
        extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: { size: { type: "integer" } },
        },
      },
    },
    status: {
      type: "object",
      properties: {
        phase: text,
        ready: { type: "integer" },
        conditions: {
          type: "array",
          items: { type: "object", properties: { type: text, status: text } },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["type"],
        },
      },
    },
  },
};

/** A configuration of that resource. */
export const aDeployment = ({ metadata = {}, ...fields }: { metadata?: JsonObject; [field: string]: unknown }) =>
  ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default", ...metadata },
    ...fields,
  }) as JsonObject;

export const at = (time: string): Date => new Date(`2026-01-01T${time}Z`);
