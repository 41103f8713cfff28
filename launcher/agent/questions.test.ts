import { expect, test } from "@jest/globals";
import { ConnectionError } from "@knvirt/libvirt";
import type { Log } from "../log.ts";
import { Questions } from "./questions.ts";
import { answering } from "./testing/answering.ts";

const log = { debug: () => undefined } as unknown as Log;

test("what was said holds on while libvirt is away, and is forgotten with the agent", async () => {
  let isAway = false;
  const channel = answering((execute) => {
    if (isAway && execute !== "guest-fsfreeze-status") throw new ConnectionError("lost", "the daemon died");
    return execute === "guest-fsfreeze-status" ? "thawed" : { id: "debian", version: "10" };
  });
  const answered = Promise.withResolvers<void>();
  const questions = new Questions({ channel, log, answered: answered.resolve });
  questions.follow(true);
  await answered.promise;
  questions.follow(false);
  isAway = true;
  await expect(questions.askAll()).rejects.toMatchObject({ reason: "LibvirtNotResponding" });
  expect(questions.answers).toMatchObject({ osInfo: { id: "debian" }, info: { version: "10" } });
  questions.forget();
  expect(questions.answers).toEqual({});
});
