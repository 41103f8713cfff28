// What libvirt's protocol files say about the lines of our tables. Run with their directory (src/remote in the source of
// the distribution's package, as "apt-get source libvirt" fetches it), it writes testdata/protocol-digest.json. The files
// themselves are LGPL and are not kept here.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectionClosed, domainEvents, monitorEvent } from "../event-table.ts";
import { qemu, remote } from "../procedures.ts";
import { describeStruct, type Protocol, parseProtocol } from "./protocol-files.ts";

/** Name, number, fields of the call, fields of the reply, and the direction of a stream. */
export interface Line {
  number: number;
  args: string;
  reply: string;
  stream?: string;
}
export interface MessageLine {
  number: number;
  fields: string;
}
export interface Digest {
  remote: Record<string, Line>;
  qemu: Record<string, Line>;
  messages: Record<string, MessageLine>;
  qemuMessages: Record<string, MessageLine>;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function lines(protocol: Protocol, prefix: string, names: string[]): Record<string, Line> {
  const line = (name: string): Line => {
    const number = protocol.numbers.get(name);
    if (number === undefined) throw new Error(`${prefix} has no procedure ${name}`);
    const stream = protocol.streams.get(name);
    const args = describeStruct(protocol, `${prefix}_${name}_args`);
    const reply = describeStruct(protocol, `${prefix}_${name}_ret`);
    return { number, args, reply, ...(stream && { stream }) };
  };
  return Object.fromEntries(names.map((name) => [name, line(snakeCase(name))]));
}

function messages(protocol: Protocol, prefix: string, numbers: number[]): Record<string, MessageLine> {
  const named = [...protocol.numbers].filter(([, number]) => numbers.includes(number));
  return Object.fromEntries(
    named.map(([name, number]) => {
      // Older events wrap all but the callback's number into a structure, which adds nothing on the wire.
      const fields = describeStruct(protocol, `${prefix}_${name}_msg`).replace(/ msg:\{(.*)\}$/, " $1");
      return [name, { number, fields }];
    }),
  );
}

function digest(remoteText: string, qemuText: string): Digest {
  // QEMU's program uses structures of the remote one, but numbers of its own.
  const remoteProtocol = parseProtocol(remoteText);
  const qemuProtocol = { ...parseProtocol(remoteText, qemuText), numbers: parseProtocol(qemuText).numbers };
  const events = Object.values(domainEvents).map(({ number }) => number);
  return {
    remote: lines(remoteProtocol, "remote", Object.keys(remote)),
    qemu: lines(qemuProtocol, "qemu", Object.keys(qemu)),
    messages: messages(remoteProtocol, "remote", [...events, connectionClosed.number]),
    qemuMessages: messages(qemuProtocol, "qemu", [monitorEvent.number]),
  };
}

if (import.meta.main) {
  const directory = process.argv[2];
  if (!directory) throw new Error("directory of libvirt's protocol files is missing: digest.ts LIBVIRT/src/remote");
  const text = (name: string): string => readFileSync(join(directory, name), "utf8");
  const found = digest(text("remote_protocol.x"), text("qemu_protocol.x"));
  const path = join(import.meta.dirname, "../testdata/protocol-digest.json");
  writeFileSync(path, `${JSON.stringify(found, null, 1)}\n`);
}
