/** What a family of databases says of itself to the suite. */
import type { ConformanceWords } from "./conformance_words.ts";

/** What a case finds, as plain data. In a text that is expected, `…` stands for any text. */
export type Value = null | boolean | number | string | readonly Value[] | {
  readonly [name: string]: Value;
};

/** What is found where a database has no such thing, so that there is nothing to be tried. */
export const LACKING = "not to be had";

/** In what one database differs from the others. */
export interface Quirk {
  /** What is found there instead. One that is found no more fails the suite. */
  readonly is: Value;
  /** The reason, as a sentence for the support matrix. */
  readonly why: string;
}

/** Quirks by `group: name` of their case, for each of its ways; or by `group: name (way)`, for one. */
export type Quirks = Readonly<Record<string, Quirk>>;

/** How a database says what it is. */
export interface ProductQuestion {
  /** A query for one text. */
  readonly query: string;
  /** Name and version, such as `PostgreSQL 18.4`, of what that text says. */
  nameOf(text: string): string;
}

/** How SQL is written for a family, and in what it differs from others. Each exports one from the `conformance.ts` of its folder. */
export interface FamilyConformance {
  /** What its databases are called, as the head of a column. */
  readonly database: string;
  /** How one of them says what it is. */
  readonly product: ProductQuestion;
  /** How SQL is written for them. */
  readonly words: ConformanceWords;
  /** In what they differ from others. */
  readonly quirks: Quirks;
}
