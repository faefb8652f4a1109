/** What somebody may have meant by a word that is not known. */
import { closestString, levenshteinDistance } from "@std/text";

/** `, did you mean x?` where one of the words is close, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (word === "" || known.length === 0) return "";
  const close = String(closestString(word, known));
  const far = levenshteinDistance(word.toLowerCase(), close.toLowerCase());
  // Two letters in each other's place are two edits.
  return far <= Math.max(close.length > 3 ? 2 : 1, Math.floor(close.length / 3))
    ? `, did you mean ${close}?`
    : "";
}
