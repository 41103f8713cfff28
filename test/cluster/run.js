// npm run cluster: install what is missing, then go on in Node 24.
import { join } from "node:path";
import { goOnIn } from "../../standalone/go-on.js";
import { setUp } from "../../standalone/setup.js";

const isOurCluster = !process.env.KUBECONFIG;
if (process.argv[2] === "up" && isOurCluster) setUp({ cluster: true });

goOnIn(join(import.meta.dirname, "main.ts"), "npm run cluster -- up");
