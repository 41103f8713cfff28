// The fields of a CustomResourceDefinition. What a schema in it may hold is checked apart, since it holds schemas itself.
import { anything, conditions, fields, flag, integer, list, objectSchema, oneOf, text, words } from "./fields.ts";

const names = fields(
  "What the kind is called.",
  {
    plural: text("Name in paths: lower case, more than one."),
    singular: text("Name of one; the kind in lower case when left out."),
    kind: text("Name in objects."),
    listKind: text("Kind of a list; the kind with List appended when left out."),
    shortNames: words("Abbreviations for kubectl."),
    categories: words("Groups of kinds for kubectl, such as all."),
  },
  { required: ["plural", "kind"] },
);

const version = fields(
  "One version of the kind.",
  {
    name: text("Name of the version, such as v1."),
    served: flag("Whether requests can be made in this version."),
    storage: flag("Whether objects are stored in this version. Exactly one is."),
    deprecated: flag("Whether clients should move on."),
    deprecationWarning: text("What clients of a deprecated version are told."),
    schema: fields("What objects look like.", { openAPIV3Schema: anything("A structural schema.") }),
    subresources: fields("Parts of an object with an endpoint of their own.", {
      status: anything("Separates the status from the rest."),
      scale: fields(
        "The replica count.",
        {
          specReplicasPath: text("Where the wanted count is."),
          statusReplicasPath: text("Where the present count is."),
          labelSelectorPath: text("Where the selector of the replicas is."),
        },
        { required: ["specReplicasPath", "statusReplicasPath"] },
      ),
    }),
    additionalPrinterColumns: list(
      "Columns of kubectl get.",
      fields(
        "A column.",
        {
          name: text("Heading."),
          type: oneOf("Type of the value.", ["integer", "number", "string", "boolean", "date"]),
          format: text("Format of the value."),
          description: text("What it means."),
          priority: integer("Above 0: shown with -o wide only."),
          jsonPath: text("Where the value is."),
        },
        { required: ["name", "type", "jsonPath"] },
      ),
    ),
    selectableFields: list("Fields for field selectors.", fields("A field.", { jsonPath: text("Where it is.") })),
  },
  { required: ["name", "served", "storage", "schema"] },
);

export const customResourceDefinitionSchema = objectSchema(
  "CustomResourceDefinition brings a kind to the API.",
  {
    spec: fields(
      "The kind.",
      {
        group: text("API group of the kind."),
        names,
        scope: oneOf("Whether objects live in namespaces.", ["Namespaced", "Cluster"]),
        versions: list("Versions of the kind.", version, { minItems: 1 }),
        preserveUnknownFields: flag("Not supported.", { enum: [false] }),
        conversion: fields("How versions are converted.", {
          strategy: oneOf("Only None: versions differ in apiVersion alone.", ["None"], { default: "None" }),
        }),
      },
      { required: ["group", "names", "scope", "versions"] },
    ),
    status: fields("How far the kind has come.", {
      acceptedNames: names,
      storedVersions: words("Versions that objects have been stored in."),
      conditions: conditions("NamesAccepted and Established."),
    }),
  },
  { required: ["spec"] },
);
