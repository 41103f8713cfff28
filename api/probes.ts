// Questions that are asked of a guest again and again: whether it is ready, whether it still lives.
import Type, { type Static } from "typebox";
import { choice, integer, list, object, optional, type Rule, text } from "./schema.ts";

const port = Type.Unsafe<number | string>({
  description: "Number of the port, or the name that an interface gives it.",
  anyOf: [{ type: "integer" }, { type: "string" }],
  "x-kubernetes-int-or-string": true,
});

const exec = object("Run a program in the guest, by its agent: it succeeds with exit code 0.", {
  command: list(text("Word."), "Path of the program in the guest, and its arguments. There is no shell.", {
    minItems: 1,
    maxItems: 64,
  }),
});

const tcpSocket = object("Open a TCP connection.", {
  port,
  host: optional(text("Address; that of the launcher pod, and so of its guest, when left out.")),
});

const httpGet = object("Ask for a page: it succeeds with a status from 200 to 399.", {
  port,
  path: optional(text("Path of the page.")),
  host: optional(text("Address; that of the launcher pod, and so of its guest, when left out.")),
  scheme: optional(choice(["HTTP", "HTTPS"], "HTTP when left out. Certificates are not verified.")),
  httpHeaders: optional(
    list(object("A header.", { name: text("Name."), value: text("Value.") }), "Headers of the request."),
  ),
});

const seconds = (description: string, minimum: number) => optional(integer(description, { minimum }));

export const probe = (description: string) =>
  object(
    description,
    {
      exec: optional(exec),
      guestAgentPing: optional(object("Ask the guest's agent whether it is there.", {})),
      httpGet: optional(httpGet),
      tcpSocket: optional(tcpSocket),
      initialDelaySeconds: seconds("Time before it is asked for the first time.", 0),
      timeoutSeconds: seconds("After so long no answer is a failure; 1 when left out.", 1),
      periodSeconds: seconds("Time from one question to the next; 10 when left out.", 1),
      successThreshold: seconds("Successes in a row that count as one; 1 when left out.", 1),
      failureThreshold: seconds("Failures in a row that count as one; 3 when left out.", 1),
    },
    {
      rules: [
        {
          rule: "[has(self.exec), has(self.guestAgentPing), has(self.httpGet), has(self.tcpSocket)].filter(given, given).size() == 1",
          message: "a probe asks in exactly one way: give one of exec, guestAgentPing, httpGet, tcpSocket",
        },
      ],
    },
  );

const needsPodNetwork = (field: string): Rule => ({
  rule: `!has(self.${field}) || !(has(self.${field}.httpGet) || has(self.${field}.tcpSocket)) || (has(self.networks) && self.networks.size() > 0 ? self.networks.exists(n, has(n.pod)) : !has(self.domain.devices) || !has(self.domain.devices.autoattachPodInterface) || self.domain.devices.autoattachPodInterface)`,
  message: `${field} asks over the network, and the guest is not on the pod network: give exec or guestAgentPing`,
  fieldPath: `.${field}`,
});

export const probeRules: Rule[] = [
  needsPodNetwork("readinessProbe"),
  needsPodNetwork("livenessProbe"),
  {
    rule: "!has(self.livenessProbe) || !has(self.livenessProbe.successThreshold) || self.livenessProbe.successThreshold == 1",
    message: "successThreshold of a livenessProbe is not 1: a guest that answers once is alive",
    fieldPath: ".livenessProbe.successThreshold",
  },
];

export type GuestProbe = Static<ReturnType<typeof probe>>;
