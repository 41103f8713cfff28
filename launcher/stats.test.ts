import { expect, test } from "@jest/globals";
import { byKind } from "./stats.ts";

test("figures by their kind", () =>
  expect(byKind({ "cpu.time": 2 ** 60, "block.0.name": "vda", "vcpu.0.halted": true, "state.state": 1 })).toEqual({
    numbers: { "cpu.time": 2 ** 60, "vcpu.0.halted": 1, "state.state": 1 },
    texts: { "block.0.name": "vda" },
  }));
