import { expect, test } from "@jest/globals";
import { letters } from "./disk.ts";

test.each([
  [0, "a"],
  [25, "z"],
  [26, "aa"],
  [51, "az"],
  [52, "ba"],
  [701, "zz"],
  [702, "aaa"],
])("disk %i is called %s", (index, want) => expect(letters(index)).toBe(want));
