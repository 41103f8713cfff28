// Waits for work done side by side: to the end of all of it, also when some of it fails.

/** Everything has come to its end when this returns: nothing of a failed start goes on behind our back. */
export async function allOrFirstError<T extends unknown[]>(work: { [I in keyof T]: Promise<T[I]> }): Promise<T> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as T;
}
