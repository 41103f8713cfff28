import { expect, it, test } from "@jest/globals";
import { parseOptions } from "./options.ts";

const gatewayUser = "system:serviceaccount:kubevirt:knvirt-gateway";

it("takes what is given, and defaults for the rest", () => {
  expect(parseOptions(["--listen=:8186"], { NODE_NAME: "n1" })).toEqual({
    nodeName: "n1",
    podsDir: "/var/lib/kubelet/pods",
    stateDir: "/var/lib/knvirt/executor",
    devDir: "/dev",
    devicePlugins: { directory: "/var/lib/kubelet/device-plugins", count: 1000 },
    metricsListen: "127.0.0.1:8443",
    network: { address: ":8186", gatewayUser },
  });
});

it("goes without a kubelet and without a network", () => {
  const args = ["--node-name=n1", "--kubelet-dir=/srv/k", "--no-device-plugins", "--socket=/run/x.sock"];
  expect(parseOptions(args, {})).toEqual({
    nodeName: "n1",
    podsDir: "/srv/k/pods",
    stateDir: "/var/lib/knvirt/executor",
    devDir: "/dev",
    metricsListen: "127.0.0.1:8443",
    socket: "/run/x.sock",
  });
});

const named = ["--node-name=n1", "--listen=:1"];
test.each([
  { when: "without a node", args: ["--listen=:1"], want: "option --node-name is not set" },
  { when: "with an empty one", args: [...named, "--state-dir="], want: "option --state-dir is not set" },
  { when: "with half of a key pair", args: [...named, "--tls-cert=c"], want: "belong together" },
  { when: "without a way in", args: ["--node-name=n1"], want: "the gateway has no way in" },
  { when: "with devices without number", args: [...named, "--max-devices=many"], want: '"many": expected a number' },
  { when: "with one that does not exist", args: ["--nodename=n1"], want: "Unknown option '--nodename'" },
])("is refused $when", ({ args, want }) => expect(() => parseOptions(args, {})).toThrow(want));
