/**
 * Which keys may be the same to the database, as far as that can be told without it: keys that it
 * takes for equal have equal buckets. Different keys may have equal buckets too; of a column whose
 * values cannot be told apart for certain, all have.
 */
import type { NulRule } from "../../src/model/nul_rule.ts";
import { CellCheck } from "./reference/cell_check.ts";
import {
  BOOLEAN,
  type CellColumn,
  DECIMAL,
  FLOAT,
  INTEGER,
  TEXT,
} from "./reference/cell_column.ts";
import type { CellSpans } from "./reference/cell_span.ts";
import { FITS } from "./reference/verdict.ts";

/** What tells keys apart. */
export interface KeyRules {
  /** Names of the columns whose texts are equal only if their bytes are, blanks at the end aside. */
  readonly bytewise: readonly string[];
  /** What becomes of U+0000. */
  readonly nul?: NulRule | undefined;
}

/** Whether a character is a digit other than zero: an integer that begins so is in its one form. */
const isDigit = (c: number): boolean => c >= 0x31 && c <= 0x39;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Which keys may be the same to the database, as far as that can be told without it: keys that it
 * takes for equal have equal buckets.
 */
export class KeyBuckets {
  readonly #columns: readonly CellColumn[];
  readonly #bytewise: ReadonlySet<string>;
  readonly #check: CellCheck;

  /** Buckets of keys in these columns, whose cells stand in `bytes`. */
  constructor(bytes: Uint8Array, columns: readonly CellColumn[], { bytewise, nul }: KeyRules) {
    this.#columns = columns;
    this.#bytewise = new Set(bytewise);
    this.#check = new CellCheck(bytes, { nul: nul ?? "keep", nan: true });
  }

  /** The bucket of a record's key; undefined where the codec rejects the record for its key. */
  of(spans: CellSpans): string | undefined {
    let bucket = "";
    for (const column of this.#columns) {
      if (this.#check.check(column, spans) !== FITS) return undefined;
      const text = this.#text(column);
      bucket += `${text.length}:${text}`;
    }
    return bucket;
  }

  /** What is certain of a cell that was checked. */
  #text({ family, name, type }: CellColumn): string {
    const { src, from, to, truth } = this.#check;
    const text = () => decoder.decode(src.subarray(from, to));
    switch (family) {
      case BOOLEAN:
        return truth ? "t" : "f";
      case INTEGER:
        return isDigit(src[from]!) ? text() : BigInt(text()).toString();
      case DECIMAL:
      case FLOAT:
        // Numbers that are equal are so in single precision, and of both zeros one is the text.
        return String(Math.fround(Number(text())));
      case TEXT:
        // char(n) and varchar(n) do not tell blanks at the end.
        return type === "text" && this.#bytewise.has(name) ? text().replace(/ +$/, "") : "";
      default:
        return type === "uuid" ? text().toLowerCase() : "";
    }
  }
}
