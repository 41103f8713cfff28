// What an API server does for watches that are silent: it tells each now and then how far it has come, so that one that is
// opened again is not told all over.
import type { ApiServer, Watch } from "../api-server/index.ts";

const everyMs = 60_000;

export interface Bookmarks {
  counted(api: ApiServer): ApiServer;
  /** From now on. */
  start(after: (milliseconds: number, run: () => void) => void): void;
}

export function bookmarks(): Bookmarks {
  const open = new Set<Watch>();
  return {
    counted: (api) => ({
      ...api,
      watch: (...asked) => {
        const watch = api.watch(...asked);
        const known: Watch = {
          bookmark: watch.bookmark,
          close: () => {
            open.delete(known);
            watch.close();
          },
        };
        open.add(known);
        return known;
      },
    }),
    start: (after) => {
      const again = (): void => {
        for (const watch of open) watch.bookmark();
        after(everyMs, again);
      };
      after(everyMs, again);
    },
  };
}
