import { aVm } from "../testing/builders.ts";
import { claimNames } from "./claims.ts";

const withClaims = {
  domain: {},
  volumes: ["root", "more"].map((name) => ({ name, persistentVolumeClaim: { claimName: "data" } })),
};

test.each([
  { told: "Starting", want: ["data"] },
  { told: "WaitingForVolumeBinding", want: ["data"] },
  { told: "Running", want: [] },
  { told: "Stopped", want: [] },
  { told: undefined, want: [] },
])("claims that are looked at while $told is told are $want", ({ told, want }) => {
  const status = told === undefined ? {} : { printableStatus: told };
  expect(claimNames(aVm({ template: withClaims, status }))).toEqual(want);
});
