/** What a check of a plugin has found, for people and for programs. */
import type { PluginWord } from "../../src/model/backend.ts";
import type { CheckStep, PluginCheck } from "../plugins/check/plugin_check.ts";
import { HASH_DIGITS } from "./output.ts";
import { tableLines, wrappedLines } from "./table.ts";

/** How many questions were not answered as they must be. */
export function problemCount({ steps }: PluginCheck): number {
  return steps.filter(({ problem }) => problem !== undefined).length;
}

/** For programs. */
export function checkJson(check: PluginCheck): Readonly<Record<string, unknown>> {
  const { plans: _, ...told } = check;
  return { ...told, problems: problemCount(check) };
}

/** For people: the plugin, what it answers, and what is wrong with that. */
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

/** What is wrong, with the way out once: shapes of one mode fail for one reason, as a rule. */
export function problemLines(steps: readonly CheckStep[]): string[] {
  const told = new Set<string>();
  return steps.flatMap(({ question, problem }) => {
    if (problem === undefined) return [];
    const [first = "", ...lesson] = problem.split("\n");
    const [mode] = question.split(",");
    const kind = `${mode} ${/is refused at (\S+):/.exec(first)?.[1] ?? first}`;
    const lines = told.has(kind) ? [first] : [first, ...lesson];
    told.add(kind);
    return ["", `Failed: ${question}`, ...lines.map((line) => `  ${line}`)];
  });
}
