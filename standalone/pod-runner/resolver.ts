// What a pod's resolv.conf says: the machine's resolver, what the pod adds to it, or what the pod gives alone. Pure.
// Source: Kubernetes' documentation on DNS for pods.
import type { PodSpec } from "@knvirt/kubernetes";

/** More are not asked by the C library. */
const nameServersAtMost = 3;

export function resolverFile({ dnsPolicy, dnsConfig }: PodSpec, ofMachine: string): string {
  if (dnsPolicy !== "None" && dnsConfig === undefined) return ofMachine;
  const lines = dnsPolicy === "None" ? [] : ofMachine.split("\n").map((line) => line.trim().split(/\s+/));
  const said = (word: string): string[] => lines.flatMap(([first, ...rest]) => (first === word ? rest : []));
  const [, ...searched] = lines.findLast(([word]) => word === "search" || word === "domain") ?? [];
  const servers = unique([...said("nameserver"), ...(dnsConfig?.nameservers ?? [])]).slice(0, nameServersAtMost);
  const searches = unique([...searched, ...(dnsConfig?.searches ?? [])]);
  const options = mergedOptions(said("options"), dnsConfig?.options ?? []);
  return [
    ...servers.map((address) => `nameserver ${address}\n`),
    ...(searches.length > 0 ? [`search ${searches.join(" ")}\n`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}\n`] : []),
  ].join("");
}

const unique = (words: string[]): string[] => [...new Set(words)];

/** The pod's own value of an option wins. */
function mergedOptions(before: string[], own: { name: string; value?: string }[]): string[] {
  const merged = new Map(before.map((option) => [option.split(":", 1)[0] ?? "", option]));
  for (const { name, value } of own) merged.set(name, value === undefined ? name : `${name}:${value}`);
  return [...merged.values()];
}
