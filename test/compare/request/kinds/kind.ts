// What a kind is to the comparison: where its objects are, one that both servers take, and what may be changed in it.

/** Of the comparison alone, on whatever cluster it runs. */
export const namespace = "compare";
export const group = "compare.kubevirt.io";

export interface Kind {
  kind: string;
  apiVersion: string;
  plural: string;
  namespaced: boolean;
  /** Beside metadata. */
  content: object;
  /** Merge patches of the content, good ones and bad ones. */
  changes: object[];
  /** Merge patches of the status; undefined where it has no endpoint. */
  statuses?: object[];
  /** Field selectors beside those on metadata. */
  fields: string[];
}

export const collectionPath = ({ apiVersion, plural, namespaced }: Kind): string =>
  `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}${namespaced ? `/namespaces/${namespace}` : ""}/${plural}`;
