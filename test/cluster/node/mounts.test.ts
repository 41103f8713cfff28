import { mountCommands } from "./mounts.ts";

const commands = (kept: string[]): string[] =>
  mountCommands({
    folder: "/var/lib/knvirt-cluster/nodes/node-1",
    kept,
    logs: "/var/lib/knvirt-cluster/log/node-1",
  }).map((argv) => argv.join(" "));
const own = "/var/lib/knvirt-cluster/nodes/node-1/lib";

it.each([
  {
    when: "what lies below a replaced folder is there before it is replaced",
    given: ["/var/lib/knvirt-cluster"],
    want: [
      `mkdir -p ${own}/knvirt-cluster`,
      `mount --bind /var/lib/knvirt-cluster ${own}/knvirt-cluster`,
      `mount --rbind ${own} /var/lib`,
    ],
  },
  {
    when: "what lies elsewhere is visible anyway",
    given: ["/var/cache/knvirt", "/srv/repository"],
    want: [`mount --rbind ${own} /var/lib`],
  },
])("$when", ({ given, want }) => {
  expect(commands(given).filter((line) => line.includes(`${own}/`) || line.endsWith("/var/lib"))).toEqual(want);
});

it("shares mounts with the pods last, when all are in place", () => {
  expect(commands([]).at(-1)).toBe("mount --make-rshared /");
});
