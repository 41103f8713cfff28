// Schemas become CustomResourceDefinitions here: names, columns and short names as upstream has them.

import type { KubernetesObject, Resource } from "@knvirt/kubernetes";
import type { TSchema } from "typebox";
import { kubeVirts, virtualMachineInstances, virtualMachines } from "./kinds.ts";
import { kubeVirtSchema } from "./kubevirt.ts";
import { vmSchema } from "./vm.ts";
import { vmiSchema } from "./vmi.ts";

interface Column {
  name: string;
  type: "string" | "date";
  jsonPath: string;
  priority?: number;
}

interface Kind {
  resource: Resource;
  schema: TSchema;
  shortNames: string[];
  columns: Column[];
  selectableFields?: string[];
}

export interface CustomResourceDefinition extends KubernetesObject {
  spec: object;
}

const age: Column = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const condition = (type: string) => `.status.conditions[?(@.type=='${type}')].status`;

const kinds: Kind[] = [
  {
    resource: virtualMachines,
    schema: vmSchema,
    shortNames: ["vm", "vms"],
    columns: [
      age,
      { name: "Status", type: "string", jsonPath: ".status.printableStatus" },
      { name: "Ready", type: "string", jsonPath: condition("Ready") },
    ],
  },
  {
    resource: virtualMachineInstances,
    schema: vmiSchema,
    shortNames: ["vmi", "vmis"],
    columns: [
      age,
      { name: "Phase", type: "string", jsonPath: ".status.phase" },
      { name: "IP", type: "string", jsonPath: ".status.interfaces[0].ipAddress" },
      { name: "NodeName", type: "string", jsonPath: ".status.nodeName" },
      { name: "Ready", type: "string", jsonPath: condition("Ready") },
      { name: "Live-Migratable", type: "string", jsonPath: condition("LiveMigratable"), priority: 1 },
      { name: "Paused", type: "string", jsonPath: condition("Paused"), priority: 1 },
    ],
    selectableFields: [".status.nodeName", ".status.phase"],
  },
  {
    resource: kubeVirts,
    schema: kubeVirtSchema,
    shortNames: ["kv", "kvs"],
    columns: [age, { name: "Phase", type: "string", jsonPath: ".status.phase" }],
  },
];

function customResourceDefinition({ resource, schema, shortNames, columns, selectableFields }: Kind) {
  const [group = "", version = ""] = resource.apiVersion.split("/");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${resource.plural}.${group}`,
      labels: { [resource.kind === "KubeVirt" ? "operator.kubevirt.io" : "kubevirt.io"]: "" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: {
        kind: resource.kind,
        listKind: `${resource.kind}List`,
        plural: resource.plural,
        singular: resource.kind.toLowerCase(),
        shortNames,
        categories: ["all"],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: plainJson(schema) },
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          ...(selectableFields && { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
        },
      ],
    },
  } satisfies CustomResourceDefinition;
}

/** TypeBox keeps notes of its own in a schema; a CRD takes what JSON shows. */
const plainJson = (schema: TSchema): object => JSON.parse(JSON.stringify(schema)) as object;

/** All CustomResourceDefinitions that an installation needs. */
export const customResourceDefinitionsOfKubevirt = (): CustomResourceDefinition[] =>
  kinds.map(customResourceDefinition);
