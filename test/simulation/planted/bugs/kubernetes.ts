// Bugs in the client of the API server: what is followed, and what follows from a lost connection.
import type { Bug } from "../bug.ts";

const folder = "kubernetes";

export const kubernetesBugs: readonly Bug[] = [
  {
    name: "expired-watch-not-listed",
    file: `${folder}/watch.ts`,
    find: "following.reached = undefined;\n    return failed.pauseUntold();",
    replace: "return failed.pauseUntold();",
    why: "who was away for long never learns of anything again",
  },
  {
    name: "watch-ends-for-good",
    file: `${folder}/watch.ts`,
    find: "if (!isExpired(error)) return failed.pauseAfter(error);",
    replace: "if (!isExpired(error)) return 2 ** 31;",
    why: "a connection that broke is not made again",
  },
  {
    name: "deletions-not-noticed-by-lists",
    file: `${folder}/object-store.ts`,
    find: "for (const object of gone.values()) drop(object);",
    replace: "",
    why: "what was deleted while nobody listened is still there for us",
  },
  {
    name: "deletions-not-noticed-by-watches",
    file: `${folder}/watch.ts`,
    find: 'if (type === "DELETED") store.drop(keep(object));',
    replace: 'if (type === "DELETED") store.put(keep(object));',
    why: "what was deleted is still there for us",
  },
  {
    name: "watch-from-the-beginning-of-the-list",
    file: `${folder}/watch.ts`,
    find: "following.reached = object.metadata.resourceVersion ?? following.reached;",
    replace: "",
    why: "each new watch tells what was told long ago",
  },
  {
    name: "owner-without-controller",
    file: `${folder}/owners.ts`,
    find: "controller: true,",
    replace: "",
    why: "nobody recognises what is his own",
  },
];
