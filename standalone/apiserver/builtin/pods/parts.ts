// A stored pod, typed as far as the server itself looks into it.
import { isRecord, type KubernetesObject } from "../../object.ts";

export interface ContainerStatus {
  ready?: boolean;
  restartCount?: number;
  state?: {
    waiting?: { reason?: string };
    running?: object;
    terminated?: { reason?: string; signal?: number; exitCode?: number };
  };
}

interface Spec {
  nodeName?: string;
  terminationGracePeriodSeconds?: number;
  containers?: { name: string; image: string; imagePullPolicy?: string }[];
  volumes?: { name: string }[];
}

interface Status {
  phase?: string;
  reason?: string;
  podIP?: string;
  conditions?: { type: string }[];
  containerStatuses?: ContainerStatus[];
}

export const specOf = ({ spec }: KubernetesObject): Spec => (isRecord(spec) ? (spec as Spec) : {});

export const statusOf = ({ status }: KubernetesObject): Status => (isRecord(status) ? (status as Status) : {});
