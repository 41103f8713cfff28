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
  const rules = capabilities.includes("CAP_SYS_ADMIN") ? profile.syscalls : withoutNamespaces(profile.syscalls);
  const known = profile.archMap.find((entry) => entry.architecture === architecture.seccomp);
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet !== undefined && { defaultErrnoRet: profile.defaultErrnoRet }),
    architectures: [architecture.seccomp, ...(known?.subArchitectures ?? [])],
    syscalls: rules.filter(applies).map(runtimeRule),
  };
}

/** Debian's profile is made for containers within containers; containerd and Docker leave these to CAP_SYS_ADMIN. In a
 * user namespace of its own a guest that broke out would be root towards mounts and nftables: much more of the kernel. */
const namespaceCalls = new Set([
  ...["clone", "clone3", "unshare", "setns", "mount", "umount", "umount2", "mount_setattr", "move_mount"],
  ...["open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "pivot_root"],
]);
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const namespaceFlags = 0x7e020000;
const [notPermitted, notImplemented] = [1, 38];

function withoutNamespaces(rules: SyscallRule[]): SyscallRule[] {
  const kept = rules.map((rule) => ({ ...rule, names: rule.names.filter((name) => !namespaceCalls.has(name)) }));
  const refused = [...namespaceCalls].filter((name) => name !== "clone" && name !== "clone3");
  return [
    ...kept.filter(({ names }) => names.length > 0),
    {
      names: ["clone"],
      action: "SCMP_ACT_ALLOW",
      args: [{ index: 0, value: namespaceFlags, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
    },
    // Its flags are behind a pointer, which no filter sees: C libraries take clone instead.
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: notImplemented },
    { names: refused, action: "SCMP_ACT_ERRNO", errnoRet: notPermitted },
  ];
}

const runtimeRule = ({ names, action, args, errnoRet }: SyscallRule) => ({
  names,
  action,
  ...(args?.length && { args }),
  ...(errnoRet !== undefined && { errnoRet }),
});
