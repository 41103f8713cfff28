// End-to-end specs: the whole system on this machine, one suite after another.
import { base } from "../jest.config.js";

export default { ...base, testMatch: ["<rootDir>/test/**/*.spec.ts"], testTimeout: 120_000 };
