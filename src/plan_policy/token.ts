/** Statements as words, numbers, signs and slots: what the patterns of a dialect are compared with. */
import { LoadError } from "../model/errors.ts";
import { parseTemplate, type Slot, type Template } from "./slot.ts";
import type { Place } from "./statement_pattern.ts";

/** One token of a statement. */
export type Token =
  /** In capitals. */
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "slot"; readonly slot: Slot };

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|([(),.=<>*+-]))/y;
const WORD_CHARACTER = /[A-Za-z0-9_]/;
/** Enough to indent by. A row template of blanks would be written out for each row of a statement. */
const TOO_MANY_BLANKS = /\s{81}/;

/** Cuts a statement into tokens. Returns what is wrong with it, if anything is. */
export function tokensOf(template: Template): readonly Token[] | string {
  const tokens: Token[] = [];
  let touching = false;
  for (const piece of template) {
    if (typeof piece !== "string") {
      // Side by side, two quoted names would be one.
      if (touching) return "a slot touches what stands before it";
      tokens.push({ kind: "slot", slot: piece });
      touching = true;
      continue;
    }
    if (touching && WORD_CHARACTER.test(piece[0]!)) return "a slot touches what stands behind it";
    const fault = cutText(piece, tokens);
    if (fault !== undefined) return fault;
    touching = WORD_CHARACTER.test(piece.at(-1)!);
  }
  return tokens;
}

/** What is wrong with a text between slots, if anything is. */
export function literalFault(text: string): string | undefined {
  return cutText(text, []);
}

function cutText(text: string, tokens: Token[]): string | undefined {
  if (TOO_MANY_BLANKS.test(text)) return "it carries more than 80 blanks in a row";
  const end = text.trimEnd().length;
  let last: "word" | "number" | undefined;
  for (let at = 0; at < end;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return `it carries ${JSON.stringify(text.slice(at).trimStart()[0])}`;
    const [whole, word, digits, sign] = found;
    const spaced = /^\s/.test(whole);
    if (word !== undefined) {
      if (last === "number" && !spaced) return "a number touches a word";
      tokens.push({ kind: "word", text: word.toUpperCase() });
    } else if (digits !== undefined) tokens.push({ kind: "number", value: Number(digits) });
    else tokens.push({ kind: "sign", text: sign! });
    last = word !== undefined ? "word" : digits !== undefined ? "number" : undefined;
    at = TOKEN.lastIndex;
  }
  return undefined;
}

/** A statement's tokens, or what is wrong with its slots or signs. */
export function tokensIn(sql: string, columnCount: number): readonly Token[] | string {
  try {
    return tokensOf(parseTemplate(sql, columnCount));
  } catch (error) {
    if (error instanceof LoadError) return error.message;
    throw error;
  }
}

/** Where each token of a statement stands in it, for statements that can be cut into tokens. */
export function tokenPlaces(sql: string): readonly Place[] {
  const tokens = sql.matchAll(/\{[^{}]*\}|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[(),.=<>*+-]/g);
  return [...tokens].map(({ 0: text, index }) => ({ from: index, to: index + text.length }));
}

/** A token as it is shown to people. */
export function shownToken(token: Token | undefined): string {
  if (!token) return "its end";
  switch (token.kind) {
    case "word":
    case "sign":
      return token.text;
    case "number":
      return String(token.value);
    case "slot":
      return "column" in token.slot
        ? `{${token.slot.kind}:${token.slot.column}}`
        : `{${token.slot.kind}}`;
  }
}
