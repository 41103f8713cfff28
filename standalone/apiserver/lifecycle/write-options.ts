// How a write was asked for, apart from the object itself.

export interface WriteOptions {
  /** Field manager that the change is recorded under. */
  manager: string;
  dryRun: boolean;
  fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Empty for the object itself. */
  subresource: "" | "status" | "scale";
  /** Told to the client in a Warning header. */
  warn(message: string): void;
}

/** Writes that the API server makes by itself. */
export const ownWrite = (manager: string): WriteOptions => ({
  manager,
  dryRun: false,
  fieldValidation: "Strict",
  subresource: "",
  warn: () => {},
});
