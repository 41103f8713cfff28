import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { AccessCredential } from "@knvirt/api";
import { errorCodes } from "@knvirt/libvirt";
import type { Log } from "../log.ts";
import { type Folders, launcherFolders, put } from "../testing/folders.ts";
import { Credentials } from "./credentials.ts";
import { type Answering, answering, refusal } from "./testing/answering.ts";

const log = { warn: () => undefined } as unknown as Log;
const wanted: AccessCredential[] = [
  {
    sshPublicKey: {
      source: { secret: { secretName: "keys" } },
      propagationMethod: { qemuGuestAgent: { users: ["ann"] } },
    },
  },
  { userPassword: { source: { secret: { secretName: "words" } }, propagationMethod: { qemuGuestAgent: {} } } },
];

let folders: Folders;
beforeEach(async () => {
  folders = await launcherFolders();
  await put(join(folders.paths.accessCredential("keys"), "key"), "ssh-rsa A");
  for (const user of ["ann", "bob"]) await put(join(folders.paths.accessCredential("words"), user), "secret");
});
afterEach(() => folders.remove());

/** What was asked of the agent, and what is told of that. */
async function bring(answer: Answering): Promise<{ asked: string[]; state: Credentials["state"] }> {
  const asked: string[] = [];
  const channel = answering((execute, given) => {
    asked.push(`${execute} ${given?.username}`);
    return answer(execute, given);
  });
  const told = Promise.withResolvers<void>();
  const { paths } = folders;
  const credentials = new Credentials({ channel, paths, log, wanted: () => wanted, changed: told.resolve });
  credentials.follow(true);
  await told.promise;
  credentials.follow(false);
  return { asked, state: credentials.state };
}

const all = ["guest-ssh-add-authorized-keys ann", "guest-set-user-password ann", "guest-set-user-password bob"];

test("all are brought", async () => {
  expect(await bring(() => ({}))).toEqual({ asked: all, state: { isSynchronized: true, message: "" } });
});

test("one that is refused is told, and the others are brought", async () => {
  const { asked, state } = await bring((_execute, given) => {
    if (given?.password && given.username === "ann") throw refusal(errorCodes.agentCommandFailed, "no such user");
    return {};
  });
  expect(asked).toEqual(all);
  const message = "password of user ann: guest agent failed at guest-set-user-password: no such user";
  expect(state).toEqual({ isSynchronized: false, message });
});

test("an agent that is stuck is asked once", async () => {
  const { asked, state } = await bring(() => {
    throw refusal(errorCodes.agentUnresponsive, "silent");
  });
  expect(asked).toEqual(all.slice(0, 1));
  const why = "guest agent does not answer guest-ssh-add-authorized-keys: silent";
  const whats = ["keys of user ann", "password of user ann", "password of user bob"];
  expect(state).toEqual({ isSynchronized: false, message: whats.map((what) => `${what}: ${why}`).join("; ") });
});

test("of many that are refused some are told", async () => {
  for (let user = 0; user < 20; user += 1)
    await put(join(folders.paths.accessCredential("words"), `user${user}`), "x");
  const { state } = await bring(() => {
    throw refusal(errorCodes.agentCommandFailed, "no");
  });
  expect(state?.message.split("; ")).toHaveLength(5);
  expect(state?.message).toMatch(/; 19 more$/);
});
