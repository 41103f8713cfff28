import { expect, test } from "@jest/globals";
import { mirrorIn } from "./mirror.ts";

test.each([
  {
    when: "there are others beside it",
    given:
      "Debian-Security|main|http://a/debian-security/\nother|main|http://b/\nDebian|contrib|http://c/\nDebian|main|http://d/debian/\n",
    want: "http://d/debian/",
  },
  { when: "lists are missing", given: "|main|http://d/debian/\n", want: undefined },
  { when: "there is none", given: "", want: undefined },
])("the mirror of Debian is found when $when", ({ given, want }) => expect(mirrorIn(given)).toBe(want));
