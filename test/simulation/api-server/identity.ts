// Names that the server gives: counted, so that every run gives the same.

const hexadecimal = (count: number, digits: number): string => count.toString(16).padStart(digits, "0");

/** A UUID that differs from others at its beginning and at its end, as some look at one of them only. */
export const uidOf = (count: number): string => `${hexadecimal(count, 8)}-0000-4000-8000-${hexadecimal(count, 12)}`;

// Without vowels and look-alikes, as Kubernetes does, so that no words appear.
const letters = "bcdfghjklmnpqrstvwxz2456789";

/** Five letters. */
export function suffixOf(count: number): string {
  let text = "";
  for (let rest = count; text.length < 5; rest = Math.floor(rest / letters.length))
    text = letters[rest % letters.length] + text;
  return text;
}
