import { probeKvm } from "./kvm.ts";

test("the probe's guest reaches 64-bit code and reports its result", async () => {
  expect(await probeKvm("qemu-system-x86_64", "tcg", 50_000)).toEqual({ usable: true });
});

test("an emulator that does not run the guest is told with its own words", async () => {
  expect(await probeKvm("/bin/false", "tcg")).toEqual({
    usable: false,
    reason: expect.stringContaining("a 64-bit guest did not run"),
  });
});

test("a guest that hangs is told as such, or runs where KVM is whole", async () => {
  const probe = await probeKvm();
  expect(probe.usable || probe.reason).toBeTruthy();
});
