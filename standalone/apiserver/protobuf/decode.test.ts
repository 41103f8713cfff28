// Bodies of kubectl's typed commands.
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, test } from "@jest/globals";
import { decodeProtobuf } from "./decode.ts";

const magic = Buffer.from("k8s\0");

type Part = [field: number, value: string | boolean | number | Buffer | Part[]];

const lengthDelimited = 2;
const varint = 0;

function encode(parts: Part[]): Buffer {
  const writer = new BinaryWriter();
  for (const [field, value] of parts) {
    if (typeof value === "boolean" || typeof value === "number") writer.tag(field, varint).int64(Number(value));
    else if (typeof value === "string") writer.tag(field, lengthDelimited).string(value);
    else writer.tag(field, lengthDelimited).bytes(Buffer.isBuffer(value) ? value : encode(value));
  }
  return Buffer.from(writer.finish());
}

const body = (apiVersion: string, kind: string, object: Part[]): Buffer =>
  Buffer.concat([
    magic,
    encode([
      [
        1,
        [
          [1, apiVersion],
          [2, kind],
        ],
      ],
      [2, encode(object)],
      [3, ""],
      [4, ""],
    ]),
  ]);

test("what `kubectl create namespace foo` sends", () => {
  const envelope = "6b3873000a0f0a02763112094e616d657370616365";
  const object = "121b0a130a03666f6f12001a0022002a0032003800420012001a020a00";
  const recorded = Buffer.from(`${envelope}${object}1a002200`, "hex");
  expect(decodeProtobuf(recorded)).toMatchObject({ apiVersion: "v1", kind: "Namespace", metadata: { name: "foo" } });
});

test.each([
  {
    when: "a ConfigMap",
    given: body("v1", "ConfigMap", [
      [
        1,
        [
          [1, "c"],
          [2, ""],
          [
            11,
            [
              [1, "a"],
              [2, "b"],
            ],
          ],
          [14, "x/y"],
          [14, "z"],
        ],
      ],
      [
        2,
        [
          [1, "k"],
          [2, "v"],
        ],
      ],
      [
        2,
        [
          [1, "empty"],
          [2, ""],
        ],
      ],
      [
        3,
        [
          [1, "raw"],
          [2, Buffer.from([1, 2])],
        ],
      ],
      [4, true],
    ]),
    want: {
      ...{ apiVersion: "v1", kind: "ConfigMap" },
      metadata: { name: "c", labels: { a: "b" }, finalizers: ["x/y", "z"] },
      ...{ data: { k: "v", empty: "" }, binaryData: { raw: "AQI=" }, immutable: true },
    },
  },
  {
    when: "options of a deletion",
    given: body("policy/v1", "DeleteOptions", [
      [1, 0],
      [2, [[1, "uid"]]],
      [4, "Foreground"],
      [5, "All"],
    ]),
    want: {
      ...{ apiVersion: "policy/v1", kind: "DeleteOptions", gracePeriodSeconds: 0 },
      ...{ preconditions: { uid: "uid" }, propagationPolicy: "Foreground", dryRun: ["All"] },
    },
  },
  { when: "a kind that is read in JSON only", given: body("v1", "Pod", [[1, [[1, "p"]]]]), want: undefined },
])("$when", ({ given, want }) => expect(decodeProtobuf(given)).toEqual(want));

test("other bytes are refused", () => expect(() => decodeProtobuf(Buffer.from("{}"))).toThrow("does not begin"));
