// What programs are configured with: config maps and secrets.
import type { Kind } from "./kind.ts";

export const configMap: Kind = {
  ...{ kind: "ConfigMap", apiVersion: "v1", plural: "configmaps", namespaced: true },
  content: { data: { a: "1" } },
  changes: [
    { data: { a: "2" } },
    { data: { b: "3", a: null } },
    { data: null },
    { data: { "not a key": "x" } },
    { data: { a: 5 } },
    { binaryData: { c: "AAECAw==" } },
    { binaryData: { c: "no base64!" } },
    { binaryData: { a: "AAECAw==" } },
    { immutable: true },
    { immutable: false },
    { unheardOf: 1 },
  ],
  fields: [],
};

export const secret: Kind = {
  ...{ kind: "Secret", apiVersion: "v1", plural: "secrets", namespaced: true },
  content: { data: { a: "MQ==" } },
  changes: [
    { data: { a: "Mg==" } },
    { stringData: { b: "two", a: "three" } },
    { data: { a: "%%" } },
    { type: "compare/other" },
    { type: "kubernetes.io/tls" },
    { immutable: true },
    { data: null },
    { unheardOf: 1 },
  ],
  fields: ["type=Opaque", "type!=Opaque"],
};
