// What of objects may be written down, by names of fields: whatever is not named here is hidden. People write passwords
// wherever they can write freely, and tools repeat what people wrote.
import { annotation } from "@knvirt/api";

const words = (...texts: string[]): ReadonlySet<string> => new Set(texts.flatMap((text) => text.split(" ")));

/** Objects and lists that are gone into, field by field. Any other is hidden as a whole. One that other objects have too,
 * with another shape, is named with its parent. */
export const containers = words(
  // every object
  "metadata spec status ownerReferences managedFields conditions",
  // VirtualMachine
  "template stateChangeRequests startFailure",
  // VirtualMachineInstance
  "domain accessCredentials affinity dnsConfig livenessProbe networks readinessProbe tolerations",
  "topologySpreadConstraints volumes acpi bios blockSize bootloader cdrom chassis clock cpu custom devices",
  "dhcpOptions synictimer.direct disk disks efi features firmware frequencies hpet hugepages hyperv hypervPassthrough i6300esb",
  "inputs interfaces kernelBoot kvm machine masquerade matchVolume memory panicDevices pit ports privateOptions",
  "pvspinlock reservedOverhead resources rng rtc smm sound timer tpm utc video watchdog apic container",
  "evmcs ipi reenlightenment relaxed reset runtime spinlocks synic synictimer tlbflush vapic vendorid vpindex",
  "cloudInitConfigDrive cloudInitNoCloud configMap containerDisk dataVolume downwardAPI emptyDisk ephemeral fieldRef",
  "fields hostDisk networkDataSecretRef persistentVolumeClaim pod secret secretRef serviceAccount sysprep",
  "configDrive exec guestAgentPing httpGet httpHeaders noCloud propagationMethod qemuGuestAgent source sshPublicKey",
  "tcpSocket userPassword labelSelector matchExpressions matchFields namespaceSelector nodeAffinity nodeSelectorTerms",
  "options podAffinity podAffinityTerm podAntiAffinity preferredDuringSchedulingIgnoredDuringExecution",
  "requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution.preference",
  "currentCPUTopology guestOSInfo persistentVolumeClaimInfo phaseTransitionTimestamps volumeStatus",
  // KubeVirt
  "configuration developerConfiguration lifecycleEvents",
  // Pod
  "containers initContainers env volumeMounts volumeDevices securityContext capabilities seccompProfile emptyDir image",
  "items hostPath imagePullSecrets containerStatuses initContainerStatuses state lastState waiting running terminated",
  "podIPs hostIPs",
);

/** Texts that are written down: names, words of the API, quantities, times, addresses. One that other objects have too,
 * with another meaning, is named with its parent. */
export const openTexts = words(
  "apiVersion kind name namespace generateName uid resourceVersion creationTimestamp deletionTimestamp finalizers",
  "manager operation subresource time fieldsType type status reason lastProbeTime lastTransitionTime verb",
  "runStrategy printableStatus action lastFailedVMIUID retryAfterTimestamp updateVolumesStrategy",
  "addedOverhead architecture bus cache capacity claimName dnsPolicy effect errorPolicy evictionStrategy guest host",
  "hostname image imagePullPolicy imagePullSecret initrdPath io ioThreadsPolicy kernelPath key linkState",
  "macAddress matchLabelKeys maxGuest mismatchLabelKeys model nameservers namespaces nodeAffinityPolicy",
  "nodeTaintsPolicy ntpServers operator pageSize pciAddress policy port priorityClassName protocol rebootPolicy",
  "schedulerName scheme searches secretName serviceAccountName slicNameRef startStrategy state subdomain tickPolicy",
  "timezone topologyKey track tray users uuid values vendorid vmNetworkCIDR volumeLabel volumeMode whenUnsatisfiable",
  "containerDisk.path hostDisk.path hostPath.path fields.path items.path tolerations.value options.value",
  "accessModes fieldPath fsFreezeStatus guestAtBoot guestCurrent guestRequested id infoSource interfaceName ipAddress",
  "ipAddresses kernelRelease kernelVersion launcherContainerImageVersion mac machine memoryOverhead nodeName phase",
  "phaseTransitionTimestamp podInterfaceName prettyName qosClass target guestOSInfo.version versionId",
  "disabledFeatureGates featureGates",
  "add claimName containerID devicePath drop finishedAt hostIP imageID ip medium mountPath podIP pullPolicy reference",
  "restartPolicy sizeLimit startTime startedAt storageClassName subPath terminationMessagePath",
  "terminationMessagePolicy volumeName",
);

export interface Place {
  name: string;
  parent: string;
}

export const isIn = (list: ReadonlySet<string>, { name, parent }: Place): boolean =>
  list.has(name) || list.has(`${parent}.${name}`);

/** Maps whose keys are anybody's, and whose values are written down. */
export const openMaps = words("labels matchLabels nodeSelector requests limits capacity allocatable activePods");

/** Maps whose keys are anybody's, and of whose values only these are written down. */
export const guardedMaps: Readonly<Record<string, ReadonlySet<string>>> = {
  annotations: new Set<string>(Object.values(annotation)),
  data: new Set(["paused"]), // of a request to start
};

/** Sentences for people. They are written down unless they repeat what is hidden. */
export const toldTexts = words("message");

/** Texts of our own kinds that are hidden: what is in no other list is hidden as well, but a field that a kind gets has
 * to be put into one of them. */
export const hiddenTexts = words(
  "userData userDataBase64 networkData networkDataBase64 kernelArgs bootFileName tftpServerName",
  "privateOptions.value httpHeaders.value httpGet.path command annotations data sink",
  "asset manufacturer serial sku chassis.version msdmNameRef", // SMBIOS is a way to tell a guest anything
);

/** Left out: which fields somebody owns. Long, and no function looks at it. */
export const omitted = words("fieldsV1");
