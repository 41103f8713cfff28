import { expect, test } from "@jest/globals";
import { reader, XdrError } from "./octets.ts";
import { plainValues, typedParams, typedValue } from "./typed-params.ts";
import { decode } from "./xdr.ts";

test("a parameter gets the type the daemon wants, a list several, undefined none", () =>
  expect(
    typedParams("migration", {
      bandwidth: 5n,
      "parallel.connections": 2,
      migrate_disks: ["vda", "vdb"],
      migrate_uri: undefined,
    }),
  ).toEqual([
    { field: "bandwidth", value: { type: "ullong", value: 5n } },
    { field: "parallel.connections", value: { type: "int", value: 2 } },
    { field: "migrate_disks", value: { type: "string", value: "vda" } },
    { field: "migrate_disks", value: { type: "string", value: "vdb" } },
  ]));

test("a parameter that is not in the table is refused", () => {
  const values = { speed: 1 } as object;
  expect(() => typedParams("blockCopy", values)).toThrow(
    "blockCopy has no parameter speed, expected one of bandwidth, granularity, buf-size",
  );
});

test("values come back plain, by name", () =>
  expect(
    plainValues([
      { field: "cpu.time", value: { type: "ullong", value: 12n } },
      { field: "state.state", value: { type: "int", value: 1 } },
      { field: "vm.on", value: { type: "boolean", value: true } },
      { field: "net.0.name", value: { type: "string", value: "tap0" } },
    ]),
  ).toEqual({ "cpu.time": 12, "state.state": 1, "vm.on": true, "net.0.name": "tap0" }));

test.each([0, 8, -1])("type number %d is refused", (type) => {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(type);
  expect(() => decode(typedValue, reader(bytes))).toThrow(XdrError);
});
