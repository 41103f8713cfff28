import { type Given, parseOptions } from "./options.ts";

const given = (more: Partial<Given>): Given => ({ args: [], env: { LISTEN: "8443" }, ...more });

test.each([
  {
    when: "sockets of this machine",
    given: given({ env: { LISTEN: "/run/g.sock", EXECUTOR_SOCKET: "/run/e.sock" } }),
    want: { host: "standalone", socket: "/run/g.sock", executorSocket: "/run/e.sock" },
  },
  {
    when: "a port",
    given: given({ namespace: "virt" }),
    want: { host: "cluster", port: 8443, namespace: "virt", executorPort: 8186, caSeconds: 31_536_000 },
  },
  {
    when: "a namespace and lifetimes of a test",
    given: given({ namespace: "virt", args: ["--namespace=other", "--ca-seconds=180", "--certificate-seconds=60"] }),
    want: { namespace: "other", caSeconds: 180, certificateSeconds: 60 },
  },
])("$when are taken", ({ given, want }) => expect(parseOptions(given)).toMatchObject(want));

test.each([
  {
    given: given({ env: {} }),
    says: 'LISTEN is not set right: found "", expected the path of a unix socket or a port',
  },
  { given: given({ env: { LISTEN: "/g.sock" } }), says: 'EXECUTOR_SOCKET is no path of a unix socket: found ""' },
  {
    given: given({ args: ["--ca-seconds=1y"] }),
    says: '--ca-seconds is not set right: found "1y", expected seconds',
  },
  { given: given({ args: ["--ca-years=1"] }), says: "Unknown option '--ca-years'" },
])("$says", ({ given, says }) => expect(() => parseOptions(given)).toThrow(says));
