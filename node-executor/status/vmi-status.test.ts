import { describe, expect, it, test } from "@jest/globals";
import { DomainPhase } from "@knvirt/proto";
import { aDomain, aPod, at, aVmi, node } from "../testing/objects.ts";
import { isApplied } from "./applied.ts";
import { failedStartStatus, runningStatus } from "./vmi-status.ts";

const now = at("12:00:05");
const seen = { vmi: aVmi(), pod: aPod(), node, now };

describe("the status of a running guest", () => {
  it("says everything that the node knows", () => {
    expect(runningStatus(seen, aDomain())).toEqual({
      phase: "Running",
      nodeName: node,
      phaseTransitionTimestamps: [
        { phase: "Scheduled", phaseTransitionTimestamp: "2026-01-02T12:00:00.000Z" },
        { phase: "Running", phaseTransitionTimestamp: "2026-01-02T12:00:01.000Z" },
      ],
      activePods: { "pod-uid": node },
      qosClass: "Burstable",
      launcherContainerImageVersion: "knvirt.dev/launcher:dev",
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: "2026-01-02T12:00:00.000Z" },
        {
          type: "LiveMigratable",
          status: "False",
          reason: "MigrationNotSupported",
          message: "live migration is not supported yet",
          lastTransitionTime: now.toISOString(),
        },
      ],
      interfaces: [
        {
          name: "default",
          ipAddress: "10.88.0.5",
          ipAddresses: ["10.88.0.5"],
          mac: "06:00:00:00:00:01",
          podInterfaceName: "eth0",
          infoSource: "domain",
          linkState: "up",
          queueCount: 1,
        },
      ],
      volumeStatus: [{ name: "scratch", target: "vda" }],
      machine: { type: "pc-q35-7.2" },
      memory: { guestAtBoot: "64Mi", guestCurrent: "64Mi", guestRequested: "64Mi", memoryOverhead: "60Mi" },
      currentCPUTopology: { sockets: 1, cores: 2, threads: 1 },
      runtimeUser: 107,
    });
  });

  it("believes a launcher only about names that its instance has", () => {
    const status = runningStatus(
      seen,
      aDomain({
        interfaces: [{ name: "other", mac: "06:00:00:00:00:02", tap: "tap0" }],
        disks: [{ name: "not-ours", target: "vdb" }],
      }),
    );
    expect(status).toMatchObject({ interfaces: [], volumeStatus: [] });
  });

  test.each([
    { reason: "user", want: "PausedByUser" },
    { reason: "ioError", want: "PausedIOError" },
    { reason: "watchdog", want: "Paused" },
  ])("tells a pause by $reason as $want", ({ reason, want }) => {
    const { conditions } = runningStatus(seen, aDomain({ phase: DomainPhase.DOMAIN_PHASE_PAUSED, reason }));
    expect(conditions).toContainEqual(expect.objectContaining({ type: "Paused", status: "True", reason: want }));
  });

  it("is not ready while the guest is paused, whatever its pod says", () => {
    const { conditions } = runningStatus(seen, aDomain({ phase: DomainPhase.DOMAIN_PHASE_PAUSED, reason: "user" }));
    expect(conditions?.[0]).toMatchObject({
      type: "Ready",
      status: "False",
      reason: "GuestNotRunning",
      message: "the guest is paused",
    });
  });

  it("overwrites what the control plane said about readiness before", () => {
    const before = { type: "Ready", status: "False", reason: "GuestNotRunning", message: "not yet" } as const;
    const { conditions } = runningStatus({ ...seen, vmi: aVmi({ status: { conditions: [before] } }) }, aDomain());
    expect(conditions?.[0]).toMatchObject({ type: "Ready", status: "True", reason: "", message: "" });
  });

  it.each([
    { when: "that it is not ready is left alone", before: "False", ready: true, want: "False" },
    { when: "it becomes unready with its pod", before: "True", ready: false, want: "False" },
    { when: "it stays ready", before: "True", ready: true, want: "True" },
  ] as const)("while its launcher does not answer: $when", ({ before, ready, want }) => {
    const conditions = [{ type: "Ready", status: before }];
    const given = { ...seen, pod: aPod({ ready }), vmi: aVmi({ status: { conditions } }), isReachable: false };
    expect(runningStatus(given, aDomain()).conditions?.[0]).toMatchObject({ type: "Ready", status: want });
  });

  it.each([
    { when: "it says that for the first time", toldOfPod: undefined, want: "True" },
    { when: "its pod said so before", toldOfPod: "6", want: "True" },
    { when: "its pod says nothing new", toldOfPod: "7", want: "False" },
    { when: "its launcher does not answer", toldOfPod: "6", isReachable: false, want: "False" },
  ])("contradicts that its node is not heard of: $want when $when", ({ toldOfPod, isReachable = true, want }) => {
    const before = { type: "Ready", status: "False", reason: "NodeUnresponsive", message: "not heard of" } as const;
    const pod = { ...aPod(), metadata: { ...aPod().metadata, resourceVersion: "7" } };
    const given = { ...seen, pod, toldOfPod, isReachable, vmi: aVmi({ status: { conditions: [before] } }) };
    const { conditions } = runningStatus(given, aDomain());
    expect(conditions?.[0]).toMatchObject(want === "False" ? before : { status: want });
  });
});

describe("a status that was written", () => {
  const status = runningStatus(seen, aDomain());
  const later = { ...seen, now: at("13:00:00") };
  const notSynchronized = (reason: string) => ({ type: "Synchronized", status: "False" as const, reason });

  it("is the same whenever it is computed again", () => {
    expect(runningStatus({ ...later, vmi: aVmi({ status }) }, aDomain())).toEqual(status);
  });

  test.each([
    { when: "as it was written", found: status, want: true },
    { when: "with fields of others", found: { ...status, reason: "x" }, want: true },
    {
      when: "with conditions of others",
      found: { ...status, conditions: [...(status.conditions ?? []), { type: "Theirs", status: "True" as const }] },
      want: true,
    },
    { when: "not there", found: undefined, want: false },
    { when: "of another phase", found: { ...status, phase: "Scheduled" as const }, want: false },
    { when: "with a list entry missing", found: { ...status, interfaces: [] }, want: false },
    {
      when: "with a condition of ours that no longer holds",
      found: { ...status, conditions: [...(status.conditions ?? []), { type: "Paused", status: "True" as const }] },
      want: false,
    },
    {
      when: "with a failed start of ours that was made good",
      found: { ...status, conditions: [...(status.conditions ?? []), notSynchronized("StartFailed")] },
      want: false,
    },
    {
      when: "with what the control plane said of the launcher and has not taken back yet",
      found: { ...status, conditions: [...(status.conditions ?? []), notSynchronized("FailedCreate")] },
      want: true,
    },
    {
      when: "with what is left of that after a failed start of ours",
      found: { ...status, conditions: [...(status.conditions ?? []), notSynchronized("")] },
      want: true,
    },
  ])("is recognised $when: $want", ({ found, want }) => expect(isApplied(status, found)).toBe(want));
});

it("tells of a start that failed", () => {
  expect(failedStartStatus(seen, { reason: "DefineFailed", message: "cpu is unknown" })).toMatchObject({
    phase: "Scheduled",
    nodeName: node,
    conditions: [
      { type: "Ready", status: "False", reason: "GuestNotRunning" },
      { type: "Synchronized", status: "False", reason: "DefineFailed", message: "cpu is unknown" },
    ],
  });
});
