// The image store: references in, read-only directories out.
export { ImageError } from "./errors.ts";
export type { ImageConfig } from "./layout.ts";
export { layoutTag } from "./layout.ts";
export type { PullPolicy } from "./reference.ts";
export { type ImageStore, openImageStore, type PullProgress, type StoredImage } from "./store.ts";
