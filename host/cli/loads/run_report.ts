/** What came of several loads: a table for people, one JSON object for programs. */
import type { LoadReport } from "../../../src/load/report.ts";
import { counted, grouped } from "../../../src/model/counted.ts";
import type { PreviewReport } from "../../load/preview.ts";
import { type ExitStatus, worst } from "../output/exit_status.ts";
import type { Ending } from "./load_queue.ts";
import type { Session } from "../output/output.ts";
import { previewLines } from "../output/preview_lines.ts";
import { durationText } from "../output/progress_display.ts";
import { tableLines } from "../output/text_table.ts";

/** What the table shows of a report. */
type ShownFigure =
  | "table"
  | "backend"
  | "committed"
  | "skipped"
  | "rejected"
  | "seconds"
  | "notes";

/** What came of a load. */
export interface Outcome {
  readonly status: ExitStatus;
  /** As `snakepipe load --json` would print it. */
  readonly report: Record<string, unknown> & Partial<Pick<LoadReport, ShownFigure>> & {
    readonly state?: string;
  };
  /** What it would do, where that is what was asked for. */
  readonly preview?: PreviewReport;
}

/** What came of each, by its name. */
export type Endings = ReadonlyMap<string, Ending<Outcome>>;

/** Shows it, and returns the worst status. */
export function showEndings(
  endings: Endings,
  { session, seconds, quiet }: {
    readonly session: Session;
    readonly seconds: number;
    readonly quiet: boolean;
  },
): ExitStatus {
  if (session.json) session.terminal.json(jsonOf(endings, { session, seconds }));
  else if (!quiet) {
    for (const line of previewsOf(endings) ?? summaryLines(endings, seconds)) {
      session.terminal.result(line);
    }
  }
  if (session.terminal.outputFailed) session.terminal.say(completeText(endings));
  for (const note of session.notes) session.terminal.say(`Note: ${note}`);
  return session.stopStatus ?? worst([...endings.values()].map(statusOfEnding));
}

function statusOfEnding(ending: Ending<Outcome>): ExitStatus {
  return ending.kind === "run" ? ending.result.status : 0;
}

function jsonOf(
  endings: Endings,
  { session, seconds }: { readonly session: Session; readonly seconds: number },
): Record<string, unknown> {
  const loads = [...endings].map(([name, ending]) =>
    ending.kind === "run"
      ? { name, ...ending.result.report }
      : { name, state: "not_run", because: ending.because ?? "stopped" }
  );
  return { state: stateOf(endings, session), seconds, loads, notes: session.notes };
}

function stateOf(endings: Endings, { stopStatus }: Session): string {
  if (stopStatus !== undefined) return "cancelled";
  if (previewsOf(endings)) return "previewed";
  return completeOf(endings) === endings.size ? "complete" : "failed";
}

function completeOf(endings: Endings): number {
  return [...endings.values()].filter((ending) => ending.kind === "run" && ending.complete).length;
}

const HEAD = ["LOAD", "STATE", "TABLE", "BACKEND", "COMMITTED", "SKIPPED", "REJECTED", "TIME"];

/** What each would do, where nothing was done. */
function previewsOf(endings: Endings): string[] | undefined {
  const previews = [...endings].flatMap(([name, ending]) =>
    ending.kind === "run" && ending.result.preview
      ? [
        `${name}:`,
        ...previewLines(ending.result.preview).map((line) => `  ${line}`.trimEnd()),
        "",
      ]
      : []
  );
  return previews.length === 0 ? undefined : previews;
}

function completeText(endings: Endings): string {
  return `${completeOf(endings)} of ${counted(endings.size, "load")} complete`;
}

/** A table of the loads, and what the user should know of each. */
function summaryLines(endings: Endings, seconds: number): string[] {
  const rows = [...endings].map(([name, ending]) => {
    if (ending.kind === "not_run") return [name, "not run", "-", "-", "-", "-", "-", "-"];
    const { state = "failed", table, backend, ...figures } = ending.result.report;
    const { committed = 0, skipped = 0, rejected = 0, seconds: took = 0 } = figures;
    const counts = [committed, skipped, rejected].map(grouped);
    return [name, state, table ?? "-", backend ?? "-", ...counts, durationText(took * 1000)];
  });
  const notes = [...endings].flatMap(([name, ending]) => {
    if (ending.kind === "run") {
      return (ending.complete ? ending.result.report.notes ?? [] : []).map((note) =>
        `Note: ${name}: ${note}`
      );
    }
    const why = ending.because === undefined
      ? "the program was stopped"
      : `${ending.because} is not complete, which it comes after`;
    return [`${name} was not run: ${why}`];
  });
  return [
    ...tableLines([HEAD, ...rows]),
    `${completeText(endings)} in ${durationText(seconds * 1000)}`,
    ...notes,
  ];
}
