// The pod that runs a VMI: unprivileged, restarted by nobody, named after its VMI.
import {
  graceSecondsOf,
  hostnameOf,
  interfacesOf,
  launcherContainer,
  launcherEnvironment,
  launcherUser,
  type VirtualMachineInstance,
} from "@knvirt/api";
import type { Container, Pod } from "@knvirt/kubernetes";
import { serviceAccountOf } from "./configuration-volumes.ts";
import { copyContainers, toolVolumes, unprivileged } from "./copied-images.ts";
import { pullSecretsOf } from "./disk-volumes.ts";
import type { MountedVolume } from "./mounted-volume.ts";
import type { Observed } from "./observed.ts";
import { podMetadata } from "./pod-metadata.ts";
import { podPlacement } from "./pod-placement.ts";
import { probesOf } from "./probes.ts";
import { launcherResources } from "./resources.ts";
import { mountedVolumes, mountsOf } from "./volumes.ts";

/** Beyond the guest's own grace: time to destroy a guest that did not end, and to put things away. */
export const extraGraceSeconds = 30;

type Launching = Pick<Observed, "vmi" | "claims" | "kubevirt" | "settings">;

export function launcherPod(launching: Launching): Pod {
  const { vmi, settings } = launching;
  const { spec } = vmi;
  const volumes = mountedVolumes(launching);
  const container = compute(launching, volumes);
  const initContainers = copyContainers({ volumes, settings, resources: launcherResources(launching) });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: podMetadata(launching),
    spec: {
      ...podPlacement(launching),
      restartPolicy: "Never",
      terminationGracePeriodSeconds: graceSecondsOf(spec) + extraGraceSeconds,
      hostname: hostnameOf(vmi),
      ...serviceAccountOf(spec),
      ...pullSecretsOf(spec),
      enableServiceLinks: false,
      securityContext: {
        runAsUser: launcherUser,
        runAsGroup: launcherUser,
        runAsNonRoot: true,
        fsGroup: launcherUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(initContainers.length > 0 && { initContainers }),
      containers: [container],
      volumes: [...volumes.map(({ volume }) => volume), ...toolVolumes(volumes)],
    },
  };
}

function compute({ vmi, kubevirt, settings }: Launching, volumes: MountedVolume[]): Container {
  const ports = portsOf(vmi);
  return {
    name: launcherContainer,
    image: settings.image,
    ...(settings.imagePullPolicy && { imagePullPolicy: settings.imagePullPolicy }),
    env: environmentOf(vmi),
    ...(ports.length > 0 && { ports }),
    ...probesOf(vmi.spec),
    resources: launcherResources({ vmi, kubevirt }),
    securityContext: unprivileged,
    ...mountsOf(volumes),
  };
}

const environmentOf = ({ metadata, spec }: VirtualMachineInstance): NonNullable<Container["env"]> => [
  { name: launcherEnvironment.namespace, value: metadata.namespace },
  { name: launcherEnvironment.name, value: metadata.name },
  { name: launcherEnvironment.uid, value: metadata.uid ?? "" },
  { name: launcherEnvironment.graceSeconds, value: `${graceSecondsOf(spec)}` },
];

const portsOf = ({ spec }: VirtualMachineInstance): NonNullable<Container["ports"]> =>
  interfacesOf(spec).flatMap(({ ports = [] }) =>
    ports.map(({ name, port, protocol = "TCP" }) => ({ ...(name && { name }), containerPort: port, protocol })),
  );
