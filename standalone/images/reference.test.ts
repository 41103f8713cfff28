import { expect, test } from "@jest/globals";
import { ToolError } from "@knvirt/tools";
import { imageFailure } from "./errors.ts";
import { defaultPolicy, imageSource } from "./reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  { reference: "quay.io/a/b:1", want: { name: "docker://quay.io/a/b:1", isRegistry: true, isLoopback: false } },
  {
    reference: "docker://quay.io/a/b:1",
    want: { name: "docker://quay.io/a/b:1", isRegistry: true, isLoopback: false },
  },
  { reference: "127.0.0.1:5000/b", want: { name: "docker://127.0.0.1:5000/b", isRegistry: true, isLoopback: true } },
  { reference: "localhost:5000/b", want: { name: "docker://localhost:5000/b", isRegistry: true, isLoopback: true } },
  {
    reference: "localhost.example/b",
    want: { name: "docker://localhost.example/b", isRegistry: true, isLoopback: false },
  },
  { reference: `a/b@${digest}`, want: { name: `docker://a/b@${digest}`, isRegistry: true, isLoopback: false } },
  { reference: "oci:/x/y:t", want: { name: "oci:/x/y:t", isRegistry: false, isLoopback: false } },
  { reference: "oci-archive:/x.tar", want: { name: "oci-archive:/x.tar", isRegistry: false, isLoopback: false } },
])("$reference is copied from $want.name", ({ reference, want }) => expect(imageSource(reference)).toEqual(want));

test.each(["", "a b", "-v", "--authfile=/x", "a\nb", "x".repeat(600)])("%j is no reference", (reference) => {
  expect(() => imageSource(reference)).toThrow("is no image reference");
});

test.each(["oci:x", "oci:../x:t", "dir:", "docker-archive:./x.tar"])("%j has no absolute path", (reference) => {
  expect(() => imageSource(reference)).toThrow("has no absolute path");
});

test.each([
  { reference: "a/b", want: "Always" },
  { reference: "a/b:latest", want: "Always" },
  { reference: "host:5000/b", want: "Always" },
  { reference: "host:5000/b:v1", want: "IfNotPresent" },
  { reference: `a/b@${digest}`, want: "IfNotPresent" },
])("the policy for $reference is $want", ({ reference, want }) => expect(defaultPolicy(reference)).toBe(want));

const fatal = (message: string) => `time="2026-01-01T00:00:00Z" level=fatal msg=${JSON.stringify(message)}\n`;

test.each([
  {
    stderr: fatal("Error determining manifest: reading manifest 1 in quay.io/a: manifest unknown"),
    want: "NotFound",
  },
  {
    stderr: fatal("reading manifest latest in docker.io/x/y: requested access to the resource is denied"),
    want: "Unauthorized",
  },
  {
    stderr: fatal("pinging container registry x: Get https://x/v2/: dial tcp: lookup x: no such host"),
    want: "Unreachable",
  },
  {
    stderr: fatal("pinging container registry: dial tcp 127.0.0.1:1: connect: connection refused"),
    want: "Unreachable",
  },
  { stderr: fatal("writing blob: write /x: no space left on device"), want: "NoSpace" },
  { stderr: fatal("open /x/index.json: no such file or directory"), want: "NotFound" },
  { stderr: fatal("parsing manifest: invalid character 'x'"), want: "BadImage" },
  { stderr: "something else", want: "PullFailed" },
])("$want: $stderr", ({ stderr, want }) => {
  const failure = imageFailure("a/b:1", new ToolError(["skopeo"], { end: "ended with code 1", stderr, stdout: "" }));
  expect(failure.reason).toBe(want);
  expect(failure.message).toMatch(/^image a\/b:1: /);
  expect(failure.message).not.toContain("level=fatal");
});
