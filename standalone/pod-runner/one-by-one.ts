// Steps that must not overlap: each begins when the one before has ended, well or not.

export type OneByOne = <T>(step: () => Promise<T>) => Promise<T>;

export function oneByOne(): OneByOne {
  let before: Promise<unknown> = Promise.resolve();
  return (step) => {
    const taken = before.then(step, step);
    before = taken;
    return taken;
  };
}
