// Bugs in the function vmi.
import type { Bug } from "../bug.ts";

const folder = "functions/vmi";

export const vmiBugs: readonly Bug[] = [
  {
    name: "instance-lets-go-too-early",
    file: `${folder}/index.ts`,
    find: 'if ((launcher === "absent" || launcher === "foreign") && hasFinalizer(vmi, finalizer.vmi))',
    replace:
      'if ((launcher !== "starting" || observed.pod?.metadata.deletionTimestamp) && hasFinalizer(vmi, finalizer.vmi))',
    why: "an instance is gone while its guest still writes to its disks",
    invariant: "ownedEndFirst",
  },
  {
    name: "instance-never-lets-go",
    file: `${folder}/index.ts`,
    find: 'if ((launcher === "absent" || launcher === "foreign") && hasFinalizer(vmi, finalizer.vmi))',
    replace: 'if (launcher === "foreign" && hasFinalizer(vmi, finalizer.vmi))',
    why: "an instance that was deleted stays for ever",
  },
  {
    name: "refused-launcher-forgotten",
    file: `${folder}/index.ts`,
    find: 'observed.refusal || launcherStateOf(observed) === "foreign" ?',
    replace: 'launcherStateOf(observed) === "foreign" ?',
    why: "a pod that was refused is not tried again when it would be taken",
  },
  {
    name: "node-of-lost-pod",
    file: `${folder}/status.ts`,
    find: "const nodeName = own?.spec.nodeName ?? vmi.status?.nodeName;",
    replace: "const nodeName = vmi.status?.nodeName ?? own?.spec.nodeName;",
    why: "an instance is told to be where a pod was that is lost, and no executor looks after the next",
  },
  {
    name: "lone-instance-not-held",
    file: `${folder}/index.ts`,
    find: "hasFinalizer(vmi, finalizer.vmi) || isFinal(vmi) ? [] : [addFinalizer(vmi, finalizer.vmi)];",
    replace: "hasFinalizer(vmi, finalizer.vmi) || vmi.metadata.uid ? [] : [addFinalizer(vmi, finalizer.vmi)];",
    why: "an instance that a user made is gone before its launcher",
  },
  {
    name: "launcher-made-again",
    file: `${folder}/index.ts`,
    find: 'if (isFinal(observed.vmi) || phaseOf(observed.vmi) !== "Pending") return report',
    replace: "if (isFinal(observed.vmi)) return report",
    why: "a launcher that was lost is made again, and its guest may run elsewhere",
  },
  {
    name: "launcher-made-while-foreign-one-lives",
    file: `${folder}/launcher.ts`,
    find: 'if (!isLauncherOf(pod, vmi)) return "foreign";',
    replace: "",
    why: "the launcher of an earlier instance is taken for the own one",
  },
  {
    name: "orphaned-launcher-left",
    file: `${folder}/launcher.ts`,
    find: "(!controllerOf(pod) && pod.metadata.labels?.[label.createdBy] === vmi.metadata.uid);",
    replace: "controllerOf(pod)?.uid === pod.metadata.labels?.[label.createdBy];",
    why: "a launcher that somebody took the owner from runs on for ever",
  },
  {
    name: "unreachable-taken-for-dead",
    file: `${folder}/launcher.ts`,
    find: 'if (phase === "Succeeded" || phase === "Failed" || computeState(pod)?.terminated) return "ended";',
    replace:
      'if (phase === "Succeeded" || phase === "Failed" || computeState(pod)?.terminated || isUnreachable(pod)) return "ended";',
    why: "a guest whose node is not heard of is called dead, and another is started",
    invariant: "endsAreTrue",
  },
  {
    name: "deleted-pod-taken-for-gone",
    file: `${folder}/launcher.ts`,
    find: 'if (!pod) return "absent";',
    replace: 'if (!pod || pod.metadata.deletionTimestamp) return "absent";',
    why: "a launcher that is being stopped is taken for stopped",
  },
  {
    name: "failure-called-success",
    file: `${folder}/ending.ts`,
    find: 'if (end?.exitCode === launcherExit.guestEnded || (!end && status?.phase === "Succeeded"))',
    replace: 'if (end !== undefined || status?.phase === "Succeeded")',
    why: "a guest that crashed is said to have ended in order",
    invariant: "endsAreTrue",
  },
  {
    name: "success-called-failure",
    file: `${folder}/ending.ts`,
    find: 'if (end?.exitCode === launcherExit.guestEnded || (!end && status?.phase === "Succeeded"))',
    replace: "if (end?.exitCode === launcherExit.failed)",
    why: "a guest that ended in order is said to have crashed",
    invariant: "endsAreTrue",
  },
  {
    name: "lost-launcher-waited-for",
    file: `${folder}/ending.ts`,
    find: 'if (phaseOf(vmi) !== "Pending")\n    return { phase: "Failed", reason: "LauncherLost"',
    replace: 'if (phaseOf(vmi) === "Running")\n    return { phase: "Failed", reason: "LauncherLost"',
    why: "an instance waits for a launcher that will not come",
  },
  {
    name: "final-phase-left",
    file: `${folder}/phase.ts`,
    find: "if (isFinal(vmi)) return undefined;",
    replace: 'if (isFinal(vmi) && launcher === "ended") return undefined;',
    why: "an instance that ended is told anew when its pod is gone",
  },
  {
    name: "no-time-at-all",
    file: `${folder}/end-pod.ts`,
    find: "const leastGraceSeconds = 1;",
    replace: "const leastGraceSeconds = 0;",
    why: "a pod is gone before its container has ended, and another guest opens its disks",
  },
  {
    name: "pods-not-followed",
    file: `${folder}/index.ts`,
    find: "ownerOf: (name) => vmiOfLauncherPod({ name })?.name,",
    replace: "ownerOf: (name) => vmiOfLauncherPod({ name: name.slice(1) })?.name,",
    why: "what happens to a launcher is nobody's news",
  },
  {
    name: "node-told-too-late",
    file: `${folder}/phase.ts`,
    find: 'const isOurs = launcher === "running" ? !hasNode(vmi) : !awaitsNode(observed);',
    replace: 'const isOurs = launcher !== "running" && !awaitsNode(observed);',
    why: "an executor waits for a node to be named that nobody names any more",
  },
];
