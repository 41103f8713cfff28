// One version of one object: its JSON text as stored and sent, parsed only when somebody has to look inside.
import type { KubernetesObject } from "../object.ts";

export interface ObjectKey {
  /** As `groupResource` names it: `pods`, `virtualmachines.kubevirt.io`. */
  resource: string;
  /** Empty for cluster-wide resources. */
  namespace: string;
  name: string;
}

export class Version {
  readonly revision: number;
  readonly text: string;
  #object: KubernetesObject | undefined;
  #encodings: Map<string, string> | undefined;

  constructor(revision: number, text: string, object?: KubernetesObject) {
    this.revision = revision;
    this.text = text;
    this.#object = object;
  }

  get object(): KubernetesObject {
    this.#object ??= JSON.parse(this.text) as KubernetesObject;
    return this.#object;
  }

  /** Without parsing it: most objects are not being deleted, and some are large. */
  get isEnding(): boolean {
    return this.text.includes('"deletionTimestamp":') && this.object.metadata.deletionTimestamp !== undefined;
  }

  /** Uids of its owners. */
  get owners(): string[] {
    if (!this.text.includes('"ownerReferences":')) return [];
    return this.object.metadata.ownerReferences?.map(({ uid }) => uid) ?? [];
  }

  /** Watchers that want the same presentation of this version share one encoding of it. */
  encoded(presentation: string, encode: () => string): string {
    this.#encodings ??= new Map();
    let text = this.#encodings.get(presentation);
    if (text === undefined) {
      text = encode();
      this.#encodings.set(presentation, text);
    }
    return text;
  }
}

/** One committed write. */
export interface Change {
  key: ObjectKey;
  type: "ADDED" | "MODIFIED" | "DELETED";
  version: Version;
  previous: Version | undefined;
}
