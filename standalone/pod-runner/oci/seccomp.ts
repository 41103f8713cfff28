// Seccomp RuntimeDefault: the profile file of Debian's container packages, resolved for one container. Pure.

/** The format shared by Docker and the containers/common project. */
export interface SeccompProfile {
  defaultAction: string;
  defaultErrnoRet?: number;
  archMap: { architecture: string; subArchitectures: string[] }[];
  syscalls: SyscallRule[];
}

interface SyscallRule {
  names: string[];
  action: string;
  args?: { index: number; value: number; valueTwo?: number; op: string }[] | null;
  includes?: { caps?: string[]; arches?: string[] };
  excludes?: { caps?: string[]; arches?: string[] };
  errnoRet?: number;
}

const architectures: Partial<Record<NodeJS.Architecture, { profile: string; seccomp: string }>> = {
  x64: { profile: "amd64", seccomp: "SCMP_ARCH_X86_64" },
  arm64: { profile: "arm64", seccomp: "SCMP_ARCH_AARCH64" },
};

export function seccompFor(profile: SeccompProfile, capabilities: string[], machine: NodeJS.Architecture) {
  const architecture = architectures[machine];
  if (!architecture) throw new Error(`seccomp profile RuntimeDefault is not known for architecture ${machine}`);
  const applies = ({ includes = {}, excludes = {} }: SyscallRule): boolean =>
    (includes.arches?.includes(architecture.profile) ?? true) &&
    (includes.caps?.every((name) => capabilities.includes(name)) ?? true) &&
    !excludes.arches?.includes(architecture.profile) &&
    !excludes.caps?.some((name) => capabilities.includes(name));
  const known = profile.archMap.find((entry) => entry.architecture === architecture.seccomp);
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet !== undefined && { defaultErrnoRet: profile.defaultErrnoRet }),
    architectures: [architecture.seccomp, ...(known?.subArchitectures ?? [])],
    syscalls: profile.syscalls.filter(applies).map(runtimeRule),
  };
}

const runtimeRule = ({ names, action, args, errnoRet }: SyscallRule) => ({
  names,
  action,
  ...(args?.length && { args }),
  ...(errnoRet !== undefined && { errnoRet }),
});
