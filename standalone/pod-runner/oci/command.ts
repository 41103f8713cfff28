// What a container executes, with which environment. Pure. Source: Kubernetes' rules for command, args and $(VAR).
import type { Container } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";

export interface ImageCommand {
  entrypoint: string[];
  cmd: string[];
  env: string[];
}

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Later names win over earlier ones: image, host name, pod. */
export function environment(container: Container, image: ImageCommand, hostname: string): string[] {
  const merged = new Map<string, string>();
  for (const entry of [defaultPath, `HOSTNAME=${hostname}`, ...image.env]) {
    const at = entry.indexOf("=");
    if (at > 0) merged.set(entry.slice(0, at), entry.slice(at + 1));
  }
  for (const { name, value = "" } of container.env ?? []) merged.set(name, expand(value, merged));
  return [...merged].map(([name, value]) => `${name}=${value}`);
}

/** `command` replaces entrypoint and cmd of the image, `args` only its cmd. */
export function commandLine(container: Container, image: ImageCommand, env: string[]): string[] {
  const variables = new Map(env.map((entry) => [entry.split("=", 1)[0] ?? "", entry.slice(entry.indexOf("=") + 1)]));
  const { command = [], args = [] } = container;
  const entrypoint = command.length > 0 ? command : image.entrypoint;
  const rest = args.length > 0 ? args : command.length > 0 ? [] : image.cmd;
  const line = [...entrypoint, ...rest].map((word) => expand(word, variables));
  if (line.length === 0)
    throw new PodError(
      "CreateContainerConfigError",
      `container ${container.name} has no command: neither the pod nor image ${container.image} names one`,
    );
  return line;
}

/** $(NAME) is the variable's value, $$(NAME) the text $(NAME); an unknown name stays as it is written. */
const expand = (text: string, variables: Map<string, string>): string =>
  text.replace(/\$(\$|\(([^)]*)\))/g, (whole, mark: string, name: string) =>
    mark === "$" ? "$" : (variables.get(name) ?? whole),
  );
