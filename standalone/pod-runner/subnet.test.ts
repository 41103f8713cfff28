import { expect, test } from "@jest/globals";
import { freeSubnet, rangeOf } from "./subnet.ts";

test.each([
  { when: "nothing is taken", taken: [], seed: 0, want: "10.0.0.0/24" },
  { when: "the seed says where to begin", taken: [], seed: 0x9d29, want: "10.157.41.0/24" },
  { when: "the first is taken", taken: ["10.0.0.0/24"], seed: 0, want: "10.0.1.0/24" },
  { when: "a larger network is taken", taken: ["10.0.0.0/15"], seed: 7, want: "10.2.0.0/24" },
  { when: "one address is taken", taken: ["10.0.0.77"], seed: 0, want: "10.0.1.0/24" },
  { when: "other networks do not matter", taken: ["192.168.0.0/16", "172.16.0.0/12"], seed: 3, want: "10.0.3.0/24" },
  { when: "the end is reached", taken: ["10.255.255.0/24"], seed: 65535, want: "10.0.0.0/24" },
])("$when", ({ taken, seed, want }) => expect(freeSubnet(taken.map(rangeOf), seed)).toBe(want));

test("a machine with all of 10/8 in use is told so", () => {
  expect(() => freeSubnet([rangeOf("10.0.0.0/8")], 0)).toThrow("no free network in 10.0.0.0/8");
});
