import { describe, expect, it } from "@jest/globals";
import { isInPod } from "./pod-processes.ts";

describe("a process is in a pod", () => {
  const uid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
  const joined = "1b4e28ba_2fa1_11d2_883f_0016d3cca427";
  const slice = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${joined}.slice`;
  it.each([
    { when: "of our pod runner", line: `4:pids:/knvirt-ab12/pod${uid}/compute`, want: true },
    { when: "of the kubelet", line: `0::/kubepods/burstable/pod${uid}/0a1b`, want: true },
    { when: "of a kubelet in a cgroup of its own", line: `9:cpu:/rig/node-2/kubepods/pod${uid}/0a1b`, want: true },
    { when: "of the kubelet with systemd", line: `0::${slice}/cri-containerd-0a1b.scope`, want: true },
    { when: "of one whose runtime goes without systemd", line: `8:pids:/x${slice}:cri-containerd:0a1b`, want: true },
    { when: "as seen from another cgroup namespace", line: `0::/../../..${slice}/cri-0a1b.scope`, want: true },
    { when: "of CRI-O", line: `0::${slice}/crio-0a1b.scope/container`, want: true },
    {
      when: "of a guaranteed one with systemd",
      line: `0::/kubepods.slice/kubepods-pod${joined}.slice/x`,
      want: true,
    },
    { when: "no longer of it", line: "0::/user.slice", want: false },
    { when: "of a longer name", line: `0::/kubepods/pod${uid}0/x`, want: false },
    { when: "of a name that ends alike", line: `0::/kubepods/notpod${uid}/x`, want: false },
  ])("$when: $want", ({ line, want }) => expect(isInPod(`12:cpu:/\n${line}\n`, uid)).toBe(want));
});
