// An identity as those who connect to its server see it, while days go by.
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { openIdentity, showIdentity, showRenewed } from "./index.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 0, 1 + number));
const open = () => openIdentity({ commonName: "knvirt", names: ["one"], now: day(0) });

test("it is a server of its names for ninety days, and new at each start", () => {
  const { certificate } = open().current();
  const { validToDate, subjectAltName, ca } = new X509Certificate(certificate);
  expect({ validToDate, subjectAltName, ca }).toEqual({
    ...{ validToDate: day(90), subjectAltName: "DNS:one" },
    ca: false,
  });
  expect(open().current().certificate).not.toBe(certificate);
});

test("its successor is there from half of its time on, and is the one until it is used", () => {
  const identity = open();
  const renewed: unknown[] = [];
  identity.onRenewed((pair) => renewed.push(pair));
  expect(identity.next(day(44))).toBeUndefined();
  const next = identity.next(day(45));
  if (!next) throw new Error("there is no successor");
  expect([identity.next(day(46)), identity.current() === next, renewed]).toEqual([next, false, []]);
  identity.use(next);
  expect([identity.current(), identity.next(day(89)), renewed]).toEqual([next, undefined, [next]]);
  expect(identity.next(day(90))).toBeDefined();
});

test.each([
  { when: "its server renews it", show: showRenewed, want: [90, 90, 136] },
  { when: "somebody else says when", show: showIdentity, want: [90, 90, 90] },
])("who connects on day 0, 44, 46 sees it until day $want when $when", async ({ show, want }) => {
  let today = 0;
  const server = createServer((socket) => socket.end());
  show(server, open(), () => day(today));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const seen: number[] = [];
  try {
    for (today of [0, 44, 46]) seen.push(await lastDayShown(port));
  } finally {
    server.close();
  }
  expect(seen).toEqual(want);
});

async function lastDayShown(port: number): Promise<number> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const until = socket.getPeerX509Certificate()?.validToDate ?? day(0);
  socket.destroy();
  return (until.getTime() - day(0).getTime()) / 86_400_000;
}
