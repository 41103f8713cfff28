// The spec of a CustomResourceDefinition, typed as far as the server looks into it.
import type { KubernetesObject } from "../object.ts";
import type { Schema } from "../schema/index.ts";

export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: {
    status?: object;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  additionalPrinterColumns?: { name: string; type: string; jsonPath: string; priority?: number }[];
  selectableFields?: { jsonPath: string }[];
}

export interface CustomResourceSpec {
  group: string;
  scope: "Namespaced" | "Cluster";
  names: {
    plural: string;
    singular?: string;
    kind: string;
    listKind?: string;
    shortNames?: string[];
    categories?: string[];
  };
  versions: CustomResourceVersion[];
}

/** The schema of the definition has been checked before this is read. */
export const specOf = ({ spec }: KubernetesObject): CustomResourceSpec => spec as CustomResourceSpec;
