import { counted } from "../../../src/model/counted.ts";
import type { SkipReason } from "../../sources/ast.ts";

/** Files that a sentence names. */
const NAMES_MAX = 5;

const WORDS: Readonly<Record<SkipReason, string>> = {
  too_large: "too large",
  not_utf8: "not UTF-8",
  unreadable: "unreadable",
  parse_failed: "cannot be parsed",
};

/**
 * Remembers which files a source passed over, for one sentence about each reason. Holds a few names
 * for each reason, however many files there are.
 */
export class SkipNotes {
  readonly #skipped = new Map<SkipReason, { count: number; names: string[] }>();

  /** Takes note of a file. */
  add(file: string, reason: SkipReason): void {
    const entry = this.#skipped.get(reason) ?? { count: 0, names: [] };
    this.#skipped.set(reason, entry);
    entry.count++;
    if (entry.names.length < NAMES_MAX) entry.names.push(file);
  }

  /** `2 files were passed over (too large): a.js, b.js`, for each reason. */
  sentences(): string[] {
    return [...this.#skipped].map(([reason, { count, names }]) => {
      const more = count > names.length ? ` and ${count - names.length} more` : "";
      const were = count === 1 ? "was" : "were";
      return `${counted(count, "file")} ${were} passed over (${WORDS[reason]}): ${
        names.join(", ")
      }${more}`;
    });
  }
}
