// The files a pod brings to each of its containers: who it is, and where names are looked up.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pod } from "@knvirt/kubernetes";
import { bind, type OciMount } from "./oci/mounts.ts";
import { resolverFile } from "./resolver.ts";

/** Host names end at 63 characters; the kernel refuses longer ones. */
export const podHostname = ({ metadata, spec }: Pod): string =>
  (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, "");

export const hostsFile = (hostname: string, ip: string): string => `# Written by knvirt.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
${ip}\t${hostname}
`;

/** The machine's resolver serves its pods too. A resolver on the machine's loopback address cannot be reached from a
 * pod: the file is copied as it is, and names then do not resolve there. */
export async function writePodFiles(pod: Pod, podDir: string, ip: string): Promise<OciMount[]> {
  const hostname = podHostname(pod);
  const directory = join(podDir, "etc");
  const contents = {
    hosts: hostsFile(hostname, ip),
    hostname: `${hostname}\n`,
    "resolv.conf": resolverFile(pod.spec, await readFile("/etc/resolv.conf", "utf8").catch(() => "")),
  };
  await mkdir(directory, { recursive: true, mode: 0o755 });
  return Promise.all(
    Object.entries(contents).map(async ([name, content]) => {
      const file = join(directory, name);
      await writeFile(file, content, { mode: 0o644 });
      return bind(file, `/etc/${name}`, ["rw"]);
    }),
  );
}
