/** What a run of the conformance suite has found, for people and for programs. */
import type { Manifest } from "../../../src/plugin_api/manifest.ts";
import { counted, grouped } from "../../../src/model/counted.ts";
import { adviceFor } from "../../conformance/advice.ts";
import type {
  CaseName,
  CaseOutcome,
  ConformanceResult,
  Speed,
} from "../../conformance/conformance.ts";
import { HASH_DIGITS } from "./output.ts";
import { durationText } from "./progress_display.ts";
import { tableLines } from "./text_table.ts";

/** A run, and what it was of. */
export interface ConformanceRun {
  readonly file: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly result: ConformanceResult;
  /** The file in which the result is kept; undefined where it is not. */
  readonly kept: string | undefined;
}

type Counts = Readonly<Record<CaseOutcome["kind"], number>>;

/** How many cases came out in which way. */
export function countsOf(outcomes: readonly CaseOutcome[]): Counts {
  const counts = { passed: 0, differs: 0, failed: 0, untried: 0 };
  for (const { kind } of outcomes) counts[kind]++;
  return counts;
}

/** A case as quirks name it. */
export function caseLabel({ group, name, way }: CaseName): string {
  return `${group}: ${name}${way === undefined ? "" : ` (${way})`}`;
}

/** For programs. */
export function conformanceJson(run: ConformanceRun): Readonly<Record<string, unknown>> {
  const { file, sha256, manifest: { name, version }, result, kept } = run;
  const { database, outcomes, speed } = result;
  const counts = countsOf(outcomes);
  return {
    ...{ file, sha256, plugin: name, version, database },
    state: counts.failed === 0 ? "passed" : "failed",
    ...counts,
    cases: outcomes.map((outcome) =>
      outcome.kind === "failed" ? { ...outcome, advice: adviceFor(outcome) } : outcome
    ),
    speed: speed ?? null,
    kept: kept ?? null,
  };
}

/** For people: a line for each group, each case that fails with what to try, and the verdict. */
export function conformanceLines(run: ConformanceRun): string[] {
  const { file, sha256, manifest: { name, version }, result, kept } = run;
  const { database, outcomes, speed } = result;
  const groups = [...new Set(outcomes.map(({ group }) => group))];
  const failed = outcomes.filter(({ kind }) => kind === "failed");
  const { passed, differs, untried } = countsOf(outcomes);
  const rest = [
    ...(differs > 0 ? [`${differs} differ as is known`] : []),
    ...(untried > 0 ? [`${untried} were not tried`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ].map((text) => `, ${text}`).join("");
  return [
    `${file}: plugin ${name} ${version}, sha256 ${sha256.slice(0, HASH_DIGITS)}, on ${database}`,
    "",
    ...tableLines([
      ["CASES ABOUT", "PASSED", "DIFFER", "UNTRIED", "FAILED"],
      ...groups.map((group) => {
        const c = countsOf(outcomes.filter((one) => one.group === group));
        return [group, ...[c.passed, c.differs, c.untried, c.failed].map((n) => n ? `${n}` : "-")];
      }),
    ]),
    ...failed.flatMap((outcome) => [
      "",
      `Failed: ${caseLabel(outcome)}`,
      ...(outcome.message ?? "").split("\n").map((line) => `  ${line}`),
      ...adviceLines(outcome),
    ]),
    "",
    ...speedLines(speed),
    `${counted(passed, "case")} passed${rest}: ${
      failed.length === 0 ? "it passes" : "it does not pass"
    }`,
    ...(failed.length > 0
      ? ["Where the database itself differs, --quirks says so, with the reason"]
      : []),
    ...(kept === undefined ? [] : [`snakepipe backends tells so: it is kept in ${kept}`]),
  ];
}

function adviceLines(outcome: CaseOutcome): string[] {
  const advice = adviceFor(outcome);
  return advice === undefined ? [] : [`  Try: ${advice}`];
}

function speedLines(speed: Speed | undefined): string[] {
  if (!speed) return [];
  if ("failed" in speed) return [`Speed: it cannot be measured: ${speed.failed}`];
  const { rows, seconds, rowsPerSecond, mode } = speed;
  return [
    `Speed: ${grouped(rows)} rows by ${mode} in ${durationText(seconds * 1000)}, ${
      grouped(rowsPerSecond)
    } rows/s; it decides nothing`,
  ];
}
