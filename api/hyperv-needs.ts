// Apart from the schema: a process that only reads objects does not build it.

/** Which of Hyper-V's enlightenments need which: what is needed is turned on too. */
export const hypervNeeds = {
  evmcs: ["vapic"],
  ipi: ["vpindex"],
  synic: ["vpindex"],
  synictimer: ["synic", "vpindex"],
  tlbflush: ["vpindex"],
} as const;
