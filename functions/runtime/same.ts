// Whether two values of the API say the same, whatever order their fields have.
export { isDeepStrictEqual as isSame } from "node:util";
