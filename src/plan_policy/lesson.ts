/**
 * What a refusal teaches: the statement with the misfit marked in it, how it would fit, the recipe whole
 * with its part marked, and where the guide says more.
 */
import type { Shape } from "../model/batch.ts";
import type { CompiledStep } from "./compiled_recipe.ts";
import { markedLines } from "./marked_text.ts";
import { type Alignment, alignmentOf, type Edit } from "./pattern_alignment.ts";
import { loopsOf, shownLeaf } from "./pattern_match.ts";
import type { Fault } from "./recipes.ts";
import type { NamedPatterns, Place } from "./statement_pattern.ts";
import { tokenPlaces, tokensIn } from "./token.ts";

/** The guide for authors of plugins, as refusals name it. */
export const GUIDE = "plugins/README.md";

/** A recipe as it is shown to people. */
export interface RecipeShown {
  readonly title: string;
  readonly steps: readonly { readonly at: string; readonly step: CompiledStep }[];
}

const NOTATION = "[ ] may be left out, < | > is one of them, # a number, each( ) stands once for " +
  "each column, plain( ) for each beside the key.";

/** The lines of a lesson, which follow on the message of a refusal. */
export function lessonOf(
  fault: Fault,
  { title, steps }: RecipeShown,
  { shape, named }: { readonly shape: Pick<Shape, "columns">; readonly named: NamedPatterns },
): readonly string[] {
  const { sql, step } = fault;
  const fit = step && fitOf(sql ?? "", step, shape);
  const marks = sql === undefined ? [] : statementMarks(sql, fault, fit);
  const lines: string[] = [];
  if (sql !== undefined) lines.push("It has:", ...indented(markedLines(sql, marks)));
  if (sql !== undefined && !step) lines.push("Leave it out: the recipe has no place for it.");
  if (fit) {
    const fitting = indented(markedLines(fittingText(sql ?? "", fit.edits), []));
    lines.push(sql === undefined ? "Add it:" : "It would fit as:", ...fitting);
  }
  lines.push(steps.length > 0 ? `${title}:` : `${title}: nothing.`);
  for (const shown of steps) {
    const free = shown.step.optional ? ", may be left out" : "";
    const ofIt = shown.step === step ? recipeMarks(shown.step, fit) : [];
    lines.push(`  ${shown.at}${free}:`, ...indented(markedLines(shown.step.text, ofIt), 4));
  }
  const words = step ? namesIn(partsOf(step, recipeMarks(step, fit)), named) : [];
  for (const name of words) lines.push(`%${name} is:`, ...indented(markedLines(named[name]!, [])));
  if (steps.length > 0) lines.push(...indented(markedLines(NOTATION, []), 0));
  return [...lines, `See "Recipes" in ${GUIDE}.`, ...wordsLine(fault.at)];
}

/** Where a manifest might help: a statement that makes a table, or sets something. */
function wordsLine(at: string): string[] {
  return /^(create|session)\b/.test(at)
    ? [`A type, an option or a setting that no recipe has: see "Words" in ${GUIDE}.`]
    : [];
}

/** The lesson of a statement that is not written as statements are. */
export function statementLesson(
  sql: string,
  why: string,
  section: "Slots" | "When it is refused" = "Slots",
): readonly string[] {
  const [slot] = /\{[^{}]*\}/.exec(why) ?? [];
  const [, sign] = /no statement needs, ("(?:[^"\\]|\\.)")/.exec(why) ?? [];
  const wrong = slot ?? (sign === undefined ? "--" : JSON.parse(sign) as string);
  const marks: Place[] = [];
  for (let at = sql.indexOf(wrong); at >= 0; at = sql.indexOf(wrong, at + wrong.length)) {
    marks.push({ from: at, to: at + wrong.length });
  }
  return ["It has:", ...indented(markedLines(sql, marks)), `See "${section}" in ${GUIDE}.`];
}

function fitOf(
  sql: string,
  { pattern }: CompiledStep,
  shape: Pick<Shape, "columns">,
): Alignment | undefined {
  const tokens = tokensIn(sql, shape.columns.length);
  return typeof tokens === "string" ? undefined : alignmentOf(tokens, pattern, loopsOf(shape));
}

/** Every token that has to go, and every place where one is missing; where most do, the first alone. */
function statementMarks(
  sql: string,
  { step, fitting }: Fault,
  fit: Alignment | undefined,
): Place[] {
  const places = tokenPlaces(sql);
  const end = { from: sql.length, to: sql.length };
  if (!step) return [{ from: 0, to: sql.length }];
  const first = places[fitting] ?? end;
  if (!fit) return [first];
  const wrong = fit.edits.filter(({ kind }) => kind !== "keep");
  if (wrong.length > places.length / 2) return [first];
  return wrong.map(({ kind, token }) => {
    const place = places[token] ?? end;
    return kind === "insert" ? { from: place.from, to: place.from + 1 } : place;
  });
}

/** The parts of the recipe that the statement lacks, or has something else for. */
function recipeMarks({ text }: CompiledStep, fit: Alignment | undefined): Place[] {
  if (!fit) return [];
  const lacking = fit.edits.flatMap((edit) => "leaf" in edit ? [edit.leaf.place] : []);
  return fit.edits.some(({ kind }) => kind === "keep") ? lacking : [{ from: 0, to: text.length }];
}

/** The statement, changed so that it fits. */
function fittingText(sql: string, edits: readonly Edit[]): string {
  const places = tokenPlaces(sql);
  let text = "";
  let last: Edit | undefined;
  for (const edit of edits) {
    if (edit.kind === "remove") continue;
    const piece = edit.kind === "keep"
      ? sql.slice(places[edit.token]!.from, places[edit.token]!.to)
      : exampleOf(edit);
    const isNext = edit.kind === "keep" && last?.kind === "keep" && last.token === edit.token - 1;
    const gap = isNext
      ? places[edit.token]!.from > places[edit.token - 1]!.to
      : !/[(.]$/.test(text) && !/^[),.]/.test(piece);
    text += text !== "" && gap ? ` ${piece}` : piece;
    last = edit;
  }
  return text;
}

function exampleOf({ leaf, column }: Extract<Edit, { readonly leaf: unknown }>): string {
  return leaf.kind === "number"
    ? String(leaf.value ?? leaf.valueMax ?? 1)
    : shownLeaf(leaf, column);
}

/** The parts of a recipe's statement that are marked. */
function partsOf({ text }: CompiledStep, marks: readonly Place[]): string {
  return marks.map(({ from, to }) => text.slice(from, to)).join(" ");
}

/** The names that a pattern refers to, by way of others too. */
function namesIn(text: string, named: NamedPatterns, found: string[] = []): string[] {
  for (const [, name] of text.matchAll(/%([a-z]+)/g)) {
    if (found.includes(name!)) continue;
    found.push(name!);
    namesIn(named[name!] ?? "", named, found);
  }
  return found;
}

function indented(lines: readonly string[], blanks = 2): string[] {
  return lines.map((line) => " ".repeat(blanks) + line);
}
