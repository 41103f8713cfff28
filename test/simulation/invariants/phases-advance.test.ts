import { expect, test } from "@jest/globals";
import type { VmiPhase } from "@knvirt/api";
import { ledgerOf } from "./ledger.ts";
import { phasesAdvance } from "./phases-advance.ts";
import { changed, inPhase } from "./testing/history.ts";

const broken = (from: VmiPhase, to: VmiPhase): string[] => {
  const said: string[] = [];
  const ledger = ledgerOf(() => 0);
  ledger.follow(phasesAdvance({ broken: (_object: string, text: string) => said.push(text) } as never));
  changed(inPhase(from), inPhase(to))(ledger);
  return said;
};

test.each<{ from: VmiPhase; to: VmiPhase; isLawful: boolean }>([
  { from: "Pending", to: "Scheduling", isLawful: true },
  { from: "Scheduling", to: "Running", isLawful: true },
  { from: "Running", to: "Failed", isLawful: true },
  { from: "Running", to: "Scheduled", isLawful: false },
  { from: "Scheduling", to: "Pending", isLawful: false },
  { from: "Failed", to: "Running", isLawful: false },
  { from: "Succeeded", to: "Failed", isLawful: false },
])("from $from to $to: $isLawful", ({ from, to, isLawful }) =>
  expect(broken(from, to)).toHaveLength(isLawful ? 0 : 1),
);
