// The example guest: built here, known to the image store under one reference.
export { buildGuest, exampleGuest, guestFiles } from "./build.ts";
