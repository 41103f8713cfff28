// What admission refuses, on the API server of one machine; and that nothing is refused without a row.
import { type InstalledServer, startInstalledServer } from "../../standalone/testing/installed-server.ts";
import { testAdmission } from "./admission.ts";
import { changeRefusals, manifestRefusals, specRefusals } from "./refusals.ts";
import { ruleMessages, schemaOf } from "./schema-fields.ts";

let server: InstalledServer;
beforeAll(async () => {
  server = await startInstalledServer();
});
afterAll(() => server.close());

testAdmission(() => ({ client: server.client, namespace: "default" }));

const messages = [
  ...new Set(["VirtualMachine", "VirtualMachineInstance"].flatMap((kind) => ruleMessages(schemaOf(kind)))),
];

test.each(messages)("a row shows what is refused with: %s", (message) => {
  const rows = [...specRefusals, ...manifestRefusals, ...changeRefusals];
  expect(rows.filter((row) => isSaidBy(row.message, message))).not.toEqual([]);
});

/** Where a rule's message has three dots, the row has what was found. */
const isSaidBy = (row: string, message: string): boolean => {
  const [head = "", tail = ""] = message.split("...");
  return message.includes("...") ? row.startsWith(head) && row.endsWith(tail) : message.startsWith(row);
};

test.each(messages)("names the object, what is wrong, and what was found or is expected: %s", (message) =>
  expect(message).toMatch(/^[a-zA-Z].+: .*([^.]|[.]{3})$/),
);
