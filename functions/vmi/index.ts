// The function vmi: the launcher pod of an instance, and the instance's status while no launcher runs.
import {
  finalizer,
  isBeingDeleted,
  isFinal,
  isRunning,
  kubeVirts,
  label,
  launcherApp,
  launcherPodName,
  launcherSelector,
  phaseOf,
  virtualMachineInstances,
  vmiOfLauncherPod,
} from "@knvirt/api";
import { persistentVolumeClaims, pods } from "@knvirt/kubernetes";
import { isNews } from "../runtime/conditions.ts";
import type { FunctionDefinition } from "../runtime/definition.ts";
import {
  addFinalizer,
  applyStatus,
  create,
  hasFinalizer,
  type Intent,
  normal,
  removeFinalizer,
  requeue,
  warning,
} from "../runtime/intents.ts";
import { clock, constant, listed, named, refusal, self, singleton } from "../runtime/reads.ts";
import { afterRefusal, tryAgainSeconds } from "../runtime/refusals.ts";
import { claimNames, lookForClaims } from "./claims.ts";
import { hasStale, isNewlyUnreachable, unreachableAspect } from "./conditions.ts";
import { endPod } from "./end-pod.ts";
import { endingOf } from "./ending.ts";
import { launcherStateOf } from "./launcher.ts";
import type { LauncherSettings, Observed } from "./observed.ts";
import { nextPhase } from "./phase.ts";
import { type Plan, planOf } from "./plan.ts";
import { statusBesideExecutor, statusOf, statusWhileUnreachable } from "./status.ts";

export const vmi = (settings: LauncherSettings): FunctionDefinition<Observed> => ({
  name: "vmi",
  primary: virtualMachineInstances,
  reads: {
    vmi: self(virtualMachineInstances),
    pod: named(pods, {
      nameOf: launcherPodName,
      ownerOf: (name) => vmiOfLauncherPod({ name })?.name,
      labelSelector: launcherSelector,
    }),
    claims: listed(persistentVolumeClaims, claimNames),
    kubevirt: singleton(kubeVirts),
    settings: constant(settings),
    now: clock,
    refusal,
  },
  writes: [
    { resource: virtualMachineInstances, verbs: ["applyStatus", "addFinalizer", "removeFinalizer"], events: true },
    { resource: pods, verbs: ["create", "delete"] },
  ],
  reconcile,
});

export const reconcile = (observed: Observed): Intent[] => [
  ...(isBeingDeleted(observed.vmi) ? end(observed) : [...claim(observed), ...launch(observed)]),
  ...lookAfterUnlabelled(observed),
];

/** Nobody tells of a pod any more from which somebody took our label. */
function lookAfterUnlabelled(observed: Observed): Intent[] {
  const { pod } = observed;
  const isFollowed = !pod || pod.metadata.labels?.[label.app] === launcherApp;
  return isFollowed || launcherStateOf(observed) === "foreign" ? [] : [requeue(tryAgainSeconds)];
}

/** Holds the VMI back when it is deleted until its launcher is gone. Instances of a VM are made with it. */
const claim = ({ vmi }: Observed): Intent[] =>
  hasFinalizer(vmi, finalizer.vmi) || isFinal(vmi) ? [] : [addFinalizer(vmi, finalizer.vmi)];

/** The pod is made once, while the VMI is Pending: a pod that is lost later is not made again. It is told of when it has
 * a node, so that one write tells both. */
function launch(observed: Observed): Intent[] {
  if (isFinal(observed.vmi) || phaseOf(observed.vmi) !== "Pending") return report(observed, { wait: true });
  const plan = planOf(observed);
  return "pod" in plan
    ? [create(plan.pod)]
    : [...report(observed, plan), ...lookForClaims(observed), ...waitForRoom(observed)];
}

/** Nobody tells when a pod goes that is in the way, since it need not look like ours. */
const waitForRoom = (observed: Observed): Intent[] =>
  observed.refusal || launcherStateOf(observed) === "foreign" ? [requeue(tryAgainSeconds)] : [];

/** The pod goes first, with its own grace; how it ended is told when it is seen; then the VMI is let go, and how a pod
 * ended that is not there any more is not told: nobody would have the time to read it. */
function end(observed: Observed): Intent[] {
  const { vmi, refusal } = observed;
  const launcher = launcherStateOf(observed);
  if ((launcher === "absent" || launcher === "foreign") && hasFinalizer(vmi, finalizer.vmi))
    return [removeFinalizer(vmi, finalizer.vmi)];
  const told = report(observed, { wait: true });
  if (launcher === "absent" || launcher === "foreign") return told;
  if (refusal?.verb === "delete")
    return [...told, warning(vmi, "FailedDelete", refusal.message), ...afterRefusal(observed)];
  return [...told, ...endPod(observed)];
}

function report(observed: Observed, plan: Plan): Intent[] {
  const { vmi } = observed;
  const phase = nextPhase(observed);
  if (phase === undefined) return besideExecutor(observed);
  const problem = "problem" in plan ? plan.problem : undefined;
  const told = applyStatus(vmi, statusOf(observed, phase, problem));
  const ending = endingOf(observed);
  if (ending && !isBeingDeleted(vmi))
    return [told, (ending.phase === "Failed" ? warning : normal)(vmi, "Stopped", ending.message)];
  if (!problem?.message || !isNews(vmi.status?.conditions, problem)) return [told];
  return [told, warning(vmi, problem.reason, problem.message)];
}

/** While the executor speaks: what it cannot say, and what was said of a start that took long. */
function besideExecutor(observed: Observed): Intent[] {
  const { vmi } = observed;
  if (launcherStateOf(observed) !== "running" || !isRunning(vmi)) return [];
  if (isNewlyUnreachable(observed)) {
    const { reason, message } = unreachableAspect(observed);
    return [applyStatus(vmi, statusWhileUnreachable(observed)), warning(vmi, reason, message)];
  }
  return hasStale(vmi) ? [applyStatus(vmi, statusBesideExecutor(observed))] : [];
}
