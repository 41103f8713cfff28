import { expect, it, test } from "@jest/globals";
import { parseOptions } from "./options.ts";

it("takes what is given, and defaults for the rest", () => {
  expect(parseOptions(["--node-name", "n1", "--socket=/run/x.sock"])).toEqual({
    nodeName: "n1",
    podsDir: "/var/lib/kubelet/pods",
    stateDir: "/var/lib/knvirt/executor",
    metricsListen: "127.0.0.1:8443",
    socket: "/run/x.sock",
  });
});

test.each([
  { when: "without a node", args: ["--node-name="], want: "option --node-name is not set" },
  { when: "with half of a key pair", args: ["--node-name=n1", "--tls-cert=c"], want: "belong together" },
  { when: "with one that does not exist", args: ["--nodename=n1"], want: "Unknown option '--nodename'" },
])("is refused $when", ({ args, want }) => expect(() => parseOptions(args)).toThrow(want));
