/**
 * What a manifest may add to the recipes of its driver, and how: never by statements, always by words
 * in places that a recipe has for them. What a place takes is a list of what is allowed, by kind.
 *
 * - A type is one word behind a column's name, with numbers and words in brackets. Which types there are,
 *   extensions decide; so any word is one, but those that begin something else there, and those of which
 *   it is known that they do not keep what they are given.
 * - An option stands before TABLE, where the recipes have it, or at the end, where it is no statement's
 *   beginning; the plan verifier sees to it that the database's own grammar has no other meaning for it.
 * - A setting is one of those that the recipes list, within their bounds.
 */
import type { Issue } from "../model/errors.ts";
import { type AskedWord, grantOf } from "../plugin_api/words.ts";
import { hazardOf } from "./hazard.ts";
import { misfitOf } from "./pattern_match.ts";
import type { DialectRecipes } from "./recipes.ts";
import { parsePattern, type PatternLeaf, type StatementPattern } from "./statement_pattern.ts";
import { type Token, tokenPlaces, tokensIn } from "./token.ts";

/** What manifests may add to the recipes of a dialect. */
export interface DialectWords {
  /** Types that nobody gets: their names, and why as a clause. */
  readonly refusedTypes: readonly (readonly [names: string, why: string])[];
  /** Options between CREATE and TABLE. */
  readonly optionsAhead: readonly string[];
  /** Whether options of other databases that speak the dialect may stand at the end of a CREATE TABLE. */
  readonly optionsBehind: boolean;
  /** Settings that may be granted, and their widest values, as a pattern. */
  readonly settings: Readonly<Record<string, string>>;
  /** What stands before a setting's name and before its value. */
  readonly set: readonly [before: string, equals: string];
}

/** Words that begin something else than a type behind a column's name, in one of the dialects. */
const NO_TYPES = new Set(
  ("ALWAYS ARRAY AS ASC AUTOINCREMENT AUTO_INCREMENT BINARY CHARACTER CHECK COLLATE COLUMN COMMENT " +
    "COMPRESSION CONSTRAINT CREATE DEFAULT DESC ENCODE EXCLUDE FOREIGN GENERATED HIDDEN IDENTITY INDEX " +
    "INVISIBLE KEY LIKE NOT NULL ON PRIMARY REFERENCES SELECT SETOF STORAGE STORED UNIQUE USING VIRTUAL " +
    "VISIBLE WITH WITHOUT").split(" "),
);
/** Words that have a table take rows, columns, a place or a name from elsewhere, in one of the dialects. */
const NO_OPTIONS = new Set(
  ("AS CHECK CONNECTION CONSTRAINT CREATE DATA DEFAULT DIRECTORY ENGINE EXCLUDE EXTERNAL FOREIGN " +
    "GENERATED INHERITS INSERT INTERLEAVE LIKE LOCATION OF ON PARTITION PASSWORD REFERENCES SERVER TABLE " +
    "TABLESPACE VALUES WITH WITHOUT").split(" "),
);

/** What of a manifest's words nobody can grant. */
export function wordFaults(words: readonly AskedWord[], dialect: DialectRecipes): Issue[] {
  const faults = words.flatMap((word) => {
    const why = FAULT_OF[word.kind](word, dialect);
    return why === undefined ? [] : [{ path: `words.${word.kind}s ${word.name}`, message: why }];
  });
  return faults;
}

const FAULT_OF: Readonly<
  Record<AskedWord["kind"], (word: AskedWord, dialect: DialectRecipes) => string | undefined>
> = { type: typeFault, option: optionFault, setting: settingFault };

function typeFault({ name }: AskedWord, { words, named }: DialectRecipes): string | undefined {
  const word = name.toUpperCase();
  const refused = words.refusedTypes.find(([names]) =>
    names.split(" ").some((one) =>
      one.endsWith("*") ? word.startsWith(one.slice(0, -1)) : word === one
    )
  );
  if (refused) return `No plugin gets it: ${refused[1]}`;
  if (NO_TYPES.has(word) || hazardOf({ kind: "word", text: word }) !== undefined) {
    return "No plugin gets it: behind a column's name it is no type";
  }
  const own = wordsOf(parsePattern(named["type"]!, named));
  return own.has(word) ? "The recipes have it already: leave it out" : undefined;
}

function optionFault({ name, rest }: AskedWord, { words }: DialectRecipes): string | undefined {
  const word = name.toUpperCase();
  if (rest === "" && words.optionsAhead.includes(word)) return undefined;
  if (!words.optionsBehind) {
    const known = words.optionsAhead.map((one) => one.toLowerCase());
    return `Tables of this driver take no option of a manifest${
      known.length > 0 ? ` but ${known.join(", ")}` : ""
    }`;
  }
  const parts = [...wordsOf(parsePattern(`${name} ${rest}`))];
  const wrong = parts.find((part) =>
    NO_OPTIONS.has(part) || hazardOf({ kind: "word", text: part }) !== undefined
  );
  return wrong === undefined
    ? undefined
    : `No plugin gets it: by ${wrong}, a table takes more than an option`;
}

function settingFault({ name, rest }: AskedWord, { words }: DialectRecipes): string | undefined {
  const widest = Object.hasOwn(words.settings, name) ? words.settings[name]! : undefined;
  if (widest === undefined) {
    const known = Object.keys(words.settings);
    return "No plugin may set it; " +
      (known.length > 0 ? `what can be granted is ${known.join(", ")}` : "none can be granted");
  }
  const asked = valuesOf(parsePattern(rest.replace(/^= */, "")));
  const most = valuesOf(parsePattern(widest));
  return asked.every((one) => most.some((other) => isWithin(one, other)))
    ? undefined
    : `Expected no more than ${widest.toLowerCase()}`;
}

function isWithin(a: PatternLeaf, b: PatternLeaf): boolean {
  if (a.kind === "number" && b.kind === "number") {
    const { valueMin = 0, valueMax = Infinity } = b;
    return (a.valueMin ?? 0) >= valueMin && (a.valueMax ?? Infinity) <= valueMax;
  }
  return a.kind === "word" && b.kind === "word" && a.text === b.text;
}

function valuesOf(pattern: StatementPattern): PatternLeaf[] {
  return "parts" in pattern
    ? pattern.parts.flatMap(valuesOf)
    : "part" in pattern
    ? valuesOf(pattern.part)
    : [pattern];
}

function wordsOf(pattern: StatementPattern): Set<string> {
  return new Set(valuesOf(pattern).flatMap((leaf) => leaf.kind === "word" ? [leaf.text] : []));
}

const extended = new WeakMap<DialectRecipes, Map<string, DialectRecipes>>();

/** The recipes with these words; words of which {@linkcode wordFaults} has something to say add nothing. */
export function recipesWith(
  dialect: DialectRecipes,
  words: readonly AskedWord[],
): DialectRecipes {
  const fitting = words.filter((word) => wordFaults([word], dialect).length === 0);
  if (fitting.length === 0) return dialect;
  let known = extended.get(dialect);
  if (!known) extended.set(dialect, known = new Map());
  const key = JSON.stringify(fitting);
  let found = known.get(key);
  if (!found) known.set(key, found = extend(dialect, fitting));
  return found;
}

function extend(dialect: DialectRecipes, words: readonly AskedWord[]): DialectRecipes {
  const of = (kind: AskedWord["kind"]) => words.filter((word) => word.kind === kind);
  const types = typePatterns(words);
  const ahead = of("option").filter((word) => isAhead(word, dialect));
  const behind = of("option").filter((word) => !isAhead(word, dialect));
  const [before, equals] = dialect.words.set;
  return {
    ...dialect,
    named: types.length === 0
      ? dialect.named
      : { ...dialect.named, type: `<${types.join(" | ")} | ${dialect.named["type"]!}>` },
    create: dialect.create.map((text) =>
      text.replace(/CREATE (?=TABLE)/, `CREATE ${ahead.map(({ name }) => `[${name}] `).join("")}`) +
      behind.map((option) => ` [${optionPattern(option)}]`).join("")
    ),
    session: [
      ...dialect.session,
      ...of("setting").map(({ name, rest }) =>
        `${before} ${name} ${equals} ${rest.replace(/^= */, "")}`
      ),
    ],
  };
}

/** One pattern for each name, whatever stands in brackets behind it. */
function typePatterns(words: readonly AskedWord[]): string[] {
  const byName = new Map<string, string[]>();
  for (const { kind, name, rest } of words) {
    if (kind === "type") byName.set(name, [...byName.get(name) ?? [], rest]);
  }
  return [...byName].map(([name, rests]) => {
    const brackets = rests.filter((rest) => rest !== "");
    if (brackets.length === 0) return name;
    const choice = `<${brackets.join(" | ")}>`;
    return brackets.length < rests.length ? `${name} [${choice}]` : `${name} ${choice}`;
  });
}

function isAhead({ name, rest }: AskedWord, { words }: DialectRecipes): boolean {
  return rest === "" && words.optionsAhead.includes(name.toUpperCase());
}

function optionPattern({ name, rest }: AskedWord): string {
  return `${name} ${rest}`.trim();
}

/** Words among these that stand in a statement, whose names are those of tokens in it. */
export function wordsIn(
  sql: string,
  words: readonly AskedWord[],
  columnCount: number,
): readonly AskedWord[] {
  const tokens = tokensIn(sql, columnCount);
  if (typeof tokens === "string") return [];
  const found = new Set(tokens.flatMap((token) => token.kind === "word" ? [token.text] : []));
  const seen = new Set<string>();
  return words.filter((word) => {
    const grant = grantOf(word);
    if (!found.has(word.name.toUpperCase()) || seen.has(grant)) return false;
    seen.add(grant);
    return true;
  });
}

/** Tokens of one word with what stands behind it. */
const WORD_TOKENS_MAX = 32;

/** What a CREATE TABLE is to a verifier whose parser does not know every word that was granted. */
export interface PlainCreate {
  /** The statement with what the parser knows. */
  readonly sql: string;
  /** Options at its end that were taken out of it. */
  readonly options: readonly AskedWord[];
}

/** A CREATE TABLE without the options behind it that were granted. */
export function withoutOptions(
  sql: string,
  words: readonly AskedWord[],
  { dialect, columnCount }: { readonly dialect: DialectRecipes; readonly columnCount: number },
): PlainCreate {
  const tokens = tokensIn(sql, columnCount);
  const behind = words.filter((word) => word.kind === "option" && !isAhead(word, dialect));
  if (typeof tokens === "string" || behind.length === 0) return { sql, options: [] };
  const places = tokenPlaces(sql);
  const options: AskedWord[] = [];
  let text = sql;
  // From the end, so that places before it stay.
  const first = closing(tokens);
  for (let end = tokens.length, start = end - 1; start > first; start--) {
    if (end - start > WORD_TOKENS_MAX) break;
    const part = tokens.slice(start, end);
    const option = behind.find((word) =>
      misfitOf(part, parsePattern(optionPattern(word)), { columns: [] }) === undefined
    );
    if (!option) continue;
    options.push(option);
    text = text.slice(0, places[start]!.from) + text.slice(places[end - 1]!.to);
    end = start;
  }
  return { sql: text, options };
}

/** Where the list of columns ends. */
function closing(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.kind !== "sign") return false;
    depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
    return depth === 0 && token.text === ")";
  });
}

/** A CREATE TABLE in which another type stands for each that was granted. */
export function withPlainTypes(
  sql: string,
  words: readonly AskedWord[],
  { type, columnCount }: { readonly type: string; readonly columnCount: number },
): string {
  const tokens = tokensIn(sql, columnCount);
  const patterns = typePatterns(words).map((text) => parsePattern(text));
  if (typeof tokens === "string" || patterns.length === 0) return sql;
  const places = tokenPlaces(sql);
  let text = sql;
  for (let at = tokens.length - 1; at > 0; at--) {
    const before = tokens[at - 1]!;
    if (before.kind !== "slot" || before.slot.kind !== "col") continue;
    for (let end = Math.min(tokens.length, at + WORD_TOKENS_MAX); end > at; end--) {
      const part = tokens.slice(at, end);
      const isType = (pattern: StatementPattern) =>
        misfitOf(part, pattern, { columns: [] }) === undefined;
      if (!patterns.some(isType)) continue;
      text = text.slice(0, places[at]!.from) + type + text.slice(places[end - 1]!.to);
      break;
    }
  }
  return text;
}
