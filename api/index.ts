// The language our processes share: kinds, their types, and the questions asked of them.
export { type AccessCredential, credentialsByAgent, secretOfCredential } from "./access-credentials.ts";
export { type CustomResourceDefinition, customResourceDefinitionsOfKubevirt } from "./crd.ts";
export * from "./defaults.ts";
export type { DhcpOptions } from "./dhcp-options.ts";
export { type FeatureGate, isEnabled, usesEmulation } from "./feature-gates.ts";
export { hypervNeeds } from "./hyperv-needs.ts";
export { kubeVirts, runStrategyOf, virtualMachineInstances, virtualMachines } from "./kinds.ts";
export type { KubeVirt } from "./kubevirt.ts";
export { type LifecycleKind, lifecycleKinds } from "./lifecycle.ts";
export * from "./names.ts";
export * from "./phases.ts";
export type { GuestProbe } from "./probes.ts";
export { uuidV5 } from "./uuid.ts";
export {
  type RunStrategy,
  runStrategyNames,
  type StateChangeRequest,
  type VirtualMachine,
  type VmStatus,
} from "./vm.ts";
export type {
  InterfaceStatus,
  Network,
  VirtualMachineInstance,
  VmiPhase,
  VmiSpec,
  VmiStatus,
  Volume,
} from "./vmi.ts";
