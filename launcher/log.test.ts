import { createLog } from "./log.ts";

const lines: string[] = [];
const log = createLog({ vmi: "default/web" }, (line) => lines.push(line));
afterEach(() => lines.splice(0));
const written = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

test("a line carries level, time, the launcher's fields, its own and the message", () => {
  log.info({ phase: 2 }, "domain state");
  expect(written()).toEqual([
    { level: 30, time: expect.any(Number), vmi: "default/web", phase: 2, msg: "domain state" },
  ]);
  expect(lines[0]).toMatch(/\n$/);
});

test("an error is told with its stack and its cause, and a big number as text", () => {
  log.warn({ err: new Error("outer", { cause: new Error("inner") }), size: 2n ** 64n }, "failed");
  expect(written()[0]).toMatchObject({
    level: 40,
    size: "18446744073709551616",
    err: { type: "Error", message: "outer", stack: expect.stringContaining("log.test"), cause: { message: "inner" } },
  });
});

test("what is below the level is not written", () => {
  log.debug({}, "not shown");
  expect(lines).toEqual([]);
});
