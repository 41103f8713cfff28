// Why fields of upstream's API are not in our schema: for a field, for all below it, or (`**.`) for a name anywhere. Where
// the schema names a field in order to refuse it, its message is the reason.
import type { Reasons } from "./coverage.ts";

const migration = "live migration does not exist yet";
const hotplug = "nothing is attached to or taken from a running guest yet";
const instancetypes = "instancetypes and preferences do not exist yet";
const snapshots = "snapshots and restores do not exist yet";
const backup = "backup does not exist yet";
const memoryDump = "memory dumps do not exist yet";
const passthrough = "devices of the host are not given to guests yet";
const confidential = "confidential guests need hardware that no test has";
const gone = "upstream has given it up";
const networks = "masquerade on the pod network is the only binding yet";
const tags = "devices are not described to guests by cloud-init yet";
const checksums = "a container disk is named by its image's digest, which its pod's status tells";
const claims = "a claim is not looked at once its launcher pod is made";

const virtualMachine: Reasons = {
  "status.changedBlockTracking": backup,
  "status.instancetypeRef": instancetypes,
  "status.memoryDumpRequest": memoryDump,
  "status.preferenceRef": instancetypes,
  "status.restoreInProgress": snapshots,
  "status.snapshotInProgress": snapshots,
  "status.volumeRequests": hotplug,
  "status.volumeSnapshotStatuses": snapshots,
  "status.volumeUpdateState": migration,
};

const instance: Reasons = {
  "spec.domain.devices.disks[].blockSize.custom.discardGranularity": "Debian's libvirt cannot be told it",
  "spec.domain.devices.disks[].tag": tags,
  "spec.domain.devices.interfaces[].binding": networks,
  "spec.domain.devices.interfaces[].bridge": networks,
  "spec.domain.devices.interfaces[].macvtap": gone,
  "spec.domain.devices.interfaces[].passt": gone,
  "spec.domain.devices.interfaces[].passtBinding": networks,
  "spec.domain.devices.interfaces[].slirp": gone,
  "spec.domain.devices.interfaces[].sriov": passthrough,
  "spec.domain.devices.interfaces[].tag": tags,
  "spec.domain.devices.watchdog.diag288": "s390x only, where no test runs",
  "spec.networks[].multus": networks,
  "spec.networks[].pod": "masquerade is for IPv4 only",
  "spec.volumes[].containerPath": "folders are not shared with guests yet",
  "spec.volumes[].downwardMetrics": "figures of the host are not told to guests",
  "spec.volumes[].hostDisk.shared": "it tells whether a guest can migrate, which none can yet",
  "spec.volumes[].memoryDump": memoryDump,
  "**.hotpluggable": hotplug,
  "status.VSOCKCID": "sockets between host and guest do not exist yet",
  "status.changedBlockTracking": backup,
  "status.deviceStatus": passthrough,
  "status.evacuationNodeName": migration,
  "status.kernelBootStatus": checksums,
  "status.migratedVolumes": migration,
  "status.migrationMethod": migration,
  "status.migrationState": migration,
  "status.migrationTransport": migration,
  "status.selinuxContext": "launchers have the label that the container runtime gives them",
  "status.topologyHints": "the time stamp counter of a node is not looked at yet",
  "status.virtualMachineRevisionName": "revisions of a VM are not stored yet",
  "status.volumeStatus[].containerDiskVolume": checksums,
  "status.volumeStatus[].hotplugVolume": hotplug,
  "status.volumeStatus[].memoryDumpVolume": memoryDump,
  "status.volumeStatus[].message": hotplug,
  "status.volumeStatus[].persistentVolumeClaimInfo": claims,
  "status.volumeStatus[].phase": hotplug,
  "status.volumeStatus[].reason": hotplug,
  "status.volumeStatus[].size": migration,
};

/** What an installation is told by its overlay: manifests that kustomize changes. */
const installed = "an overlay of kustomize says it: there is no operator";

const kubeVirt: Reasons = {
  spec: installed,
  "spec.configuration": "not a setting yet: the default of upstream, or what docs/compatibility.md says, holds",
  "spec.configuration.migrations": migration,
  "spec.configuration.permittedHostDevices": passthrough,
  "spec.configuration.mediatedDevicesConfiguration": passthrough,
  "spec.configuration.instancetype": instancetypes,
  "spec.configuration.commonInstancetypesDeployment": instancetypes,
  "spec.configuration.liveUpdateConfiguration": hotplug,
  "spec.configuration.vmRolloutStrategy": hotplug,
  "spec.configuration.confidentialCompute": confidential,
  "spec.configuration.changedBlockTrackingLabelSelectors": backup,
  "spec.workloadUpdateStrategy": migration,
  status: installed,
};

export const reasons: Readonly<Record<string, Reasons>> = {
  VirtualMachine: virtualMachine,
  VirtualMachineInstance: instance,
  KubeVirt: kubeVirt,
};
