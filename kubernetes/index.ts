// A small client of the Kubernetes API: what our processes need of it, and no more.
export type { ClusterAccess } from "./access.ts";
export { type Allowance, allowance, eventRate } from "./allowance.ts";
export {
  type ApplyOptions,
  type Client,
  clientOver,
  connectClient,
  type DeleteOptions,
  type ListOptions,
  type MergePatch,
  type Page,
} from "./client.ts";
export { type Clock, pause, systemClock } from "./clock.ts";
export { defaultAccess } from "./default-access.ts";
export { ApiError, hasMoved, isAlreadyExists, isConflict, isExpired, isInvalid, isNotFound } from "./errors.ts";
export { accessFromKubeconfig } from "./kubeconfig.ts";
export { metricsHandler, type ScrapeOptions } from "./metrics-handler.ts";
export type { Change } from "./object-store.ts";
export type * from "./objects.ts";
export {
  controllerOf,
  controllerReference,
  describeController,
  isControlledBy,
  isControlledByOther,
} from "./owners.ts";
export type * from "./placement.ts";
export { formatBytes, formatMilli, parseMilli, parseQuantity } from "./quantity.ts";
export {
  configMaps,
  customResourceDefinitions,
  events,
  type Key,
  keyOf,
  keyText,
  namespaces,
  nodes,
  pathOf,
  persistentVolumeClaims,
  pods,
  type Resource,
  resource,
  secrets,
  storageClasses,
} from "./resources.ts";
export { type ScraperAuthorization, scraperAuthorization } from "./scraper-authorization.ts";
export { reviewToken, type TokenUser } from "./token-review.ts";
export type { ApiRequest, Transport } from "./transport.ts";
export { type Informer, type InformerOptions, inform } from "./watch.ts";
export type { WatchEvent, WatchLine } from "./watch-stream.ts";
