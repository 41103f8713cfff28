// What the pod runner tells of a pod.
import { anything, conditions, fields, flag, integer, list, listBy, text, time } from "../fields.ts";

const containerState = fields("What a container is doing.", {
  waiting: fields("It is not running yet.", { reason: text("Why."), message: text("A sentence for people.") }),
  running: fields("It is running.", { startedAt: time("Since when.") }),
  terminated: fields("It has ended.", {
    exitCode: integer("Exit code of its program."),
    signal: integer("Signal that ended it."),
    reason: text("Why it ended."),
    message: text("Its last message."),
    startedAt: time("When it started."),
    finishedAt: time("When it ended."),
    containerID: text("Which container it was."),
  }),
});

const containerStatus = fields(
  "A container as it is.",
  {
    name: text("Name of the container."),
    state: containerState,
    lastState: containerState,
    ready: flag("Whether it does its work."),
    started: flag("Whether it has started."),
    restartCount: integer("How often it was started again."),
    image: text("Image that it runs."),
    imageID: text("Digest of the image."),
    containerID: text("Name of the container at its runtime."),
    resources: anything("What it was given of the machine."),
    allocatedResources: anything("What was set aside for it."),
    volumeMounts: list("What is mounted in it.", anything("A mount.")),
    user: anything("Whom it runs as."),
  },
  { required: ["name"] },
);

const address = listBy(
  ["ip"],
  "Addresses.",
  fields("An address.", { ip: text("The address.") }, { required: ["ip"] }),
);

export const podStatus = fields("The pod as it is.", {
  observedGeneration: integer("Generation that the status is about."),
  phase: text("Pending, Running, Succeeded, Failed or Unknown."),
  conditions: conditions("Scheduled, initialized, ready.", {
    lastProbeTime: { ...time("When it was last looked at."), nullable: true },
    observedGeneration: integer("Generation that the condition is about."),
  }),
  message: text("A sentence for people."),
  reason: text("One word for why."),
  nominatedNodeName: text("Not used."),
  hostIP: text("Address of the machine."),
  hostIPs: address,
  podIP: text("Address of the pod."),
  podIPs: address,
  startTime: time("When the machine took the pod."),
  initContainerStatuses: list("Not used.", containerStatus),
  containerStatuses: list("The containers as they are.", containerStatus),
  qosClass: text("Guaranteed, Burstable or BestEffort."),
});
