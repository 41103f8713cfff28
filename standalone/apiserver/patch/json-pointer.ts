// RFC 6901: a pointer is read into its reference tokens.
import { PatchError } from "./errors.ts";

/** The tokens of a pointer; the empty pointer is the whole document and has none. */
export function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) {
    throw new PatchError(422, `pointer ${JSON.stringify(pointer)} is malformed: expected it to start with "/"`);
  }
  if (/~(?![01])/.test(pointer)) {
    throw new PatchError(422, `pointer ${JSON.stringify(pointer)} is malformed: "~" is followed by neither 0 nor 1`);
  }
  return pointer.slice(1).split("/").map(tokenOf);
}

const tokenOf = (token: string): string => token.replaceAll("~1", "/").replaceAll("~0", "~");
