// Objects for tests: what a test does not name is small, valid and fast.
import type { VirtualMachine, VirtualMachineInstance, VmiSpec } from "@knvirt/api";

export const exampleImage = "knvirt.dev/example-guest:latest";

/** The example guest with nothing but its kernel and a network interface. */
export function aSpec(overrides: Partial<VmiSpec> = {}): VmiSpec {
  return {
    terminationGracePeriodSeconds: 10,
    domain: {
      memory: { guest: "96Mi" },
      firmware: {
        kernelBoot: {
          kernelArgs: "console=ttyS0 quiet",
          container: {
            image: exampleImage,
            imagePullPolicy: "IfNotPresent",
            kernelPath: "/boot/vmlinuz",
            initrdPath: "/boot/initrd.img",
          },
        },
      },
      devices: {
        autoattachGraphicsDevice: false,
        interfaces: [{ name: "default", masquerade: {}, ports: [{ port: 80 }] }],
      },
    },
    networks: [{ name: "default", pod: {} }],
    ...overrides,
  };
}

export interface VmOptions {
  name?: string;
  namespace?: string;
  runStrategy?: NonNullable<VirtualMachine["spec"]["runStrategy"]>;
  spec?: VmiSpec;
}

export function aVm({
  name = "web",
  namespace = "default",
  runStrategy = "Always",
  spec = aSpec(),
}: VmOptions = {}): VirtualMachine {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace },
    spec: { runStrategy, template: { metadata: { labels: { app: name } }, spec } },
  };
}

export function aVmi({
  name = "web",
  namespace = "default",
  spec = aSpec(),
}: Omit<VmOptions, "runStrategy"> = {}): VirtualMachineInstance {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: { name, namespace },
    spec,
  };
}
