// Objects that several tests start from.
import type { Schema } from "../schema/index.ts";

export const configMap = (name: string, more: object = {}) => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
  ...more,
});

const widgetSchema: Schema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 10 },
        colour: { type: "string", enum: ["red", "green"], default: "red" },
        node: { type: "string" },
      },
      "x-kubernetes-validations": [{ rule: "self.size >= oldSelf.size", message: "size must not shrink" }],
    },
    status: {
      type: "object",
      properties: { ready: { type: "integer" }, selector: { type: "string" } },
    },
  },
};

const columns = [
  { name: "Size", type: "integer", jsonPath: ".spec.size" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

const version = (name: string, storage: boolean) => ({
  ...{ name, served: true, storage, schema: { openAPIV3Schema: widgetSchema } },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: ".spec.size",
      statusReplicasPath: ".status.ready",
      labelSelectorPath: ".status.selector",
    },
  },
  additionalPrinterColumns: columns,
  selectableFields: [{ jsonPath: ".spec.node" }],
});

/** A kind with two versions and all subresources. */
export const widgetDefinition = (group = "example.com") => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", shortNames: ["wd"], categories: ["all"] },
    versions: [version("v1", true), version("v1beta1", false)],
  },
});

export const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export const widgets = "/apis/example.com/v1/namespaces/default/widgets";

export const widget = (name: string, spec: object = { size: 3 }, metadata: object = {}) => ({
  ...{ apiVersion: "example.com/v1", kind: "Widget", metadata: { name, ...metadata }, spec },
});

export const pod = (name: string, spec: object = {}) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name } },
  spec: { containers: [{ name: "main", image: "example.com/main:v1" }], ...spec },
});

export const inDefault = (plural: string): string => `/api/v1/namespaces/default/${plural}`;
