// Claims of storage. What this machine cannot give is refused when the claim is made, not left pending for ever.
import { isDeepStrictEqual } from "node:util";
import { parseQuantity } from "@knvirt/kubernetes";
import type { StatusCause } from "../errors.ts";
import { isRecord, type KubernetesObject } from "../object.ts";
import { ageText } from "../table/age.ts";
import type { TableColumns } from "../table/columns.ts";
import { builtIn } from "./built-in.ts";
import { anything, conditions, fields, list, objectSchema, oneOf, quantities, text, words } from "./fields.ts";

/** Of the only storage there is. */
const localClass = "local";
/** Held until no pod uses it and its storage is gone. */
const protection = "kubernetes.io/pvc-protection";

const elsewhere = {
  selector: anything("Not supported: there are no volumes to select from."),
  dataSource: anything("Not supported: storage starts empty."),
  dataSourceRef: anything("Not supported: storage starts empty."),
  volumeAttributesClassName: text("Not supported."),
};

const schema = objectSchema(
  "PersistentVolumeClaim is storage that outlives pods: a folder or a block device of this machine.",
  {
    spec: fields(
      "What is asked for.",
      {
        accessModes: {
          ...list(
            "How it is used: by pods of this one machine.",
            oneOf("A mode.", ["ReadWriteOnce", "ReadWriteOncePod"]),
          ),
          minItems: 1,
        },
        volumeMode: oneOf("A file system, or a block device.", ["Filesystem", "Block"], { default: "Filesystem" }),
        storageClassName: oneOf("Kind of storage.", [localClass], { default: localClass }),
        resources: fields("How much.", {
          requests: quantities("What is asked for."),
          limits: quantities("Not used."),
        }),
        volumeName: text("Name of its storage on this machine."),
        ...elsewhere,
      },
      { required: ["accessModes", "resources"] },
    ),
    status: fields("What was given.", {
      phase: oneOf("Bound once there is storage.", ["Pending", "Bound", "Lost"]),
      accessModes: words("How it may be used."),
      capacity: quantities("Size of a block device; a folder may grow with the disk below it."),
      conditions: conditions("What is observed."),
    }),
  },
  { required: ["spec"] },
);

const specOf = ({ spec }: KubernetesObject): Record<string, unknown> => (isRecord(spec) ? spec : {});

const prepareCreate = (claim: KubernetesObject): KubernetesObject => ({
  ...claim,
  metadata: {
    ...claim.metadata,
    finalizers: [...new Set([...((claim.metadata.finalizers as string[] | undefined) ?? []), protection])],
  },
  status: { phase: "Pending" },
});

function validate(claim: KubernetesObject, live: KubernetesObject | undefined): StatusCause[] {
  const spec = specOf(claim);
  if (live) return changeCauses(spec, specOf(live));
  const forbidden = [...Object.keys(elsewhere), "volumeName"].filter((field) => spec[field] !== undefined);
  return [
    ...forbidden.map((field) => ({
      reason: "FieldValueForbidden",
      message: "Forbidden: storage of this host is made for its claim and starts empty",
      field: `spec.${field}`,
    })),
    ...sizeCauses(spec),
  ];
}

function sizeCauses({ resources }: Record<string, unknown>): StatusCause[] {
  const { storage } = isRecord(resources) && isRecord(resources.requests) ? resources.requests : {};
  const field = "spec.resources[storage]";
  if (storage === undefined) return [{ reason: "FieldValueRequired", message: "Required value", field }];
  if (parseQuantity(String(storage)) > 0) return [];
  const message = `Invalid value: "${storage}": must be greater than zero`;
  return [{ reason: "FieldValueInvalid", message, field }];
}

/** The storage is named once, by who makes it. */
function changeCauses(spec: Record<string, unknown>, live: Record<string, unknown>): StatusCause[] {
  const fixed = (of: Record<string, unknown>) => ({ ...of, volumeName: live.volumeName ?? spec.volumeName });
  if (isDeepStrictEqual(fixed(spec), fixed(live)) && (!live.volumeName || spec.volumeName === live.volumeName))
    return [];
  const message = "Forbidden: spec is immutable after creation: storage of this host does not change its size";
  return [{ reason: "FieldValueForbidden", message, field: "spec" }];
}

const column = (name: string, description: string) => ({ name, type: "string", description });

const table: TableColumns = {
  columns: [
    { ...column("Name", "Name of the claim."), format: "name" },
    column("Status", "Pending or Bound."),
    column("Volume", "Name of its storage."),
    column("Capacity", "Its size."),
    column("Access Modes", "How it is used."),
    column("StorageClass", "Kind of storage."),
    column("Age", "Time since it was created."),
    { ...column("VolumeMode", "File system or block device."), priority: 1 },
  ],
  cells: (claim, now) => {
    const spec = specOf(claim);
    const status = isRecord(claim.status) ? claim.status : {};
    const capacity = isRecord(status.capacity) ? String(status.capacity.storage ?? "") : "";
    const modes = (Array.isArray(status.accessModes) ? status.accessModes : []).map(
      (mode) => shortModes[mode] ?? mode,
    );
    const phase = claim.metadata.deletionTimestamp ? "Terminating" : String(status.phase ?? "");
    return [
      ...[claim.metadata.name, phase, String(spec.volumeName ?? ""), capacity, modes.join(",")],
      ...[
        String(spec.storageClassName ?? ""),
        ageText(claim.metadata.creationTimestamp, now),
        String(spec.volumeMode),
      ],
    ];
  },
};

const shortModes: Record<string, string> = { ReadWriteOnce: "RWO", ReadWriteOncePod: "RWOP" };

export const persistentVolumeClaims = builtIn(
  {
    ...{ kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims", namespaced: true, shortNames: ["pvc"] },
    ...{ schema, subresources: { status: true } },
  },
  {
    strategy: { withoutGeneration: true, blank: { spec: { resources: {} }, status: {} }, prepareCreate, validate },
    table,
  },
);
