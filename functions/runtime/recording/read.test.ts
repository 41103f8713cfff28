import { Readable } from "node:stream";
import { missingIn, nothingRead, type Read, readRecords, recordIn } from "./read.ts";
import { aRecord } from "./testing/decisions.ts";

const record = aRecord();
const line = JSON.stringify({ decision: record });

async function readOf(text: string, chunkBytes = 1_000): Promise<Read> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const read = nothingRead();
  await readRecords(Readable.from(chunks), read, () => true);
  return read;
}

const cri = (tag: "P" | "F", text: string, stream = "stdout") => `2026-01-02T12:00:00Z ${stream} ${tag} ${text}`;

test.each([
  { when: "a line of a recording", text: line },
  {
    when: "a line of the log",
    text: JSON.stringify({ level: 30, component: "functions", decision: record, msg: "m" }),
  },
  { when: "a line that a collector put words before", text: `[pod/knvirt-lifecycle/functions] ${line}` },
  { when: "a line that a collector quotes", text: JSON.stringify({ log: `${line}\n`, stream: "stdout" }) },
  {
    when: "a line that a collector took apart",
    text: JSON.stringify({ kubernetes: {}, jsonPayload: { decision: record } }),
  },
  { when: "a line of a container runtime", text: cri("F", line) },
  {
    when: "a line that a container runtime cut, with one of another stream between",
    text: [
      cri("P", line.slice(0, 500)),
      cri("F", "other", "stderr"),
      cri("P", line.slice(500, 900)),
      cri("F", line.slice(900)),
    ].join("\n"),
  },
])("$when is read", async ({ text }) => {
  for (const chunkBytes of [7, 1_000_000]) expect((await readOf(text, chunkBytes)).records).toEqual([record]);
});

test.each([
  { when: "an empty line", text: "", want: "others" },
  { when: "words", text: "functions are ready", want: "others" },
  { when: "another line of the log", text: '{"level":30,"msg":"functions are ready"}', want: "others" },
  { when: "an array", text: "[1, {}]", want: "others" },
  { when: "the beginning of a record", text: line.slice(0, 300), want: "damaged" },
  { when: "the end of a record", text: line.slice(50), want: "damaged" },
  {
    when: "a record without an observation",
    text: JSON.stringify({ decision: { ...record, observed: 1 } }),
    want: "damaged",
  },
  {
    when: "a record without intents",
    text: JSON.stringify({ decision: { ...record, intents: undefined } }),
    want: "damaged",
  },
  {
    when: "a record whose key is none",
    text: JSON.stringify({ decision: { ...record, key: "web" } }),
    want: "damaged",
  },
  {
    when: "a record of another format",
    text: JSON.stringify({ decision: { ...record, format: 2 } }),
    want: { foreign: "2" },
  },
])("$when is $want", ({ text, want }) => expect(recordIn(text)).toEqual(want));

test("what is cut at both ends, long lines and junk between are counted", async () => {
  const long = `{"decision":"${"x".repeat(3 * 2 ** 20)}"}`;
  const noise = Buffer.from([0, 255, 254, 10]).toString("latin1");
  const read = await readOf([line.slice(-300), line, long, noise, "words", line.slice(0, 300)].join("\n"), 60_000);
  expect(read).toMatchObject({ damaged: 2, tooLong: 1 });
  expect(read.records).toEqual([record]);
  expect(read.others).toBeGreaterThanOrEqual(2);
});

test("a record that is in two files is read once, and missing ones are counted", async () => {
  const numbered = (number: number) => JSON.stringify({ decision: { ...record, number } });
  const read = await readOf([3, 4, 4, 8, 3].map(numbered).join("\n"));
  expect(read.records.map(({ number }) => number)).toEqual([3, 4, 8]);
  expect(missingIn(read)).toBe(3);
});
