// The language our processes share: kinds, their types, and the questions asked of them.
export { type CustomResourceDefinition, customResourceDefinitionsOfKubevirt } from "./crd.ts";
export * from "./defaults.ts";
export { type FeatureGate, isEnabled, usesEmulation } from "./feature-gates.ts";
export { type KubeVirt, kubeVirts } from "./kubevirt.ts";
export * from "./names.ts";
export * from "./phases.ts";
export { uuidV5 } from "./uuid.ts";
export {
  type RunStrategy,
  runStrategyNames,
  runStrategyOf,
  type StateChangeRequest,
  type VirtualMachine,
  type VmStatus,
  virtualMachines,
} from "./vm.ts";
export {
  type InterfaceStatus,
  type Network,
  type VirtualMachineInstance,
  type VmiPhase,
  type VmiSpec,
  type VmiStatus,
  type Volume,
  virtualMachineInstances,
} from "./vmi.ts";
