import { sharedLibraries } from "./envoy.ts";

describe("the shared libraries that ldd tells of", () => {
  it.each([
    {
      when: "a library",
      given: "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007fa609b20000)",
      want: ["/lib/x86_64-linux-gnu/libm.so.6"],
    },
    {
      when: "the loader",
      given: "\t/lib64/ld-linux-x86-64.so.2 (0x00007fa610c67000)",
      want: ["/lib64/ld-linux-x86-64.so.2"],
    },
    { when: "the kernel's own", given: "\tlinux-vdso.so.1 (0x00007fa610c65000)", want: [] },
  ])("$when", ({ given, want }) => {
    expect(Object.keys(sharedLibraries(`${given}\n`))).toEqual(want);
  });
});
