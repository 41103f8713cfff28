import { status } from "@grpc/grpc-js";
import { expect, test } from "@jest/globals";
import { ConnectionError } from "@knvirt/libvirt";
import { isTransient, LauncherError, toStatus, withReason } from "./errors.ts";

test.each([
  {
    given: new LauncherError("CloudInitInvalid", "a"),
    code: status.INVALID_ARGUMENT,
    details: "CloudInitInvalid: a",
    transient: false,
  },
  {
    given: new LauncherError("GuestNotResponding", "a"),
    code: status.UNAVAILABLE,
    details: "GuestNotResponding: a",
    transient: true,
  },
  {
    given: withReason(new ConnectionError("lost", "a")),
    code: status.UNAVAILABLE,
    details: "LibvirtNotResponding: a",
    transient: true,
  },
  {
    given: withReason(new TypeError("secret")),
    code: status.INTERNAL,
    details: "internal error of the launcher",
    transient: false,
  },
])("$given", ({ given, code, details, transient }) => {
  expect(toStatus(given)).toEqual({ code, details });
  expect(isTransient(given)).toBe(transient);
});
