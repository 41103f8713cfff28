// docs/api-server.md: what the embedded API server does differently from Kubernetes, for its users.
import { differences } from "./differences.ts";

const introduction = `<!-- Generated from test/compare/differences.ts by npm run compare -- --page. Do not edit. -->

# The embedded API server

\`npm start\` runs knvirt on one machine, with an API server of its own. It serves the Kubernetes API as far as VMs need
it, and answers as kube-apiserver does: \`npm run compare\` sends the same random requests to both and fails at every
difference that is not below.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

export function apiServerPage(): string {
  const rows = differences.map(({ id, what, why }) => `| ${id} | ${cell(what)} | ${cell(why)} |`);
  const head = ["| | what is different | why |", "| --- | --- | --- |"];
  return [introduction, ...head, ...rows, "", outside].join("\n");
}

const outside = `Not compared, since it is not the API server's part: what controllers do. Here they run in the same process, act at
once, and are only those that VMs need: garbage collection, the end of namespaces, the age of events, and
CustomResourceDefinitions.
`;
