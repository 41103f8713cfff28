// Real programs, and what is known of them when they have ended.
import { runTool, ToolError, type ToolOptions } from "./index.ts";

interface Case {
  when: string;
  given: string[];
  options?: ToolOptions;
}

const sh = (script: string, ...args: string[]): string[] => ["sh", "-c", script, ...args];
const run = ({ given: [tool = "", ...args], options }: Case): Promise<string> => runTool(tool, args, options);
const failure = (given: Case): Promise<ToolError> =>
  run(given).then(
    (output) => Promise.reject(new Error(`did not fail: ${output}`)),
    (error: ToolError) => error,
  );

process.env.KNVIRT_TOOLS_TEST = "ours";
afterAll(() => {
  delete process.env.KNVIRT_TOOLS_TEST;
});

test.each<Case & { want: string }>([
  { when: "it prints", given: ["printf", "a\\nb"], want: "a\nb" },
  { when: "it complains and succeeds", given: sh("echo a; echo b >&2"), want: "a\n" },
  { when: "it is given no input", given: ["cat"], want: "" },
  { when: "it is given input", given: ["cat"], options: { input: "ä" }, want: "ä" },
  { when: "it reads no input", given: ["true"], options: { input: "a".repeat(1_000_000) }, want: "" },
  { when: "it is given a folder", given: ["pwd"], options: { cwd: "/usr" }, want: "/usr\n" },
  { when: "an argument is no shell's", given: ["echo", "$HOME;"], want: "$HOME;\n" },
  {
    when: "an argument is no shell's within limits either",
    given: ["echo", "$HOME;"],
    options: { limits: { cpuSeconds: 7, addressSpaceKib: 100_000 } },
    want: "$HOME;\n",
  },
  {
    when: "it is limited",
    given: sh("ulimit -t; ulimit -v"),
    options: { limits: { cpuSeconds: 7, addressSpaceKib: 100_000 } },
    want: "7\n100000\n",
  },
  { when: "it has our environment", given: sh("echo $KNVIRT_TOOLS_TEST $LC_ALL"), want: "ours C\n" },
  {
    when: "a variable is added",
    given: sh("echo $KNVIRT_TOOLS_TEST $LC_ALL"),
    options: { env: { KNVIRT_TOOLS_TEST: "another" } },
    want: "another C\n",
  },
  {
    when: "a variable is taken away",
    given: sh("echo $" + "{KNVIRT_TOOLS_TEST-none}"),
    options: { env: { KNVIRT_TOOLS_TEST: undefined } },
    want: "none\n",
  },
])("answers with what was printed when $when", async ({ want, ...given }) => expect(await run(given)).toBe(want));

const lines = Array.from({ length: 20 }, (_, index) => index + 1);

test.each<Case & { want: string; exitCode?: number }>([
  { when: "it complains", given: sh("echo a >&2; exit 7", "x"), want: "ended with code 7: a", exitCode: 7 },
  { when: "it only printed", given: sh("echo a; exit 7"), want: "ended with code 7: a", exitCode: 7 },
  { when: "it did both", given: sh("echo a >&2; echo b; exit 7"), want: "ended with code 7: b\na", exitCode: 7 },
  { when: "it says nothing", given: ["false"], want: "false ended with code 1", exitCode: 1 },
  { when: "it says much", given: sh("seq 20; exit 1"), want: `: ${lines.slice(5).join("\n")}`, exitCode: 1 },
  {
    when: "its line is long",
    given: sh("printf %03000d 1 >&2; exit 1"),
    want: `: ${"1".padStart(2000, "0")}`,
    exitCode: 1,
  },
  { when: "it is ended", given: sh("echo a; kill -TERM $$"), want: "was ended by SIGTERM: a" },
  {
    when: "it is not there",
    given: ["knvirt-no-such-tool"],
    want: "tool cannot be run: spawn knvirt-no-such-tool ENOENT",
  },
  {
    when: "it is given up",
    given: ["sleep", "60"],
    options: { signal: AbortSignal.timeout(50) },
    want: "sleep 60 was given up",
  },
  {
    when: "it takes too long",
    given: sh("echo a; exec sleep 60"),
    options: { timeoutMs: 3_000 },
    want: "took longer than 3 s: a",
  },
  {
    when: "it takes too long within limits",
    given: ["sleep", "60"],
    options: { timeoutMs: 50, limits: { cpuSeconds: 7, addressSpaceKib: 100_000 } },
    want: "sleep 60 took longer than 0.05 s",
  },
  {
    when: "what it started takes too long",
    given: sh("sleep 5 & wait"),
    options: { timeoutMs: 50 },
    want: "took longer than 0.05 s",
  },
  {
    when: "it computes too long",
    given: sh("while :; do :; done"),
    options: { limits: { cpuSeconds: 1, addressSpaceKib: 100_000 } },
    want: "was ended by SIGKILL",
  },
])(
  "fails with its last words when $when",
  async ({ want, exitCode, ...given }) => {
    const error = await failure(given);
    expect(error).toBeInstanceOf(ToolError);
    expect(error.message.endsWith(want) || error.message).toBe(true);
    expect({ exitCode: error.exitCode, timedOut: error.timedOut }).toEqual({
      exitCode,
      timedOut: want.includes("took longer"),
    });
  },
  30_000,
); // a second of computing takes many on a busy machine

test("a failure keeps both streams, and not the whole of a long command", async () => {
  const error = await failure({ when: "", given: sh("echo a; echo b >&2; exit 1", "x".repeat(1000)) });
  expect([error.stdout, error.stderr]).toEqual(["a\n", "b\n"]);
  expect(error.message.length).toBeLessThan(300);
});

test("a line is told while the program runs", async () => {
  const ending = new AbortController();
  const heard: string[] = [];
  const onLine = (line: string): void => {
    heard.push(line);
    if (line === "b") ending.abort();
  };
  const error = await failure({
    when: "",
    given: sh("echo a; echo b; exec sleep 60"),
    options: { onLine, signal: ending.signal },
  });
  expect([heard, error.stdout]).toEqual([["a", "b"], "a\nb\n"]);
});
