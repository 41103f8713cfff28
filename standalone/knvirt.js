#!/usr/bin/env node
// The command line's first step: install what is missing, then go on in Node 24.
import { join } from "node:path";
import { goOnIn } from "./go-on.js";
import { repository, setUp } from "./setup.js";

const [command = "start"] = process.argv.slice(2);
if (command === "start" || command === "guest") setUp();

goOnIn(join(repository, "standalone", "main.ts"), "npm start");
