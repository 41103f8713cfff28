// The OCI runtime configuration of one container: pod, image and machine facts in, config.json out. Pure.
import type { Container, Pod } from "@knvirt/kubernetes";
import { grantedCapabilities } from "./capabilities.ts";
import { commandLine, environment, type ImageCommand } from "./command.ts";
import { type DeviceNode, deviceNodes } from "./devices.ts";
import { maskedPaths, type OciMount, readonlyPaths, systemMounts } from "./mounts.ts";
import { cgroupResources } from "./resources.ts";
import { type SeccompProfile, seccompFor } from "./seccomp.ts";
import { containerUser, type UserFiles } from "./user.ts";

export interface ContainerFacts {
  image: ImageCommand & UserFiles & { user: string; workingDir: string; rootfs: string; isReadOnly: boolean };
  /** Volumes and generated files, in the order they are to be mounted. */
  mounts: OciMount[];
  devices: DeviceNode[];
  netns: string;
  cgroup: string;
  hostname: string;
  seccompProfile: SeccompProfile;
  architecture: NodeJS.Architecture;
}

/** crun 1.8 refuses newer versions of the specification. */
const ociVersion = "1.0.2";

export function ociConfig(pod: Pod, container: Container, facts: ContainerFacts) {
  const capabilities = grantedCapabilities(container.securityContext?.capabilities);
  const readonly = facts.image.isReadOnly || (container.securityContext?.readOnlyRootFilesystem ?? false);
  return {
    ociVersion,
    hostname: facts.hostname,
    root: { path: facts.image.rootfs, readonly },
    process: ociProcess(pod, container, { facts, capabilities }),
    mounts: [...systemMounts, ...facts.mounts],
    linux: {
      cgroupsPath: facts.cgroup,
      namespaces: [
        { type: "pid" },
        { type: "ipc" },
        { type: "uts" },
        { type: "mount" },
        { type: "network", path: facts.netns },
      ],
      resources: cgroupResources(container.resources, facts.devices),
      devices: deviceNodes(facts.devices),
      maskedPaths,
      readonlyPaths,
      ...(wantsSeccomp(pod, container) && {
        seccomp: seccompFor(facts.seccompProfile, capabilities, facts.architecture),
      }),
    },
  };
}

function ociProcess(pod: Pod, container: Container, given: { facts: ContainerFacts; capabilities: string[] }) {
  const { facts, capabilities } = given;
  const env = environment(container, facts.image, facts.hostname);
  return {
    terminal: false,
    user: containerUser(pod.spec, container, facts.image),
    args: commandLine(container, facts.image, env),
    env,
    cwd: container.workingDir || facts.image.workingDir,
    noNewPrivileges: container.securityContext?.allowPrivilegeEscalation === false,
    capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
  };
}

const wantsSeccomp = (pod: Pod, container: Container): boolean =>
  (container.securityContext?.seccompProfile ?? pod.spec.securityContext?.seccompProfile)?.type === "RuntimeDefault";
