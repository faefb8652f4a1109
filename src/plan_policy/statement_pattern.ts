/**
 * Patterns: what the statements of a dialect may look like. A pattern is written as manuals write them:
 *
 * | pattern | stands for |
 * |---|---|
 * | `INSERT INTO (`, `=` | these words and signs, in capitals or not |
 * | `{table}` | that slot |
 * | `{col}`, `{value}` | the slot of the column that an `each` or a `plain` is at |
 * | `#`, `#100`, `0` | a number, one up to this, this number |
 * | `[ … ]` | this, or nothing |
 * | `< … \| … >` | one of these, the first that fits |
 * | `%type` | a pattern that has that name |
 * | `each( … )` | this for each column in the order of the shape, with commas in between |
 * | `plain( … )` | this for each column beside the key, or for the first column of the key if there is none |
 *
 * Where one of several could stand, the first that fits is taken for good, so that a comparison takes
 * as long as the statement is, whatever stands in it.
 */
import { type Shape, updatedColumns } from "../model/batch.ts";
import type { Slot } from "./slot.ts";
import { hazardOf } from "./hazard.ts";
import { shownToken, type Token } from "./token.ts";

/** A pattern, read. */
export type StatementPattern =
  | { readonly kind: "word" | "sign"; readonly text: string }
  | { readonly kind: "slot"; readonly slot: Slot["kind"] }
  | { readonly kind: "number"; readonly value?: number; readonly valueMax?: number }
  | { readonly kind: "sequence" | "either"; readonly parts: readonly StatementPattern[] }
  | { readonly kind: "optional" | "each" | "plain"; readonly part: StatementPattern };

/** Patterns by the names by which others refer to them. */
export type NamedPatterns = Readonly<Record<string, string>>;

const PIECE =
  /\s*(?:(each|plain)\(|%([a-z]+)|\{([a-z_]+)\}|([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|#([0-9]*)|([[\]<>|])|([(),.=*+-]))/y;

/** Reads a pattern. @throws {SyntaxError} where it is none: patterns are ours, so that is a bug */
export function parsePattern(text: string, named: NamedPatterns = {}): StatementPattern {
  const reader = { text, at: 0, named };
  const pattern = readSequence(reader);
  if (reader.at < text.trimEnd().length) throw new SyntaxError(`Pattern ends too early: ${text}`);
  return pattern;
}

interface PatternReader {
  readonly text: string;
  readonly named: NamedPatterns;
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
    const [, loop, name, slot, word, digits, bound, mark, sign] = found;
    reader.at = PIECE.lastIndex;
    if (loop !== undefined) {
      const part = readSequence(reader);
      expect(reader, ")");
      parts.push({ kind: loop as "each" | "plain", part });
    } else if (name !== undefined) {
      const pattern = Object.hasOwn(reader.named, name) ? reader.named[name] : undefined;
      if (pattern === undefined) throw new SyntaxError(`Pattern without a name: %${name}`);
      parts.push(parsePattern(pattern, reader.named));
    } else if (slot !== undefined) parts.push({ kind: "slot", slot: slot as Slot["kind"] });
    else if (word !== undefined) parts.push({ kind: "word", text: word.toUpperCase() });
    else if (digits !== undefined) parts.push({ kind: "number", value: Number(digits) });
    else if (bound !== undefined) {
      parts.push({ kind: "number", ...(bound === "" ? {} : { valueMax: Number(bound) }) });
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
      parts.push({ kind: "sign", text: sign });
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

/** How far a statement fits a pattern, where it does not. */
export interface Misfit {
  /** Tokens that fit. */
  readonly at: number;
  /** What is wrong, for people. */
  readonly message: string;
  /** What could stand there instead. */
  readonly expected: readonly string[];
}

/** Compares a statement with a pattern; undefined if it fits. */
export function misfitOf(
  tokens: readonly Token[],
  pattern: StatementPattern,
  { columns }: Pick<Shape, "columns">,
): Misfit | undefined {
  const updated = new Set(updatedColumns({ columns }));
  const all = columns.map((_, i) => i);
  const match = new Match(tokens, {
    each: all,
    plain: all.filter((i) => updated.has(columns[i]!)),
  });
  const end = match.fit(pattern, 0);
  if (end === tokens.length) return undefined;
  if (end >= 0) match.missed(end, "its end");
  const { far, expected } = match;
  // Of brackets, what begins within them says more.
  const opens = tokens[far]?.kind === "sign" && shownToken(tokens[far]) === "(";
  const telling = opens ? tokens[far + 1] : tokens[far];
  const found = opens ? `( ${shownToken(telling)}` : shownToken(telling);
  const known = hazardOf(telling);
  const message = `${found} stands where ${[...expected].join(" or ")} belongs`;
  return {
    at: far,
    expected: [...expected],
    message: known === undefined ? message : `${message}: ${known}`,
  };
}

class Match {
  readonly #tokens: readonly Token[];
  readonly #loops: Readonly<Record<"each" | "plain", readonly number[]>>;
  /** The column that a loop is at. */
  #column: number | undefined;
  far = 0;
  readonly expected = new Set<string>();

  constructor(
    tokens: readonly Token[],
    loops: Readonly<Record<"each" | "plain", readonly number[]>>,
  ) {
    this.#tokens = tokens;
    this.#loops = loops;
  }

  /** The token behind what fits from there on; -1 if it does not fit. */
  fit(pattern: StatementPattern, at: number): number {
    const token = this.#tokens[at];
    switch (pattern.kind) {
      case "word":
      case "sign":
        if (token?.kind === pattern.kind && token.text === pattern.text) return at + 1;
        return this.missed(at, pattern.text);
      case "number":
        if (token?.kind === "number" && isWithin(token.value, pattern)) return at + 1;
        return this.missed(at, shownNumber(pattern));
      case "slot":
        return this.#fitSlot(pattern.slot, at);
      case "sequence": {
        let end = at;
        for (const part of pattern.parts) {
          end = this.fit(part, end);
          if (end < 0) return end;
        }
        return end;
      }
      case "either":
        for (const part of pattern.parts) {
          const end = this.fit(part, at);
          if (end >= 0) return end;
        }
        return -1;
      case "optional":
        return Math.max(at, this.fit(pattern.part, at));
      case "each":
      case "plain":
        return this.#fitLoop(pattern.part, this.#loops[pattern.kind], at);
    }
  }

  missed(at: number, expected: string): -1 {
    if (at > this.far) this.expected.clear();
    this.far = Math.max(this.far, at);
    if (at === this.far) this.expected.add(expected);
    return -1;
  }

  #fitSlot(kind: Slot["kind"], at: number): number {
    const token = this.#tokens[at];
    const indexed = kind === "col" || kind === "value";
    const fits = token?.kind === "slot" && token.slot.kind === kind &&
      (!indexed || (token.slot as { column: number }).column === this.#column);
    return fits ? at + 1 : this.missed(at, indexed ? `{${kind}:${this.#column}}` : `{${kind}}`);
  }

  #fitLoop(part: StatementPattern, columns: readonly number[], at: number): number {
    let end = at;
    for (const [i, column] of columns.entries()) {
      if (i > 0) end = this.fit(COMMA, end);
      if (end < 0) return end;
      this.#column = column;
      end = this.fit(part, end);
      if (end < 0) return end;
    }
    this.#column = undefined;
    return end;
  }
}

const COMMA: StatementPattern = { kind: "sign", text: "," };

function isWithin(
  number: number,
  { value = number, valueMax = Infinity }: { readonly value?: number; readonly valueMax?: number },
): boolean {
  return number === value && number <= valueMax;
}

function shownNumber(
  { value, valueMax }: { readonly value?: number; readonly valueMax?: number },
): string {
  if (value !== undefined) return String(value);
  return valueMax === undefined ? "a number" : `a number up to ${valueMax}`;
}
