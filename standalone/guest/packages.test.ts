import { expect, test } from "@jest/globals";
import { newestKernel, packageIn } from "./packages.ts";

const said = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64
Version: 6.1.192-2
Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)

Package: busybox-static
Version: 1:1.35.0-4+deb12u1+b1
Depends: libnothing
`;

test("the kernel is the one that the metapackage depends on", () => {
  expect(newestKernel(said)).toEqual({ name: "linux-image-6.1.0-56-cloud-amd64", version: "6.1.192-2" });
  expect(packageIn(said, "busybox-static")).toEqual({ name: "busybox-static", version: "1:1.35.0-4+deb12u1+b1" });
});

test("a package that apt does not know is named", () => {
  expect(() => packageIn(said, "cpio")).toThrow("package cpio is unknown to apt");
  expect(() => newestKernel("")).toThrow("kernel package is unknown");
});
