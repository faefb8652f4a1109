/** What a command says at its end: a summary for people, or one JSON object for programs. */
import { format as formatBytes } from "@std/fmt/bytes";
import type { ChosenBy } from "../../../src/model/backend.ts";
import { assertNever, LoadError, messageOf } from "../../../src/model/errors.ts";
import { type LoadReport, LoadStoppedError } from "../../../src/load/report.ts";
import type { NulRule } from "../../../src/model/nul_rule.ts";
import { counted } from "../../../src/model/counted.ts";
import type { ExitStatus } from "./exit_status.ts";
import { bytesText, durationText } from "./progress_display.ts";
import { redact } from "./redact.ts";
import type { Terminal } from "./terminal.ts";

/** One run of the program: where it writes, and what it has learnt about itself so far. */
export interface Session {
  readonly terminal: Terminal;
  /** The command, once it is known; its help is pointed to. */
  command?: string;
  /** Whether the result is JSON. */
  json: boolean;
  /** What is known of the load, for the report of one that never began; absent for other commands. */
  about?: Partial<Pick<LoadReport, "source" | "backend" | "table" | "mode">>;
  /** What environment variables brought in: to be shown nowhere. */
  secrets: readonly string[];
  /** What the user should know beside the result, in sentences. */
  notes: readonly string[];
  /** The status of the signal that asked to stop. */
  stopStatus?: ExitStatus;
}

/** Rows that may be left out, as the hint says, where few are known that have to be. */
const ROOM_MIN = 20;
/** Hex digits of a hash that people see: enough to tell plugins apart. */
export const HASH_DIGITS = 12;

const NOTHING: Pick<
  LoadReport,
  | "read"
  | "committed"
  | "superseded"
  | "rejected"
  | "skipped"
  | "repaired"
  | "rejectedTooLarge"
  | "batches"
  | "bytes"
  | "seconds"
  | "rowsPerSecond"
> = {
  read: 0,
  committed: 0,
  superseded: 0,
  rejected: 0,
  skipped: 0,
  repaired: 0,
  rejectedTooLarge: 0,
  batches: 0,
  bytes: 0,
  seconds: 0,
  rowsPerSecond: 0,
};

/** Shows the report of a load that is complete. */
export function showReport(report: LoadReport, session: Session, quiet: boolean): void {
  const notes = [...report.notes, ...session.notes];
  if (session.json) session.terminal.json({ ...report, notes });
  else if (!quiet) {
    for (const line of summaryLines({ ...report, notes })) session.terminal.result(line);
  }
  if (session.terminal.outputFailed) {
    const { committed, table } = report;
    session.terminal.say(
      `The load is complete all the same: ${counted(committed, "row")} ${
        committed === 1 ? "is" : "are"
      } committed to ${table}`,
    );
  }
}

/** The summary of a load that is complete. */
export function summaryLines(report: LoadReport): string[] {
  const {
    committed,
    superseded,
    rejected,
    rejectedTooLarge,
    repaired,
    skipped,
    batches,
    bytes,
    seconds,
    rowsPerSecond,
  } = report;
  const { plugin, load } = report;
  const figures = [
    counted(rowsPerSecond, "row/s", "rows/s"),
    bytesText(bytes),
    counted(batches, "batch", "batches") + sizeText(report),
  ];
  const about = [
    `backend ${report.backend}`,
    ...(plugin
      ? [`plugin ${plugin.name} ${plugin.version} (sha256 ${plugin.sha256.slice(0, HASH_DIGITS)})`]
      : []),
  ];
  return [
    `${counted(committed, "row")} committed to ${report.table} in ${
      durationText(seconds * 1000)
    }: ` +
    figures.join(", "),
    ...(superseded > 0
      ? [`${counted(superseded, "row")} superseded by later ones of the same key`]
      : []),
    ...(rejected > rejectedTooLarge
      ? [`${counted(rejected - rejectedTooLarge, "row")} rejected and kept`]
      : []),
    ...(rejectedTooLarge > 0
      ? [
        `${
          counted(rejectedTooLarge, "row")
        } rejected as too large: the place is kept, the record is not`,
      ]
      : []),
    ...(repaired > 0 ? [`${counted(repaired, "row")} repaired${repairText(report.nul)}`] : []),
    ...(skipped > 0 ? [`${counted(skipped, "row")} skipped: the ledger has them`] : []),
    about.join(", "),
    ...(load ? [`load ${load.id}, generation ${load.generation}`] : []),
    ...report.notes.map((note) => `Note: ${note}`),
  ];
}

/** How large transactions were, where there were several: ` of at most 64 MiB (by default)`. */
function sizeText({ batches, transactions }: LoadReport): string {
  if (!transactions || batches < 2) return "";
  const { bytesMax, bytesBy, rowsMax, rowsBy } = transactions;
  const bytes = formatBytes(bytesMax, { binary: true });
  if (rowsMax === undefined) return ` of at most ${bytes} (${chosenText(bytesBy)})`;
  const rows = counted(rowsMax, "row");
  return bytesBy === rowsBy
    ? ` of at most ${bytes} or ${rows} (${chosenText(bytesBy)})`
    : ` of at most ${bytes} (${chosenText(bytesBy)}) or ${rows} (${chosenText(rowsBy!)})`;
}

function chosenText(by: ChosenBy): string {
  switch (by) {
    case "default":
      return "by default";
    case "plugin":
      return "by the plugin";
    case "option":
      return "as asked for";
    case "source":
      return "by the source's size";
    case "earlier_run":
      return "as the load began";
    default:
      return assertNever(by);
  }
}

/** How rows were repaired; a backend may do so of itself. */
function repairText(nul: NulRule | undefined): string {
  switch (nul) {
    case "strip":
      return ": U+0000 stripped";
    case "escape":
      return ": U+0000 escaped";
    case "reject":
    case undefined:
      return "";
    default:
      return assertNever(nul);
  }
}

/** Shows why the program did not do what it was asked for, and what it did until then. */
export function showFailure(error: unknown, session: Session): void {
  sayFailure(error, session);
  for (const note of session.notes) session.terminal.say(`Note: ${note}`);
  if (session.json) session.terminal.json(failureJson(error, session));
}

/** Says what went wrong, on standard error; with the name of the load before each line, where it has one. */
export function sayFailure(error: unknown, session: Session, name?: string): void {
  const { terminal } = session;
  const prefix = name === undefined ? "" : `${name}: `;
  if (error instanceof LoadError && error.code === "cancelled") {
    terminal.say(`${prefix}Stopped: ${placeOf(error)}`);
    return;
  }
  const hide = hiderOf(error, session);
  terminal.complain(prefix + hide(isKnown(error) ? error.message : stackOf(error)));
  const way = wayOut(error, session);
  if (way !== undefined) terminal.say(prefix + way);
  if (error instanceof LoadStoppedError) terminal.say(prefix + whereItStands(error.report));
}

/** What went wrong as JSON, with what was done until then where a load was to be run. */
export function failureJson(error: unknown, session: Session): Record<string, unknown> {
  const known = isKnown(error);
  const hide = hiderOf(error, session);
  const report = error instanceof LoadStoppedError
    ? error.report
    : { state: stateOf(error), ...NOTHING, ...session.about, notes: [] };
  const failure = {
    code: known ? error.code : "bug",
    blame: error instanceof LoadError ? error.blame : "host",
    message: hide(messageOf(error)),
    ...(error instanceof LoadError && error.vendorCode ? { vendorCode: error.vendorCode } : {}),
    ...(error instanceof LoadError && error.reason ? { reason: error.reason } : {}),
    issues: error instanceof LoadError
      ? error.issues.map(({ path, message }) => ({ path, message: hide(message) }))
      : [],
    ...(error instanceof LoadError && error.question ? { question: error.question } : {}),
  };
  return session.about === undefined
    ? { error: failure }
    : { ...report, notes: [...report.notes, ...session.notes], error: failure };
}

function isKnown(error: unknown): error is LoadError {
  return error instanceof LoadError && error.code !== "bug";
}

function hiderOf(error: unknown, { secrets }: Session): (text: string) => string {
  return (text) => redact(text, { secrets, everywhere: !isKnown(error) });
}

/** What is in the table, after a load that was stopped. */
function whereItStands(report: LoadReport): string {
  const { committed, batches, table, load, mode, skipped } = report;
  const id = load === undefined ? "" : `, load ${load.id}`;
  if (mode === "replace") {
    return `No row of ${table} has changed: a replace is swapped in at its end${id}`;
  }
  const before = skipped === 0
    ? ""
    : `; ${counted(skipped, "row")} of earlier runs ${skipped === 1 ? "is" : "are"} in`;
  if (batches === 0) {
    return `Nothing ${skipped === 0 ? "" : "further "}was committed to ${table}${before}${id}`;
  }
  return `${counted(committed, "row")} of ${counted(batches, "batch", "batches")} ` +
    `${committed === 1 ? "is" : "are"} committed to ${table}${before}${id}`;
}

function placeOf(error: LoadError): string {
  return error instanceof LoadStoppedError ? whereItStands(error.report) : "the load had not begun";
}

function stateOf(error: unknown): LoadReport["state"] {
  return error instanceof LoadError && error.code === "cancelled" ? "cancelled" : "failed";
}

function wayOut(error: unknown, session: Session): string | undefined {
  if (!(error instanceof LoadError)) return "This is a defect of snakepipe";
  if (error.code === "bug") return "This is a defect of snakepipe";
  if (error.question && !session.json) {
    return "With --json, the report holds what the plugin was asked: snakepipe check --replay asks it again";
  }
  if (error.code === "usage") {
    return `See snakepipe ${session.command === undefined ? "" : `${session.command} `}--help`;
  }
  if (error.code === "rows_rejected" && error.issues.length > 0) {
    const way = "Correct the rows and give the same command again, or leave them out and keep them";
    const count = countAbove(error.rejectsMin ?? 0);
    if (session.command === "load") {
      return `${way}: --max-rejects ${count} --rejects rejects.ndjson`;
    }
    if (session.command === "run") {
      return `${way}: "maxRejects": ${count}, "rejects": "rejects.ndjson" in the load`;
    }
  }
  if (error instanceof LoadStoppedError && error.report.load && error.retry) {
    return "The same command goes on where this one has stopped";
  }
  return undefined;
}

/** A round number that leaves room for as many rows again, since those further down are not known. */
function countAbove(rows: number): number {
  const wanted = Math.max(rows * 2, ROOM_MIN);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= wanted)!;
}

/** The stack of a defect: of its cause, where the loader has wrapped it. */
function stackOf(error: unknown): string {
  const origin = error instanceof LoadError && error.cause instanceof Error ? error.cause : error;
  return origin instanceof Error ? origin.stack ?? origin.message : String(origin);
}
