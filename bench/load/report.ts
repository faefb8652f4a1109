/** Results as tables for people. */
import { format as formatBytes } from "@std/fmt/bytes";
import { grouped } from "../../src/model/counted.ts";
import { figureLines } from "../harness.ts";
import { DATASETS } from "./dataset.ts";
import type { GoalResult } from "./goals.ts";
import type { ComparisonResult, CompetitorResult } from "./result.ts";
import { TITLE } from "./title.ts";

const MATCH_HEAD = [
  "",
  "rows/s",
  "medians",
  "of best",
  "median",
  "best",
  "client CPU",
  "total CPU",
  "faults",
  "total",
  "peak",
  "says",
  "",
];

/** One comparison, the fastest first; `medians` and `of best` are ratios to the reference. */
export function matchLines(result: ComparisonResult): string[] {
  const rows = result.competitors.toSorted((a, b) => speedOf(b) - speedOf(a)).map(competitorCells);
  return ["", comparisonTitle(result), ...figureLines([MATCH_HEAD, ...rows])];
}

/** `Postgres, 1,000,000 syntax-tree nodes, 13 columns, 243 B a row`. */
export function comparisonTitle(
  { database, dataset, rows, bytesPerRow }: ComparisonResult,
): string {
  return `${TITLE[database]}, ${grouped(rows)} ${DATASETS[dataset].title}, ${bytesPerRow} B a row`;
}

/** What was asked for beside what was measured. */
export function goalLines(all: readonly GoalResult[]): string[] {
  if (all.length === 0) return [];
  const rows = all.map((goal) => [
    goal.what,
    figure(goal, goal.measured),
    optional(goal.best, (best) => figure(goal, best)),
    figure(goal, goal.atLeast),
    figure(goal, goal.aim),
    goal.verdict,
  ]);
  const missed = all.filter((goal) => goal.verdict === "not met").length;
  return [
    "",
    "Goals: medians, and the best rounds beside them",
    ...figureLines([["", "median", "best", "at least", "aim", ""], ...rows]),
    `${all.length - missed} of ${all.length} met`,
  ];
}

function speedOf(result: CompetitorResult): number {
  return result.kind === "measured" ? result.rowsPerSecond : -1;
}

function competitorCells(result: CompetitorResult): string[] {
  if (result.kind === "absent") {
    return [result.name, ...Array(MATCH_HEAD.length - 2).fill(""), `absent: ${result.reason}`];
  }
  return [
    result.name,
    grouped(result.rowsPerSecond),
    optional(result.ratioOfMedians, (ratio) => ratio.toFixed(2)),
    optional(result.ratio, (ratio) => ratio.toFixed(2)),
    seconds(result.medianSeconds),
    seconds(result.bestSeconds),
    optional(result.clientCpuSeconds, seconds),
    optional(result.totalCpuSeconds, seconds),
    optional(result.clientFaults, (faults) => grouped(Math.round(faults))),
    optional(result.totalFaults, (faults) => grouped(Math.round(faults))),
    optional(result.peakBytes, formatBytes),
    optional(result.ownSeconds, seconds),
    result.side === "reference" ? "reference" : "",
  ];
}

function optional(value: number | undefined, show: (value: number) => string): string {
  return value === undefined ? "" : show(value);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** A figure of a goal in its unit. */
export function figure({ unit }: Pick<GoalResult, "unit">, value: number): string {
  switch (unit) {
    case "times":
      return value.toFixed(2);
    case "seconds":
      return seconds(value);
    case "bytes":
      return formatBytes(value);
  }
}
