/** What a check of a plugin has found, for people and for programs. */
import type { PluginWord } from "../../../src/model/backend.ts";
import { planLines } from "../../plugins/author/plan_changes.ts";
import type { CheckStep, PluginCheck } from "../../plugins/check/plugin_check.ts";
import { WIDEST_SAMPLE } from "../../plugins/check/sample_shape.ts";
import { HASH_DIGITS } from "./output.ts";
import { tableLines, wrappedLines } from "./text_table.ts";

/** How many questions were not answered as they must be. */
export function problemCount({ steps }: PluginCheck): number {
  return steps.filter(({ problem }) => problem !== undefined).length;
}

/** For programs. */
export function checkJson(check: PluginCheck): Readonly<Record<string, unknown>> {
  return { ...check, plans: Object.fromEntries(check.plans), problems: problemCount(check) };
}

/** For people: the plugin, what it answers, a plan of each mode, and what is wrong with that. */
export function checkLines(check: PluginCheck, width: number): string[] {
  const { file, sha256, bytes, imports, manifest, words, steps } = check;
  const { name, version, backend, driver, schemes } = manifest;
  const passed = steps.filter(({ problem }) => problem === undefined);
  return [
    `${file}: plugin ${name} ${version}, ${bytes} bytes, sha256 ${sha256.slice(0, HASH_DIGITS)}`,
    `backend ${backend} by driver ${driver}, answers to ${schemes.join(" ")}`,
    ...(imports.length === 0 ? ["imports nothing"] : ["imports:"]),
    ...wrappedLines(imports, { indent: "  ", width }),
    ...(words.length === 0 ? [] : ["asks for words of SQL:", ...wordLines(words)]),
    "",
    ...tableLines(passed.map(({ question, answer }) => [question, answer ?? ""])),
    ...planTexts(check),
    ...problemLines(steps),
    "",
    verdict(check),
  ];
}

/** Words of SQL that a manifest asks for, each in a line. */
export function wordLines(words: readonly PluginWord[]): string[] {
  return tableLines(words.map(({ grant, written, granted }) => [
    `  ${grant}`,
    written,
    granted ? "granted" : "not granted",
  ]));
}

/** Whether it passes, in a line. */
export function verdict(check: PluginCheck): string {
  const problems = problemCount(check);
  const { length } = check.steps;
  const passes = problems === 0 ? "it passes" : "it does not pass";
  return `${length - problems} of ${length} questions answered as they must be: ${passes}`;
}

/** What is wrong, each reason once, with the way out and the questions that fail for it. */
export function problemLines(steps: readonly CheckStep[]): string[] {
  const failed = steps.flatMap(({ question, problem }) => problem ? [{ question, problem }] : []);
  const groups = Map.groupBy(failed, ({ problem }) => reasonOf(problem));
  return [...groups.values()].flatMap(([{ question, problem } = NOTHING, ...others]) => [
    "",
    `Failed: ${question}`,
    ...indented(problem.split("\n")),
    ...(others.length === 0 ? [] : [`  So does ${namesOf(others)}`]),
  ]);
}

const NOTHING = { question: "", problem: "" };
/** Questions of a group that are named; of more, how many there are. */
const NAMED_MAX = 3;

/** Its first line, without numbers: those of columns differ from shape to shape. */
function reasonOf(problem: string): string {
  const [first = ""] = problem.split("\n");
  return first.replaceAll(/\d+/g, "");
}

function namesOf(others: readonly { readonly question: string }[]): string {
  const named = others.slice(0, NAMED_MAX).map(({ question }) => question).join("; ");
  return others.length <= NAMED_MAX ? named : `${named}; and ${others.length - NAMED_MAX} more`;
}

/** Of each mode, the plan of a table with a column of every type; what was shown before is left out. */
function planTexts({ plans }: PluginCheck): string[] {
  const shown = new Set<string>();
  return [...plans].filter(([question]) => question.endsWith(`, ${WIDEST_SAMPLE}`))
    .flatMap(([question, plan]) => {
      const lines = planLines(plan).filter((line) => !shown.has(line));
      for (const line of lines) shown.add(line);
      return ["", question, ...indented(lines)];
    });
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
