import { expect, test } from "@jest/globals";
import { aVm, aVmi } from "../../../functions/testing/builders.ts";
import { changed, created, type Fact, violationOf, vm, vmi } from "./testing/history.ts";

const gateway = { user: "knvirt-gateway" };
const owner = { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "disk", uid: "claim-uid", controller: true };
const foreign = aVmi({ metadata: { uid: "foreign-uid", ownerReferences: [owner] } });
const disowned = aVmi({ metadata: { uid: "foreign-uid" } });
const hastened = (object: typeof vmi) => ({ ...object, spec: { ...object.spec, terminationGracePeriodSeconds: 0 } });
const asked = (uid: string) => aVm({ status: { stateChangeRequests: [{ action: "Stop", uid }] } });

test.each<{ when: string; given: Fact[]; want: string | undefined }>([
  {
    when: "its own is hastened",
    given: [created(vmi), changed(vmi, hastened(vmi), gateway)],
    want: undefined,
  },
  {
    when: "somebody else's is hastened",
    given: [created(foreign), changed(foreign, hastened(foreign), gateway)],
    want: "verbsKeepToTheirVm",
  },
  {
    when: "somebody else's is hastened by a user",
    given: [created(foreign), changed(foreign, hastened(foreign))],
    want: undefined,
  },
  {
    when: "its own is to stop",
    given: [created(foreign), created(vmi), changed(vm, asked("vmi-uid"), gateway)],
    want: undefined,
  },
  {
    when: "one that was somebody else's, and that nobody owns now, is hastened",
    given: [created(foreign), changed(foreign, disowned), changed(disowned, hastened(disowned), gateway)],
    want: undefined,
  },
  {
    when: "somebody else's is to stop",
    given: [created(foreign), changed(vm, asked("foreign-uid"), gateway)],
    want: "verbsKeepToTheirVm",
  },
])("$when by a call: $want", ({ given, want }) => expect(violationOf([created(vm), ...given])?.invariant).toBe(want));
