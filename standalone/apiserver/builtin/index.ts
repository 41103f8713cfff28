// Everything that is served without a CustomResourceDefinition.

import type { ServiceSockets } from "../http/api-services.ts";
import type { FindUser } from "../http/authentication.ts";
import type { ServedResource } from "../machinery.ts";
import { apiServices } from "./api-services.ts";
import { configMaps, leases, secrets, serviceAccounts } from "./configuration.ts";
import { customResourceDefinitions } from "./custom-resource-definitions.ts";
import { coreEvents, groupedEvents } from "./events.ts";
import { namespaces } from "./namespaces.ts";
import { nodes } from "./nodes.ts";
import { persistentVolumeClaims } from "./persistent-volume-claims.ts";
import type { PodLog } from "./pods/endpoints.ts";
import { pods } from "./pods/index.ts";
import { reviews } from "./reviews.ts";
import { storageClasses } from "./storage-classes.ts";

export interface Host {
  findUser: FindUser;
  sockets: ServiceSockets;
  podLog: PodLog;
}

export const builtInResources = ({ findUser, sockets, podLog }: Host): ServedResource[] => [
  ...[namespaces, pods(podLog), nodes, secrets, configMaps, serviceAccounts, leases],
  ...[coreEvents, groupedEvents, customResourceDefinitions, apiServices(sockets)],
  ...[persistentVolumeClaims, storageClasses],
  ...reviews(findUser),
];
