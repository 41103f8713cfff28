// Hardware as its guest finds it: queues of its network card, blocks of its disks, tables of its firmware.
import { virtualMachineInstances } from "@knvirt/api";
import { secrets } from "@knvirt/kubernetes";
import { slicTable } from "../../launcher/testing/slic-table.ts";
import { buildersFor } from "../support/builders.ts";
import { askGuest } from "../support/console.ts";
import { removeNamed } from "../support/named.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);
const { client, namespace } = host;
const name = "hardware";

afterAll(async () => {
  await removeVms(host, name);
  await removeNamed(client, secrets, { namespace, name });
});

beforeAll(async () => {
  const data = { "slic.bin": slicTable().toString("base64") };
  await client.create(secrets, { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data });
  const { domain, ...spec } = aSpec({
    volumes: [
      { name: "scratch", emptyDisk: { capacity: "8Mi" } },
      { name: "licence", secret: { secretName: name } },
    ],
  });
  const disk = { name: "scratch", disk: { bus: "virtio" as const }, blockSize: { matchVolume: {} } };
  const machine = {
    ...domain,
    cpu: { cores: 2 },
    firmware: { ...domain.firmware, acpi: { slicNameRef: "licence" } },
    devices: { ...domain.devices, networkInterfaceMultiqueue: true, disks: [disk] },
  };
  await client.create(virtualMachineInstances, aVmi({ name, spec: { ...spec, domain: machine } }));
  await runningVmi(host, name);
});

test.each([
  {
    when: "a queue of its card for each CPU",
    command: "cd /sys/class/net/eth0/queues; echo *",
    want: "rx-0 rx-1 tx-0 tx-1",
  },
  {
    when: "blocks as large as the file system has them below its disk",
    command: "cat /sys/block/vda/queue/logical_block_size /sys/block/vda/queue/physical_block_size",
    want: "4096\n4096",
  },
  {
    when: "the table of its licence",
    command: "dd if=/sys/firmware/acpi/tables/SLIC bs=1 skip=10 count=14 2>/dev/null",
    want: "KNVIRTTESTCASE",
  },
])("a guest finds $when", async ({ command, want }) => expect(await askGuest(host, name, command)).toBe(want));

test("its status tells the queues", async () =>
  expect((await getVmi(host, name))?.status?.interfaces).toMatchObject([{ name: "default", queueCount: 2 }]));
