// Secrets with access credentials as volumes of the launcher pod: each once, whoever needs it.
import { launcherPath, launcherVolume, secretOfCredential, type VmiSpec } from "@knvirt/api";
import type { MountedVolume } from "./mounted-volume.ts";

export function accessCredentialVolumes({ accessCredentials = [] }: VmiSpec): MountedVolume[] {
  return [...new Set(accessCredentials.map(secretOfCredential))].map((secretName) => ({
    volume: { name: launcherVolume.accessCredential(secretName), secret: { secretName } },
    mountPath: launcherPath.accessCredential(secretName),
    readOnly: true,
  }));
}
