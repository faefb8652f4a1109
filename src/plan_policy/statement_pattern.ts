/**
 * Patterns: what the statements of a dialect may look like. A pattern is written as manuals write them:
 *
 * | pattern | stands for |
 * |---|---|
 * | `INSERT INTO (`, `=` | these words and signs, in capitals or not |
 * | `{table}` | that slot |
 * | `{col}`, `{value}` | the slot of the column that an `each` or a `plain` is at |
 * | `#`, `#100`, `#10-100`, `0` | a number, one up to this, one within these, this number |
 * | `[ … ]` | this, or nothing |
 * | `< … \| … >` | one of these, the first that fits |
 * | `%type` | a pattern that has that name |
 * | `each( … )` | this for each column in the order of the shape, with commas in between |
 * | `plain( … )` | this for each column beside the key, or for the first column of the key if there is none |
 *
 * Where one of several could stand, the first that fits is taken for good, so that a comparison takes
 * as long as the statement is, whatever stands in it.
 */
import type { Slot } from "./slot.ts";

/** A pattern, read. */
export type StatementPattern =
  | PatternLeaf
  | { readonly kind: "sequence" | "either"; readonly parts: readonly StatementPattern[] }
  | { readonly kind: "optional"; readonly part: StatementPattern }
  | {
    readonly kind: "each" | "plain";
    readonly part: StatementPattern;
    /** What stands between two columns. */
    readonly comma: PatternLeaf;
  };

/** What one token has to be. */
export type PatternLeaf =
  & (
    | { readonly kind: "word" | "sign"; readonly text: string }
    | { readonly kind: "slot"; readonly slot: Slot["kind"] }
    | {
      readonly kind: "number";
      readonly value?: number;
      readonly valueMin?: number;
      readonly valueMax?: number;
    }
  )
  & { readonly place: Place };

/** Where something stands in a text. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** Patterns by the names by which others refer to them. */
export type NamedPatterns = Readonly<Record<string, string>>;

const PIECE =
  /\s*(?:(each|plain)\(|%([a-z]+)|\{([a-z_]+)\}|([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|#(?:([0-9]+)-)?([0-9]*)|([[\]<>|])|([(),.=*+-]))/y;

/** Reads a pattern. @throws {SyntaxError} where it is none: patterns are ours, so that is a bug */
export function parsePattern(text: string, named: NamedPatterns = {}): StatementPattern {
  return parseAt(text, named, undefined);
}

/** `within` is where the name of the pattern stands in the text that refers to it. */
function parseAt(text: string, named: NamedPatterns, within: Place | undefined): StatementPattern {
  const reader = { text, at: 0, named, within };
  const pattern = readSequence(reader);
  if (reader.at < text.trimEnd().length) throw new SyntaxError(`Pattern ends too early: ${text}`);
  return pattern;
}

interface PatternReader {
  readonly text: string;
  readonly named: NamedPatterns;
  readonly within: Place | undefined;
  at: number;
}

/** Reads up to what closes it, which stays to be read. */
function readSequence(reader: PatternReader): StatementPattern {
  const parts: StatementPattern[] = [];
  let depth = 0;
  for (;;) {
    const start = reader.at;
    PIECE.lastIndex = start;
    const found = PIECE.exec(reader.text);
    if (!found) return { kind: "sequence", parts };
    const [whole, loop, name, slot, word, digits, least, bound, mark, sign] = found;
    reader.at = PIECE.lastIndex;
    const from = start + whole.length - whole.trimStart().length;
    const place = reader.within ?? { from, to: reader.at };
    if (loop !== undefined) {
      const part = readSequence(reader);
      expect(reader, ")");
      const comma: PatternLeaf = { kind: "sign", text: ",", place };
      parts.push({ kind: loop as "each" | "plain", part, comma });
    } else if (name !== undefined) {
      const pattern = Object.hasOwn(reader.named, name) ? reader.named[name] : undefined;
      if (pattern === undefined) throw new SyntaxError(`Pattern without a name: %${name}`);
      parts.push(parseAt(pattern, reader.named, place));
    } else if (slot !== undefined) parts.push({ kind: "slot", slot: slot as Slot["kind"], place });
    else if (word !== undefined) parts.push({ kind: "word", text: word.toUpperCase(), place });
    else if (digits !== undefined) parts.push({ kind: "number", value: Number(digits), place });
    else if (bound !== undefined) {
      parts.push({
        kind: "number",
        place,
        ...(least === undefined ? {} : { valueMin: Number(least) }),
        ...(bound === "" ? {} : { valueMax: Number(bound) }),
      });
    } else if (mark === "[") {
      const part = readSequence(reader);
      expect(reader, "]");
      parts.push({ kind: "optional", part });
    } else if (mark === "<") {
      const options = [readSequence(reader)];
      while (reader.text.startsWith("|", skipSpace(reader))) {
        expect(reader, "|");
        options.push(readSequence(reader));
      }
      expect(reader, ">");
      parts.push({ kind: "either", parts: options });
    } else if (sign !== undefined && (sign !== ")" || depth > 0)) {
      depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
      parts.push({ kind: "sign", text: sign, place });
    } else {
      // What closes this sequence is for whoever opened it.
      reader.at = start;
      return { kind: "sequence", parts };
    }
  }
}

function skipSpace(reader: PatternReader): number {
  while (/\s/.test(reader.text[reader.at] ?? "")) reader.at++;
  return reader.at;
}

function expect(reader: PatternReader, mark: string): void {
  if (!reader.text.startsWith(mark, skipSpace(reader))) {
    throw new SyntaxError(`Expected ${mark} in the pattern: ${reader.text}`);
  }
  reader.at += mark.length;
}
