// Objects for tests: what a test does not name is small, valid and fast.
import type { VirtualMachine, VirtualMachineInstance, VmiSpec } from "@knvirt/api";
import type { Host } from "./host.ts";

/** Of a standalone instance. */
export const exampleImage = "knvirt.dev/example-guest:latest";

/** The example guest with nothing but its kernel and a network interface. */
export function aSpec(overrides: Partial<VmiSpec> = {}, image = exampleImage): VmiSpec {
  return {
    terminationGracePeriodSeconds: 10,
    domain: {
      memory: { guest: "96Mi" },
      firmware: {
        kernelBoot: {
          kernelArgs: "console=ttyS0 quiet",
          container: {
            image,
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

export interface Builders {
  aSpec(overrides?: Partial<VmiSpec>): VmiSpec;
  aVm(options?: VmOptions): VirtualMachine;
  aVmi(options?: Omit<VmOptions, "runStrategy">): VirtualMachineInstance;
}

/** The same for where they are made: its guest, in its namespace. */
export function buildersFor({ namespace, guestImage }: Pick<Host, "namespace" | "guestImage">): Builders {
  const spec = (overrides?: Partial<VmiSpec>) => aSpec(overrides, guestImage);
  return {
    aSpec: spec,
    aVm: (options) => aVm({ namespace, spec: spec(), ...options }),
    aVmi: (options) => aVmi({ namespace, spec: spec(), ...options }),
  };
}
