// Closes what a test opened, last first, when the test is over.
import { afterEach } from "@jest/globals";

/** To be called once per file; answers the function that takes a resource and hands it back. */
export function untilEnd(): <T extends AsyncDisposable>(resource: T) => T {
  let stack = new AsyncDisposableStack();
  afterEach(async () => {
    const ending = stack;
    stack = new AsyncDisposableStack();
    await ending.disposeAsync();
  });
  return (resource) => stack.use(resource);
}
