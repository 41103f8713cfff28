// The fields of a container that the pod runner honours.
import { fields, flag, integer, list, listBy, oneOf, quantities, text, words } from "../fields.ts";

const seccompProfile = fields("System calls that processes may make.", {
  type: oneOf("Which profile.", ["RuntimeDefault", "Unconfined"]),
});

export const userFields = {
  runAsUser: integer("User id of the processes.", { minimum: 0 }),
  runAsGroup: integer("Group id of the processes.", { minimum: 0 }),
  runAsNonRoot: flag("Refuses to run as user 0."),
  seccompProfile,
};

const securityContext = fields("Rights of the container.", {
  ...userFields,
  allowPrivilegeEscalation: flag("Whether a process may gain rights by executing a file."),
  readOnlyRootFilesystem: flag("Whether the image is mounted read-only."),
  privileged: flag("Not supported but as false.", { enum: [false] }),
  capabilities: fields("Capabilities beside the default ones.", {
    add: words("Capabilities added."),
    drop: words("Capabilities taken away; ALL for all."),
  }),
});

const port = fields(
  "A port the container listens on; for information.",
  {
    name: text("Name of the port."),
    containerPort: integer("The port.", { minimum: 1, maximum: 65535 }),
    protocol: oneOf("Protocol of the port.", ["TCP", "UDP", "SCTP"], { default: "TCP" }),
  },
  { required: ["containerPort"] },
);

const environment = fields(
  "A variable.",
  { name: text("Name of the variable."), value: text("Its value.") },
  { required: ["name"] },
);

const mount = fields(
  "Where a volume appears.",
  {
    name: text("Name of the volume."),
    mountPath: text("Path in the container."),
    readOnly: flag("Whether it cannot be written to."),
  },
  { required: ["name", "mountPath"] },
);

const blockDevice = fields(
  "Where a block device appears.",
  {
    name: text("Name of the volume."),
    devicePath: text("Path of the device in the container.", { pattern: "^/dev/" }),
  },
  { required: ["name", "devicePath"] },
);

export const pullPolicies = ["Always", "IfNotPresent", "Never"];

const portOrName = { description: "Port, or its name.", "x-kubernetes-int-or-string": true };

const probe = (description: string) =>
  fields(description, {
    exec: fields("Run a program in the container.", { command: words("Program and its arguments.") }),
    tcpSocket: fields("Open a TCP connection.", {
      port: portOrName,
      host: text("Address; the pod's when left out."),
    }),
    httpGet: fields("Ask for a page.", {
      port: portOrName,
      path: text("Path of the page."),
      host: text("Address; the pod's when left out."),
      scheme: oneOf("How it is asked for.", ["HTTP", "HTTPS"], { default: "HTTP" }),
      httpHeaders: list(
        "Headers of the request.",
        fields("A header.", { name: text("Name of the header."), value: text("Its value.") }),
      ),
    }),
    initialDelaySeconds: integer("Time before the first question.", { minimum: 0 }),
    timeoutSeconds: integer("How long an answer may take.", { default: 1, minimum: 1 }),
    periodSeconds: integer("Time between questions.", { default: 10, minimum: 1 }),
    successThreshold: integer("Successes in a row that count.", { default: 1, minimum: 1 }),
    failureThreshold: integer("Failures in a row that count.", { default: 3, minimum: 1 }),
  });

export const container = fields(
  "A container.",
  {
    name: text("Name of the container, unique in the pod.", {
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
    }),
    image: text("Image that it is made from."),
    imagePullPolicy: oneOf("When the image is fetched.", pullPolicies),
    command: words("Program to run; the image's entry point when left out."),
    args: words("Arguments of the program."),
    workingDir: text("Directory the program starts in."),
    env: listBy(["name"], "Environment of the program.", environment),
    ports: list("Ports the container listens on.", port, {
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    }),
    resources: fields("What the container gets of the machine.", {
      limits: quantities("What it may use at most."),
      requests: quantities("What is set aside for it."),
    }),
    volumeMounts: listBy(["mountPath"], "Where volumes appear.", mount),
    volumeDevices: listBy(["devicePath"], "Where volumes that are block devices appear.", blockDevice),
    readinessProbe: probe("How it is found out that the container does its work."),
    livenessProbe: probe("How it is found out that the container still lives."),
    securityContext,
    terminationMessagePath: text("File whose content becomes the container's last message.", {
      default: "/dev/termination-log",
    }),
    terminationMessagePolicy: oneOf("Where the last message comes from.", ["File"], { default: "File" }),
    stdin: flag("Not supported but as false.", { enum: [false] }),
    tty: flag("Not supported but as false.", { enum: [false] }),
  },
  { required: ["name", "image"] },
);
