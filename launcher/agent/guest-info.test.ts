import { expect, test } from "@jest/globals";
import { type Answers, guestAgentInfo, guestSide } from "./guest-info.ts";

const command = (name: string, enabled = true) => ({ name, enabled, "success-response": true });
const names = ["ping", "get-time", "info", "shutdown", "network-get-interfaces", "get-fsinfo", "get-host-name"];
const all = [...names, "get-users", "get-timezone", "get-osinfo"].map((name) => command(`guest-${name}`));
const osInfo = { id: "debian", name: "Debian GNU/Linux", "pretty-name": "Debian 13", "kernel-release": "6.1.0" };
const unknownOs = { version: "", versionId: "", kernelVersion: "", machine: "" };
const os = { ...unknownOs, id: "debian", name: "Debian GNU/Linux", prettyName: "Debian 13", kernelRelease: "6.1.0" };
const report = { os: undefined, fsFreezeStatus: "", missingCommands: [] };

test.each<{ when: string; given: Answers; want: object }>([
  { when: "nothing was answered", given: {}, want: { guestInterfaces: [], guest: report } },
  {
    when: "everything was answered",
    given: { osInfo, info: { version: "9.2", supported_commands: all }, freezeStatus: "thawed" },
    want: { guestInterfaces: [], guest: { ...report, os } },
  },
  {
    when: "commands are switched off or not there",
    given: { info: { supported_commands: [...all.slice(1, -1), command("guest-ping", false)] } },
    want: { guestInterfaces: [], guest: { ...report, missingCommands: ["guest-ping", "guest-get-osinfo"] } },
  },
  {
    when: "an agent is too old to say what it can do",
    given: { info: { version: "0.15" }, freezeStatus: "frozen" },
    want: { guestInterfaces: [], guest: { ...report, fsFreezeStatus: "frozen" } },
  },
  {
    when: "there are interfaces: the loopback is none",
    given: {
      interfaces: [
        { name: "lo", "ip-addresses": [{ "ip-address": "127.0.0.1" }] },
        { name: "eth0", "hardware-address": "02:00:00:00:00:01", "ip-addresses": [{ "ip-address": "10.0.2.2" }, {}] },
        { "hardware-address": "02:00:00:00:00:02" },
        { name: "sit0" },
      ],
    },
    want: {
      guestInterfaces: [
        { name: "eth0", mac: "02:00:00:00:00:01", addresses: ["10.0.2.2"] },
        { name: "sit0", mac: "", addresses: [] },
      ],
      guest: report,
    },
  },
])("status when $when", ({ given, want }) => expect(guestSide(given)).toEqual(want));

test("what users ask for is in upstream's words", () =>
  expect(
    JSON.parse(
      guestAgentInfo({
        osInfo,
        info: { version: "9.2", supported_commands: [command("guest-ping")] },
        hostName: { "host-name": "web" },
        timeZone: { zone: "UTC", offset: 0 },
        users: [{ user: "root", "login-time": 1700000000.5 }],
        filesystems: [
          {
            name: "vda1",
            mountpoint: "/",
            type: "ext4",
            "used-bytes": 1,
            "total-bytes": 2,
            disk: [{ "bus-type": "virtio", serial: "S1" }],
          },
          { name: "sr0", mountpoint: "/mnt" },
        ],
        freezeStatus: "frozen",
      }),
    ),
  ).toEqual({
    guestAgentVersion: "9.2",
    supportedCommands: [{ name: "guest-ping", enabled: true, "success-response": true }],
    hostname: "web",
    os: { id: "debian", name: "Debian GNU/Linux", prettyName: "Debian 13", kernelRelease: "6.1.0" },
    timezone: "UTC, 0",
    userList: [{ userName: "root", loginTime: 1700000000.5 }],
    fsInfo: {
      disks: [
        {
          diskName: "vda1",
          mountPoint: "/",
          fileSystemType: "ext4",
          usedBytes: 1,
          totalBytes: 2,
          disk: [{ busType: "virtio", serial: "S1" }],
        },
        { diskName: "sr0", mountPoint: "/mnt", usedBytes: 0, totalBytes: 0, disk: [] },
      ],
    },
    fsFreezeStatus: "frozen",
  }));
