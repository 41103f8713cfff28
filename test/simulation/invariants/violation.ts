// A promise of the control plane that was broken.

export class Violation extends Error {
  override readonly name = "Violation";
  readonly invariant: string;
  /** `Kind namespace/name` or a uid. */
  readonly object: string;

  constructor(invariant: string, { object, message }: { object: string; message: string }) {
    super(`${invariant}: ${object} ${message}`);
    this.invariant = invariant;
    this.object = object;
  }
}
