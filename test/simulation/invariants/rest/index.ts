// The oracle of the end state: when all faults are over and nothing is due, every VM is where its user wants it, what is
// told agrees with what is, and nothing is left of what was deleted.
import { launcherPodName } from "@knvirt/api";
import { keyOf, keyText } from "@knvirt/kubernetes";
import type { Follower } from "../ledger.ts";
import { controllerOf, isLauncherOf, type Register } from "../register.ts";
import { Violation } from "../violation.ts";
import { type Answers, answersOf, brokenPromise } from "./answers.ts";
import { leftovers } from "./leftovers.ts";
import { type Templates, templatesOf } from "./templates.ts";
import { type Truth, truthOf } from "./truth.ts";
import { wrongVmStatus } from "./vm-at-rest.ts";
import { wrongVmi } from "./vmi-at-rest.ts";
import { restingOf, wrongEnd } from "./wished-end.ts";
import { type Wishes, wishesOf } from "./wishes.ts";

export interface Oracle {
  followers: Follower[];
  /** The first that is wrong. */
  verdict(): Violation | undefined;
}

interface Wrong {
  invariant: string;
  object: string;
  message: string | undefined;
}

interface Books {
  register: Register;
  truth: Truth;
  wishes: Wishes;
  answers: Answers;
  templates: Templates;
}

export function oracleOf(register: Register): Oracle {
  const books = { register, truth: truthOf(), wishes: wishesOf(), answers: answersOf(), templates: templatesOf() };
  const { truth, wishes, answers, templates } = books;
  return {
    followers: [truth, wishes, answers, templates],
    verdict: () => {
      const wrong = [left, instances, machines].flatMap((look) => look(books)).find(({ message }) => message);
      return wrong?.message === undefined
        ? undefined
        : new Violation(wrong.invariant, { ...wrong, message: wrong.message });
    },
  };
}

const left = ({ register, truth }: Books): Wrong[] =>
  leftovers(register, truth).map((leftover) => ({ invariant: "nothingIsLeft", ...leftover }));

const instances = ({ register, truth }: Books): Wrong[] =>
  [...register.vmis.all()]
    .filter(({ isGone }) => !isGone)
    .map(({ uid, key, object: vmi }) => {
      const name = launcherPodName(vmi.metadata.name);
      const pod = register.pods.named(keyText({ ...keyOf(vmi), name }))?.object;
      const isForeign = pod !== undefined && !isLauncherOf(pod, uid);
      const message = wrongVmi({ vmi, pod, isForeign, living: truth.of(uid) });
      return { invariant: "instanceIsAsTold", object: `VirtualMachineInstance ${key}`, message };
    });

const machines = ({ register, wishes, answers, templates }: Books): Wrong[] =>
  [...register.vms.all()]
    .filter(({ isGone }) => !isGone)
    .flatMap(({ uid, key, object: vm }) => {
      const named = register.vmis.named(key)?.object;
      const vmi = named && controllerOf(named)?.uid === uid ? named : undefined;
      const object = `VirtualMachine ${key}`;
      const [asked, incarnations] = [answers.lastOf(key), wishes.incarnationsOf(uid)];
      return [
        { invariant: "endIsAsWished", object, message: wrongEnd(restingOf(vm, vmi, wishes)) },
        { invariant: "answersAreKept", object, message: asked && brokenPromise(asked, { vmi, incarnations }) },
        { invariant: "vmIsAsTold", object, message: wrongVmStatus(vm, vmi) ?? templates.wrong(vm, vmi) },
      ];
    });
