import { longestWaitSecondsOf, servedDefinitions, sinksOf, sweepSecondsOf } from "./environment.ts";

const image = { LAUNCHER_IMAGE: "launcher:1" };

test.each([
  { when: "nothing is chosen", env: {}, want: ["vm", "vmi"] },
  { when: "one is chosen", env: { FUNCTIONS: "vmi" }, want: ["vmi"] },
  { when: "several are, in any order", env: { FUNCTIONS: "vmi, vm" }, want: ["vm", "vmi"] },
])("functions that are served when $when: $want", ({ env, want }) => {
  expect(servedDefinitions({ ...image, ...env }).map(({ name }) => name)).toEqual(want);
});

test.each([
  { when: "a function that does not exist", env: { ...image, FUNCTIONS: "vm,vmx" }, want: /"vmx", expected vm, vmi/ },
  {
    when: "no name at all",
    env: { ...image, FUNCTIONS: "" },
    want: /FUNCTIONS names a function that does not exist/,
  },
  { when: "no image of the launcher", env: {}, want: /LAUNCHER_IMAGE is not set/ },
  {
    when: "a pull policy that does not exist",
    env: { ...image, LAUNCHER_PULL_POLICY: "Sometimes" },
    want: /LAUNCHER_PULL_POLICY is Sometimes/,
  },
])("refused: $when", ({ env, want }) => {
  expect(() => servedDefinitions(env)).toThrow(want);
});

test.each([
  { when: "a minute passes between sweeps", found: sweepSecondsOf({}), want: 60 },
  { when: "none are made by a timer", found: sweepSecondsOf({ SWEEP_SECONDS: "0" }), want: 0 },
  { when: "all waits are timers", found: longestWaitSecondsOf({}), want: 300 },
  { when: "on Knative short ones are", found: longestWaitSecondsOf({ K_SERVICE: "functions" }), want: 120 },
  {
    when: "as the setting says",
    found: longestWaitSecondsOf({ K_SERVICE: "f", LONGEST_WAIT_SECONDS: "7" }),
    want: 7,
  },
])("$when", ({ found, want }) => expect(found).toBe(want));

test("a number that is none is refused", () => {
  expect(() => sweepSecondsOf({ SWEEP_SECONDS: "often" })).toThrow(
    'SWEEP_SECONDS is "often": expected a whole number',
  );
});

test("sinks are named with their URLs", () =>
  expect([...sinksOf({ SINKS: "lifecycle=http://a.b.svc, other=http://127.0.0.1:80" })]).toEqual([
    ["lifecycle", "http://a.b.svc"],
    ["other", "http://127.0.0.1:80"],
  ]));

test.each([
  { when: "none are named", given: undefined, want: /SINKS is not set/ },
  { when: "there is no group", given: "http://a.b.svc", want: /SINKS has "http:/ },
  { when: "there is no URL", given: "lifecycle=a.b.svc", want: /expected group=http:\/\/host without a path/ },
  { when: "there is a path", given: "lifecycle=http://a.b.svc/x", want: /without a path/ },
])("sinks are refused when $when", ({ given, want }) => expect(() => sinksOf({ SINKS: given })).toThrow(want));
