// What a row of `kubectl get` shows.
import type { KubernetesObject } from "../object.ts";

export interface TableColumn {
  name: string;
  type: string;
  format?: string;
  description?: string;
  /** Above 0: shown with -o wide only. */
  priority?: number;
}

export type Cell = string | number | boolean | null;

export interface TableColumns {
  columns: TableColumn[];
  cells(object: KubernetesObject, now: Date): Cell[];
}
