// APIServices: groups that another process of this host serves. Which processes there are, the host knows.
import { type ServiceSockets, serviceOf } from "../http/api-services.ts";
import type { KubernetesObject } from "../object.ts";
import { timestamp } from "../timestamp.ts";
import { builtIn } from "./built-in.ts";
import { conditions, fields, flag, integer, objectSchema, text } from "./fields.ts";

const schema = objectSchema(
  "APIService says who serves a version of an API group.",
  {
    spec: fields(
      "The group and its server.",
      {
        group: text("API group."),
        version: text("Version of the group."),
        service: fields(
          "The process that serves it.",
          {
            namespace: text("Namespace of the service."),
            name: text("Name of the service."),
            port: integer("Ignored: services are reached through sockets of this host."),
          },
          { required: ["namespace", "name"] },
        ),
        groupPriorityMinimum: integer("Rank of the group among groups."),
        versionPriority: integer("Rank of the version in its group."),
        insecureSkipTLSVerify: flag("Ignored: the sockets have no TLS."),
        caBundle: text("Ignored: the sockets have no TLS.", { format: "byte" }),
      },
      { required: ["group", "version", "service"] },
    ),
    status: fields("Whether the group can be reached.", { conditions: conditions("Available.") }),
  },
  { required: ["spec"] },
);

export function apiServices(sockets: ServiceSockets) {
  const withStatus = (object: KubernetesObject, now: Date): KubernetesObject => {
    const service = serviceOf(object);
    const isKnown = sockets[service] !== undefined;
    const condition = {
      type: "Available",
      status: isKnown ? "True" : "False",
      reason: isKnown ? "Passed" : "ServiceNotFound",
      message: isKnown ? "all checks passed" : `this host does not run a service ${service}`,
      lastTransitionTime: timestamp(now),
    };
    return { ...object, status: { conditions: [condition] } };
  };
  return builtIn(
    {
      ...{ group: "apiregistration.k8s.io", kind: "APIService", plural: "apiservices", namespaced: false },
      ...{ schema, subresources: { status: true }, categories: ["api-extensions"] },
      columns: [
        { name: "Service", type: "string", jsonPath: ".spec.service.name", description: "Who serves it." },
        {
          ...{ name: "Available", type: "string", description: "Whether it can be reached." },
          jsonPath: '.status.conditions[?(@.type=="Available")].status',
        },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", description: "Time since creation." },
      ],
    },
    { strategy: { prepareCreate: withStatus, validate: causesOf } },
  );
}

function causesOf({ metadata, spec }: KubernetesObject) {
  const { group, version } = spec as { group: string; version: string };
  if (metadata.name === `${version}.${group}`) return [];
  const message = `Invalid value: ${JSON.stringify(metadata.name)}: must be spec.version+"."+spec.group`;
  return [{ reason: "FieldValueInvalid", message, field: "metadata.name" }];
}
