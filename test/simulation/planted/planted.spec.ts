// A sample of the planted bugs, of each part one: those that are found within seconds. All of them: npm run simulate -- --planted.
import { bugs } from "./bugs/index.ts";
import { hunt } from "./index.ts";

const sample = [
  "ended-instance-stays",
  "failure-counted-twice",
  "failure-called-success",
  "running-before-it-runs",
  "restart-begins-with-start",
  "no-sweep-after-changes",
  "deletions-not-noticed-by-watches",
];

/** Each is found by one of the first twenty as a rule. */
const seeds = 100;

test.each(sample)("%s is found", async (name) => {
  const bug = bugs.find((candidate) => candidate.name === name);
  if (!bug) throw new Error(`planted bug ${name} is unknown`);
  const { found, seeds: played } = await hunt(bug, seeds);
  expect({ name, isFound: found !== undefined, played }).toMatchObject({ name, isFound: true });
});
