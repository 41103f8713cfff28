// What this process keeps on disk: the record of the guest's life, logs of bounded size, the capabilities cache.
import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readCapabilities, writeCapabilities } from "./capabilities.ts";
import { libvirtFiles, writeLibvirtFiles } from "./libvirt-files.ts";
import { boundLogFile } from "./log-files.ts";
import { pathsBelow } from "./paths.ts";
import { openLife } from "./record.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "knvirt-files-"));
});
afterEach(() => rm(root, { recursive: true }));

test("the record is what was last kept", async () => {
  const life = await openLife({ private: root });
  expect(life.record).toEqual({});
  await Promise.all([
    life.update({ startAsked: true }),
    life.update({ startedAt: "a" }),
    life.update({ startedAt: "b" }),
  ]);
  expect((await openLife({ private: root })).record).toEqual({ startAsked: true, startedAt: "b" });
});

test("a log that is too long moves aside, and who appends goes on at its new end", async () => {
  const file = join(root, "log");
  await boundLogFile(file, 3); // not there yet
  await appendFile(file, "abc");
  await boundLogFile(file, 3);
  await appendFile(file, "d");
  await boundLogFile(file, 3);
  expect([(await stat(file)).size, await readFile(`${file}.1`, "utf8")]).toEqual([0, "abcd"]);
  await appendFile(file, "e");
  expect(await readFile(file, "utf8")).toBe("e");
});

test("capabilities are handed on; what libvirt has found out meanwhile is kept", async () => {
  const files = await writeLibvirtFiles(pathsBelow(root));
  const cache = [{ name: "0af.xml", content: Buffer.from("<a/>") }];
  await writeCapabilities(cache, files);
  await writeCapabilities([{ name: "0af.xml", content: Buffer.from("<b/>") }], files);
  expect(await readCapabilities(files)).toEqual(cache);
});

test.each(["../0af.xml", "0af", "", "0af.xml/", "/0af.xml"])("capabilities named %j are refused", async (name) =>
  expect(writeCapabilities([{ name, content: Buffer.alloc(0) }], libvirtFiles(pathsBelow(root)))).rejects.toThrow(
    /capabilities cache file/,
  ),
);

test("libvirt's files are written once, and its sockets' names are short enough", async () => {
  const files = await writeLibvirtFiles(pathsBelow(root));
  const written = await readFile(join(files.environment.XDG_CONFIG_HOME as string, "libvirt/libvirtd.conf"), "utf8");
  await writeLibvirtFiles(pathsBelow(root));
  expect(await readFile(join(files.environment.XDG_CONFIG_HOME as string, "libvirt/libvirtd.conf"), "utf8")).toBe(
    written,
  );
  const longest = `libvirt/qemu/channel/target/domain-99-${"n".repeat(20)}/org.qemu.guest_agent.0`;
  expect(
    join(libvirtFiles(pathsBelow("/")).environment.XDG_CONFIG_HOME as string, longest).length,
  ).toBeLessThanOrEqual(107);
});
