import { expect, test } from "@jest/globals";
import { loadOrder } from "./modules.ts";

const dependencies = `kernel/drivers/net/virtio_net.ko: kernel/drivers/net/net_failover.ko kernel/net/core/failover.ko kernel/drivers/virtio/virtio.ko
kernel/drivers/net/net_failover.ko: kernel/net/core/failover.ko
kernel/net/core/failover.ko:
kernel/drivers/virtio/virtio.ko:
kernel/drivers/block/virtio_blk.ko.xz: kernel/drivers/virtio/virtio.ko
`;

test.each([
  {
    when: "a module comes after those it needs",
    wanted: ["virtio_net"],
    want: ["virtio", "failover", "net_failover", "virtio_net"],
  },
  { when: "a shared one is loaded once", wanted: ["virtio_blk", "virtio"], want: ["virtio", "virtio_blk"] },
  { when: "a built-in one is not loaded", wanted: ["ext4"], want: [] },
])("$when", ({ wanted, want }) => {
  const order = loadOrder(dependencies, "kernel/fs/ext4/ext4.ko\n", wanted);
  expect(order.map((path) => /([^/]+)\.ko/.exec(path)?.[1])).toEqual(want);
});

test("a module that the kernel lacks is named", () => {
  expect(() => loadOrder(dependencies, "", ["isofs"])).toThrow("kernel module isofs is missing");
});
