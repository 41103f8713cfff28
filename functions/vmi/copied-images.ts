// Init containers that copy disks and kernels out of images where nodes have no image volumes. The tool comes from the
// launcher's image: those of users have nothing but a disk.
import { deviceResource, launcherVolume } from "@knvirt/api";
import type { Container, PodVolume, ResourceRequirements } from "@knvirt/kubernetes";
import type { MountedVolume } from "./mounted-volume.ts";
import type { LauncherSettings } from "./observed.ts";

const tool = "/opt/knvirt/copy-disk";
const toolsPath = "/knvirt/tools";
const targetPath = "/knvirt/target";

export const unprivileged: NonNullable<Container["securityContext"]> = {
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

export interface Copying {
  volumes: MountedVolume[];
  settings: LauncherSettings;
  /** Of the launcher, which runs later in their place: the pod as a whole asks for no more. */
  resources: Required<ResourceRequirements>;
}

/** Nothing where nothing is to be copied. */
export function copyContainers({ volumes, settings, resources }: Copying): Container[] {
  const copies = volumes.flatMap(({ volume, copied }) =>
    (copied?.paths ?? []).map((path, index) => ({ volume, image: copied?.image, path, index })),
  );
  if (copies.length === 0) return [];
  const common = { resources: withoutDevices(resources), securityContext: unprivileged };
  const tools = { name: launcherVolume.tools, mountPath: toolsPath };
  return [
    {
      name: "copy-tool",
      image: settings.image,
      ...(settings.imagePullPolicy && { imagePullPolicy: settings.imagePullPolicy }),
      command: [tool, tool, `${toolsPath}/copy-disk`],
      ...common,
      volumeMounts: [tools],
    },
    ...copies.map(
      ({ volume, image, path, index }): Container => ({
        name: index === 0 ? volume.name : `${volume.name.slice(0, 60)}-${index}`,
        image: image?.reference ?? "",
        ...(image?.pullPolicy && { imagePullPolicy: image.pullPolicy }),
        command: [`${toolsPath}/copy-disk`, path, `${targetPath}${path}`],
        terminationMessagePolicy: "FallbackToLogsOnError", // what the tool said becomes the reason of the failure
        ...common,
        volumeMounts: [
          { ...tools, readOnly: true },
          { name: volume.name, mountPath: targetPath },
        ],
      }),
    ),
  ];
}

/** Where the tool waits for the containers of other images. */
export const toolVolumes = (volumes: MountedVolume[]): PodVolume[] =>
  volumes.some(({ copied }) => copied) ? [{ name: launcherVolume.tools, emptyDir: {} }] : [];

function withoutDevices({ requests, limits }: Required<ResourceRequirements>): ResourceRequirements {
  const devices: string[] = Object.values(deviceResource);
  const others = (given: Record<string, string>) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => !devices.includes(name)));
  return { requests: others(requests), limits: others(limits) };
}
