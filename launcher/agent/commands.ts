// The table of the agent's commands: what each is called, and what of its answer is read.
import { isIP } from "node:net";
import { flag, integer, list, number, type Reading, record, text } from "./answers.ts";
import type { Command } from "./channel.ts";

/** More than an ordinary guest has; what a hostile one has beyond that is nobody's business. */
const most = { interfaces: 64, addresses: 32, users: 256, filesystems: 256, disks: 16, commands: 512 };

const address: Reading<string> = (value) => (typeof value === "string" && isIP(value) ? value : undefined);
const mac: Reading<string> = (value) =>
  typeof value === "string" && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value) ? value.toLowerCase() : undefined;
/** Nothing is told but that it was done. */
const anything: Reading<true> = () => true;

const ask = <T>(execute: string, reads: Reading<T>): Command<T> => ({ execute, reads });

export const info = ask(
  "guest-info",
  record({
    version: text(),
    supported_commands: list(record({ name: text(64), enabled: flag, "success-response": flag }), most.commands),
  }),
);

export const osInfo = ask(
  "guest-get-osinfo",
  record({
    id: text(),
    name: text(),
    "pretty-name": text(),
    version: text(),
    "version-id": text(),
    machine: text(),
    "kernel-release": text(),
    "kernel-version": text(),
  }),
);

export const hostName = ask("guest-get-host-name", record({ "host-name": text() }));

export const timeZone = ask("guest-get-timezone", record({ zone: text(), offset: integer }));

export const interfaces = ask(
  "guest-network-get-interfaces",
  list(
    record({
      name: text(64),
      "hardware-address": mac,
      "ip-addresses": list(record({ "ip-address": address }), most.addresses),
    }),
    most.interfaces,
  ),
);

export const users = ask(
  "guest-get-users",
  list(record({ user: text(), domain: text(), "login-time": number }), most.users),
);

export const filesystems = ask(
  "guest-get-fsinfo",
  list(
    record({
      name: text(),
      mountpoint: text(1024),
      type: text(64),
      "used-bytes": integer,
      "total-bytes": integer,
      disk: list(record({ "bus-type": text(64), serial: text() }), most.disks),
    }),
    most.filesystems,
  ),
);

export const freezeStatus = ask("guest-fsfreeze-status", text(64));
/** Everything that is not written yet is written first. */
export const freeze: Command<number> = { ...ask("guest-fsfreeze-freeze", number), seconds: 45 };
export const thaw: Command<number> = { ...ask("guest-fsfreeze-thaw", number), seconds: 10 };

export const ping = ask("guest-ping", anything);

/** Done, the guest does not answer any more. */
export const reboot: Command<true> = {
  ...ask("guest-shutdown", anything),
  arguments: { mode: "reboot" },
};

export const exec = (path: string, arg: string[]): Command<{ pid?: number }> => ({
  ...ask("guest-exec", record({ pid: integer })),
  arguments: { path, arg, "capture-output": true },
});

const longestOutput = 4 * 1024 * 1024;

export const execStatus = (pid: number) => ({
  ...ask(
    "guest-exec-status",
    record({
      exited: flag,
      exitcode: integer,
      signal: integer,
      "out-data": text(longestOutput),
      "err-data": text(longestOutput),
    }),
  ),
  arguments: { pid },
});

export const setKeys = (username: string, keys: string[]): Command<true> => ({
  ...ask("guest-ssh-add-authorized-keys", anything),
  arguments: { username, keys, reset: true },
});

/** Its hash is meant to take time. */
export const setPassword = (username: string, password: string): Command<true> => ({
  ...ask("guest-set-user-password", anything),
  seconds: 30,
  arguments: { username, password: Buffer.from(password).toString("base64"), crypted: false },
});
