/** What `snakepipe status` says, for people. Names of strangers are made printable. */
import { type ProgressFigures, progressFigures } from "../../../src/audit/progress.ts";
import { tableLabel } from "../../../src/model/batch.ts";
import { counted } from "../../../src/model/counted.ts";
import { defined } from "../../../src/model/defined.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";
import { printable } from "../../../src/model/printable.ts";
import { pausedSince } from "../../api/paused_detail.ts";
import type { SeenProgram } from "../../observe/running/seen_programs.ts";
import type { ToldLoad, ToldRun } from "../../observe/running/told_program.ts";
import { STANDARD_INPUT } from "../../sources/input.ts";
import { bytesText, durationText, ratePieces, timeText } from "./progress_display.ts";

/** A load that a ledger has as running, and the program of this user on this machine that has it. */
export interface LedgerLoad {
  readonly past: PastLoad;
  readonly program?: SeenProgram;
  /** As that program tells of it. */
  readonly load?: ToldLoad;
}

/** Commands that load; else a program says what it is called. */
const COMMANDS: ReadonlySet<string> = new Set(["load", "run", "serve", "rejects"]);

/** A program, and its loads. */
export function programLines({ isAlive, status }: SeenProgram): string[] {
  const { program, pid, folder, api, idle = 0, since, at, loads } = status;
  const name = COMMANDS.has(program) ? `snakepipe ${program}` : program;
  const head = `Process ${pid}, ${name}${api === undefined ? "" : ` at ${api}`}` +
    (folder === undefined ? "" : ` in ${folder}`) +
    (isAlive ? `, since ${timeText(since)}` : `: killed; it was last seen at ${timeText(at)}`);
  return [
    head,
    ...loads.flatMap((load) => loadLines(load, isAlive)),
    ...(idle > 0 ? [`  ${counted(idle, "load")} with nothing to do`] : []),
  ].map(printable);
}

function loadLines(load: ToldLoad, isAlive: boolean): string[] {
  const { name, source, endpoint, backend, table, state, detail, run } = load;
  const from = sourceText(source);
  const named = name === undefined || name === source ? from : `${name}: ${from}`;
  const to = endpoint ?? backend;
  const about = named + (to === undefined ? "" : ` to ${to}`) +
    (table === undefined ? "" : `, table ${table}`);
  const isKilled = !isAlive && (state === "running" || state === "retrying");
  return [
    `  ${about}: ${isKilled ? "killed" : state + reasonText(detail)}`,
    ...(run ? [`    ${runPieces(run, isAlive).join(", ")}`] : []),
  ];
}

/** Why a load is in its state. */
function reasonText(detail: string | undefined): string {
  if (detail === undefined) return "";
  const since = pausedSince(detail);
  if (since !== undefined) return ` since ${timeText(since)}`;
  // Further lines name rows, or files: the program itself has shown them.
  return `: ${detail.split("\n")[0]!.replace(/:$/, "")}`;
}

function sourceText(source: string): string {
  return source === STANDARD_INPUT ? "standard input" : source;
}

function runPieces(run: ToldRun, isAlive: boolean): string[] {
  const { committed, committedBefore, rejected, batches, retries, milliseconds } = run;
  const total = run.bytesTotal === undefined ? "" : ` of ${bytesText(run.bytesTotal)}`;
  return [
    `${counted(committed, "row")} committed`,
    ...(isAlive ? ratePieces(figuresOf(run)) : []),
    counted(batches, "batch", "batches"),
    ...(retries > 0 ? [counted(retries, "retry", "retries")] : []),
    ...(rejected > 0 ? [`${counted(rejected, "row")} rejected`] : []),
    ...(committedBefore > 0 ? [`${counted(committedBefore, "row")} of earlier runs`] : []),
    `${bytesText(run.bytesRead)}${total} read`,
    `${isAlive ? "for" : "after"} ${durationText(milliseconds)}`,
    ...(run.load ? [`load ${run.load.id}`] : []),
  ];
}

/** Rate, share and time left of a run. */
export function figuresOf(run: ToldRun): ProgressFigures {
  const { committed, milliseconds, batches, bytesRead, bytesTotal } = run;
  return progressFigures({
    ...{ rowsCommitted: committed, batches, bytesRead, milliseconds },
    ...defined({ bytesTotal }),
  });
}

/** A load that a ledger has as running. */
export function ledgerLines({ past, program, load }: LedgerLoad): string[] {
  const { id, schema, table, source, startedAt, committedAt, committed, rejected, batches } = past;
  const where = tableLabel({ schema, name: table });
  const figures = [
    `${counted(committed, "row")} committed`,
    counted(batches, "batch", "batches"),
    ...(rejected > 0 ? [`${counted(rejected, "row")} rejected`] : []),
    ...(committedAt === undefined ? [] : [`the last at ${timeText(committedAt)}`]),
    `load ${id}`,
  ];
  return [
    `${sourceText(source)} to ${where}: running since ${timeText(startedAt)}`,
    `  ${figures.join(", ")}`,
    `  ${whose(program, load)}`,
  ].map(printable);
}

function whose(program: SeenProgram | undefined, load: ToldLoad | undefined): string {
  if (!program) {
    return "no program of yours on this machine has it: killed, or on another machine; the same " +
      "command goes on with it";
  }
  const { pid, at } = program.status;
  if (!program.isAlive) {
    return `process ${pid} had it, which was killed; it was last seen at ${timeText(at)}. ` +
      "The same command goes on with it";
  }
  const { run, state = "running", detail } = load ?? {};
  const pieces = run ? ratePieces(figuresOf(run)) : [];
  return [`process ${pid} has it: ${state}${reasonText(detail)}`, ...pieces].join(", ");
}
