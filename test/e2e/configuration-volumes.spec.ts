// Values of the cluster on disks of the guest, as the guest finds them.
import { virtualMachineInstances } from "@knvirt/api";
import { configMaps, secrets } from "@knvirt/kubernetes";
import { buildersFor } from "../support/builders.ts";
import { askGuest } from "../support/console.ts";
import { removeNamed } from "../support/named.ts";
import { sharedHost } from "../support/shared-host.ts";
import { removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);
const { client, namespace } = host;
const name = "configured";
const base64 = (text: string) => Buffer.from(text).toString("base64");

afterAll(async () => {
  await removeVms(host, name);
  await removeNamed(client, configMaps, { namespace, name });
  await removeNamed(client, secrets, { namespace, name });
});

beforeAll(async () => {
  const metadata = { name, namespace };
  await client.create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { "app.conf": "colour=red" },
  });
  const data = { password: base64("s3cret"), userdata: base64("#cloud-config\n"), networkData: base64("{}") };
  await client.create(secrets, { apiVersion: "v1", kind: "Secret", metadata, data });
  const disk = (disk: string) => ({ name: disk, disk: { bus: "virtio" as const } });
  const names = ["settings", "keys", "self", "absent", "drive"];
  const spec = aSpec({
    volumes: [
      { name: "settings", configMap: { name } },
      { name: "keys", secret: { secretName: name, volumeLabel: "KEYS" } },
      {
        name: "self",
        downwardAPI: {
          fields: [
            { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
            { path: "of/note", fieldRef: { fieldPath: "metadata.annotations['note']" } },
          ],
        },
      },
      { name: "absent", configMap: { name: "nobody-made-this", optional: true } },
      { name: "drive", cloudInitConfigDrive: { secretRef: { name }, networkDataSecretRef: { name } } },
    ],
  });
  spec.domain.devices = { ...spec.domain.devices, disks: names.map(disk) };
  const vmi = aVmi({ name, spec });
  vmi.metadata = { ...vmi.metadata, labels: { role: "web" }, annotations: { note: "says hello" } };
  await client.create(virtualMachineInstances, vmi);
  await runningVmi(host, name);
});

const inside = (command: string) => askGuest(host, name, command);
const read = (letter: string, file: string) =>
  inside(
    `mkdir -p /tmp/${letter}; mount -t iso9660 -o ro /dev/vd${letter} /tmp/${letter}; cat /tmp/${letter}/${file}`,
  );
/** The volume's name, where ISO 9660 has it. */
const labelOf = (letter: string) => inside(`dd if=/dev/vd${letter} bs=1 skip=32808 count=32 2>/dev/null`);

test.each([
  { when: "a ConfigMap", letter: "a", label: "cfgdata", file: "app.conf", want: "colour=red" },
  { when: "a Secret, labelled as asked for", letter: "b", label: "KEYS", file: "password", want: "s3cret" },
  { when: "labels", letter: "c", label: "cfgdata", file: "labels", want: 'role="web"' },
  { when: "an annotation", letter: "c", label: "cfgdata", file: "of/note", want: "says hello" },
  { when: "user data", letter: "e", label: "config-2", file: "openstack/latest/user_data", want: "#cloud-config" },
  { when: "network data", letter: "e", label: "config-2", file: "openstack/latest/network_data.json", want: "{}" },
  { when: "meta data", letter: "e", label: "config-2", file: "openstack/latest/meta_data.json", want: '"hostname"' },
])("$when is on the disk $letter", async ({ letter, label, file, want }) => {
  expect(await labelOf(letter)).toBe(label);
  expect(await read(letter, file)).toContain(want);
});

test("an optional object that is missing is an empty disk", async () => {
  expect(await inside("mkdir -p /tmp/d; mount -t iso9660 -o ro /dev/vdd /tmp/d; ls -A /tmp/d")).toBe("");
});
