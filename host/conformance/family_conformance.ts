/** What a family of databases says of itself to the suite. */
import type { Quirks } from "./experiment.ts";
import type { ConformanceWords } from "./words.ts";

/** See the head of this file. Each family exports one from the `conformance.ts` of its folder. */
export interface FamilyConformance {
  /** What its databases are called, as the head of a column. */
  readonly database: string;
  /** How SQL is written for them. */
  readonly words: ConformanceWords;
  /** In what they differ from others. */
  readonly quirks: Quirks;
}
