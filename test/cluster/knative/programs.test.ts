import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imageOf, programsOf, runsEverywhere } from "./programs.ts";

const goMod = readFileSync(join(import.meta.dirname, "..", "go", "knative", "go.mod"), "utf8");

describe("the tools of go.mod", () => {
  it.each([
    {
      when: "a command of a module",
      given: "knative.dev/serving/cmd/queue",
      want: { module: "serving", binary: "queue", image: "dev.local/knative/serving-queue" },
    },
    {
      when: "a command in a folder of commands",
      given: "knative.dev/eventing/cmd/in_memory/channel_controller",
      want: {
        module: "eventing",
        binary: "channel_controller",
        image: "dev.local/knative/eventing-channel-controller",
      },
    },
  ])("$when", ({ given, want: { image, ...program } }) => {
    expect(programsOf(`tool (\n\t${given}\n)\n`)).toEqual([{ package: given, ...program }]);
    expect(imageOf(given)).toBe(image);
  });

  it("have binaries and images of their own", () => {
    const programs = programsOf(goMod);
    expect(programs.length).toBeGreaterThan(10);
    expect(new Set(programs.map((program) => imageOf(program.package))).size).toBe(programs.length);
    expect(new Set(programs.map(({ module, binary }) => `${module}/${binary}`)).size).toBe(programs.length);
  });

  it("refuses what is no command", () => {
    expect(() => programsOf("tool (\n\tknative.dev/serving/pkg/apis\n)\n")).toThrow(
      /program knative.dev\/serving\/pkg\/apis is unknown/,
    );
  });

  it.each([
    { when: "the sidecar of every function", given: "dev.local/knative/serving-queue:1a2b", want: true },
    { when: "a controller", given: "dev.local/knative/serving-controller:1a2b", want: false },
  ])("runs everywhere: $when", ({ given, want }) => {
    expect(runsEverywhere(given)).toBe(want);
  });
});
