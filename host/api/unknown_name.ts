/** The refusal of a name that stands for nothing. */
import { didYouMean } from "../../src/model/near_word.ts";
import { refused } from "./answer.ts";

/** What is said of the name of a load. */
export const NO_LOAD = "No load has that name";

/** What is said of the name of a backend. */
export const NO_BACKEND = "No backend has that name";

/** Names that a refusal lists. */
const NAMES_SHOWN_MAX = 20;

/** Says so, and which name was meant, or which there are. */
export function unknownName(what: string, name: string, known: readonly string[]): Response {
  const more = known.length - NAMES_SHOWN_MAX;
  const shown = known.slice(0, NAMES_SHOWN_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return refused(404, `${what}${didYouMean(name, known) || `, there are: ${shown || "none"}`}`);
}
