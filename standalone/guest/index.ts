// The example guest: built here, known to the image store under one reference. How it is made of packages serves other
// guests too.
export { buildGuest, exampleGuest, guestFiles } from "./build.ts";
export { bootableKernel } from "./kernel.ts";
export { loadOrder } from "./modules.ts";
export { guestPackages, unpackPackage } from "./packages.ts";
