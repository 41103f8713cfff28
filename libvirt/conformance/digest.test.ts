// Our tables against what libvirt's own protocol files say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { connectionClosed, domainEvents, monitorEvent } from "../event-table.ts";
import { qemu, remote } from "../procedures.ts";
import type { Procedure, StreamProcedure } from "../program.ts";
import type { Digest, Line, MessageLine } from "./digest.ts";
import { describeStruct, parseProtocol } from "./protocol-files.ts";

const digest: Digest = JSON.parse(
  readFileSync(join(import.meta.dirname, "../testdata/protocol-digest.json"), "utf8"),
);

const inner = (kind: string): string => kind.slice(1, -1);

function line(procedure: Procedure<unknown, unknown> | StreamProcedure<unknown, unknown>): Line {
  const { number, args, reply } = procedure;
  const stream = "stream" in procedure ? { stream: procedure.stream } : {};
  return { number, args: inner(args.kind), reply: inner(reply.kind), ...stream };
}
const lines = (table: Record<string, Procedure<unknown, unknown>>): [string, Line][] =>
  Object.entries(table).map(([name, procedure]) => [name, line(procedure)]);

test.each(lines(remote))("procedure %s is libvirt's", (name, found) => expect(found).toEqual(digest.remote[name]));
test.each(lines(qemu))("procedure %s is libvirt's qemu program's", (name, found) =>
  expect(found).toEqual(digest.qemu[name]),
);

const messages: [string, MessageLine][] = Object.entries({ ...domainEvents, connectionClosed }).map(
  ([name, { number, fields }]) => [name, { number, fields: inner(fields.kind) }],
);

test.each(messages)("event %s is libvirt's", (name, found) => {
  const [theirName = "", theirs] =
    Object.entries(digest.messages).find(([, { number }]) => number === found.number) ?? [];
  expect(found).toEqual(theirs);
  expect(theirName.replaceAll("_", "")).toContain(name.toLowerCase());
});

test("event of QEMU's monitor is libvirt's", () => {
  const found = { number: monitorEvent.number, fields: inner(monitorEvent.fields.kind) };
  expect(digest.qemuMessages).toEqual({ domain_monitor_event: found });
});

test("nothing in the digest is missing from the tables", () => {
  expect(Object.keys(digest.remote)).toEqual(Object.keys(remote));
  expect(Object.keys(digest.messages)).toHaveLength(messages.length);
});

test("a protocol file is read", () => {
  const protocol = parseProtocol(`
    %#include "internal.h"
    typedef string text<MAX>; /* may not be null */
    typedef text *maybe_text;
    typedef opaque uuid[VIR_UUID_BUFLEN];
    enum color { RED = 1 };
    union value switch (int type) { case A: int i; case B: text s; };
    struct point { hyper x; unsigned char y; };
    struct sample_args { maybe_text name; uuid id; color c; value v; point all<MAX>; opaque rest<MAX>; char model[32]; };
    enum remote_procedure {
      /**
       * @readstream: 1
       */
      REMOTE_PROC_SAMPLE = 7,
      /**
       * @priority: high
       */
      REMOTE_PROC_OTHER = 8
    };`);
  expect(describeStruct(protocol, "sample_args")).toBe(
    "name:str? id:opaque[16] c:i32 v:<i32|str> all:{x:i64 y:uchar}[] rest:bytes model:char[32]",
  );
  expect([...protocol.numbers]).toEqual([
    ["sample", 7],
    ["other", 8],
  ]);
  expect([...protocol.streams]).toEqual([["sample", "read"]]);
});
