import { expect, test } from "@jest/globals";
import { kubeVirtSchema } from "./kubevirt.ts";

const { pattern } = kubeVirtSchema.properties.spec.properties.configuration.properties.lifecycleEvents.properties
  .sink as unknown as { pattern: string };

test.each([
  { given: "http://broker-ingress.knative-eventing.svc.cluster.local/default/default", want: true },
  { given: "https://events.example.com:8443", want: true },
  { given: "http://[fd00::1]:8080/?of=guests", want: true },
  { given: "http://user:secret@host/", want: false },
  { given: "file:///etc/passwd", want: false },
  { given: "http:///path", want: false },
  { given: "http://host/a b", want: false },
  { given: "http://host/#part", want: false },
  { given: "", want: false },
])("sink $given is taken: $want", ({ given, want }) => expect(new RegExp(pattern).test(given)).toBe(want));
