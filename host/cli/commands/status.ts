/** `snakepipe status`: the loads that run, on this machine or in a database, from any shell. */
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { counted } from "../../../src/model/counted.ts";
import { printable } from "../../../src/model/printable.ts";
import { realWorld } from "../../../src/model/world.ts";
import { type SeenProgram, seenPrograms } from "../../observe/running/seen_programs.ts";
import { removeLeftOver } from "../../observe/running/status_file.ts";
import type { ToldRun } from "../../observe/running/told_program.ts";
import { type Ledgers, openLedgers } from "../config/ledger_target.ts";
import { Interrupt } from "../loads/interrupt.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readStatusArguments } from "../options/observe_options.ts";
import type { Session } from "../output/output.ts";
import { timeText } from "../output/progress_display.ts";
import { Screen } from "../output/screen.ts";
import { figuresOf, ledgerLines, type LedgerLoad, programLines } from "../output/status_lines.ts";

const EVERY_MS = 1_000;

/** What one look has found. */
interface Look {
  readonly programs: readonly SeenProgram[];
  /** Status files of other versions. */
  readonly unknown: number;
  /** With `--to`: what runs by the ledgers there. */
  readonly ledgers?: {
    readonly endpoint: string | undefined;
    readonly loads: readonly LedgerLoad[];
    readonly more: boolean;
    /** Why they cannot be read: a program that writes there has the database to itself. */
    readonly error?: string;
  };
}

/** Runs the command; 1 where a program was killed. @throws {LoadError} */
export async function statusCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readStatusArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("status"));
    return 0;
  }
  await using ledgers = options.to === undefined
    ? undefined
    : await openLedgers(options, session, { waits: false });
  const watched = new Watched(ledgers);
  if (options.watch) return await watch(watched, session);
  const look = await watched.look();
  if (session.json) session.terminal.json(jsonOf(look));
  else for (const line of linesOf(look)) session.terminal.result(line);
  return look.programs.every(({ isAlive }) => isAlive) ? 0 : 1;
}

/** Looks again and again. A program that was killed is seen by one of them, and shown until it goes on. */
class Watched {
  readonly #ledgers: Ledgers | undefined;
  #killed: readonly SeenProgram[] = [];

  constructor(ledgers: Ledgers | undefined) {
    this.#ledgers = ledgers;
  }

  async look(): Promise<Look> {
    const seen = await seenPrograms();
    const alive = seen.programs.filter(({ isAlive }) => isAlive);
    const running = new Set(alive.flatMap(loadsOf));
    const killed = [...this.#killed, ...seen.programs.filter(({ isAlive }) => !isAlive)]
      .filter((program) => !loadsOf(program).some((id) => running.has(id)));
    const programs = [...killed, ...alive];
    const ledgers = this.#ledgers && await lookInto(this.#ledgers, programs);
    const shown = ledgers
      ? programs.filter((one) =>
        ledgers.loads.some(({ program }) => program === one) ||
        (ledgers.error !== undefined && loadsInto(one, ledgers.endpoint))
      )
      : programs;
    // What is shown now is shown once.
    this.#killed = shown.filter(({ isAlive }) => !isAlive);
    for (const { file } of this.#killed) await removeLeftOver(file).catch(() => {});
    return { programs: shown, unknown: seen.unknown, ...(ledgers ? { ledgers } : {}) };
  }
}

async function lookInto(
  ledgers: Ledgers,
  programs: readonly SeenProgram[],
): Promise<Look["ledgers"] & object> {
  const { endpoint } = ledgers;
  let found;
  try {
    found = await ledgers.loads({ limit: LIMITS.statusLoadsMax, state: "running" });
  } catch (error) {
    const writes = programs.some((program) => program.isAlive && loadsInto(program, endpoint));
    if (!(error instanceof LoadError) || !writes) throw error;
    return { endpoint, loads: [], more: false, error: error.message };
  }
  const joined = found.loads.map((past): LedgerLoad => {
    // One that runs comes before one that was killed with the same load.
    for (const program of programs.toReversed()) {
      const load = program.status.loads.find(({ run }) => run?.load?.id === past.id);
      if (load) return { past, program, load };
    }
    return { past };
  });
  return { endpoint, loads: joined, more: found.more };
}

function loadsInto({ status }: SeenProgram, endpoint: string | undefined): boolean {
  return endpoint !== undefined && status.loads.some((load) => load.endpoint === endpoint);
}

function loadsOf({ status }: SeenProgram): string[] {
  return status.loads.flatMap(({ run }) => run?.load ? [run.load.id] : []);
}

/** Goes on until a signal, or until nobody reads any more. */
async function watch(watched: Watched, session: Session): Promise<ExitStatus> {
  const { terminal } = session;
  using screen = session.json || !Deno.stdout.isTerminal() ? undefined : new Screen();
  using interrupt = new Interrupt(() => {}, () => screen?.[Symbol.dispose]());
  let lines: readonly string[] = [];
  const draw = () => screen?.draw(lines);
  using _resized = onResize(draw);
  while (!interrupt.signal.aborted && !terminal.outputClosed) {
    const look = await watched.look();
    const time = new Date().toISOString();
    if (session.json) terminal.json(jsonOf(look));
    else {
      lines = [`${timeText(time)} UTC`, ...linesOf(look)].map(printable);
      if (screen) draw();
      else for (const line of [...lines, ""]) terminal.result(line);
    }
    await realWorld.sleep(EVERY_MS, interrupt.signal).catch(() => {});
  }
  return interrupt.status ?? 0;
}

function onResize(listener: () => void): Disposable {
  if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
  Deno.addSignalListener("SIGWINCH", listener);
  return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGWINCH", listener) };
}

function linesOf({ programs, unknown, ledgers }: Look): string[] {
  return [
    ...(ledgers && ledgers.error === undefined
      ? linesOfLedgers(ledgers)
      : programs.flatMap(programLines)),
    ...(ledgers?.error === undefined ? [] : [`The ledgers cannot be read: ${ledgers.error}`]),
    ...(!ledgers && programs.length === 0 ? ["No load of yours is running on this machine"] : []),
    ...(unknown > 0
      ? [`${counted(unknown, "program")} of another version of snakepipe cannot be shown`]
      : []),
  ];
}

function linesOfLedgers({ endpoint = "this database", loads, more }: Look["ledgers"] & object) {
  if (loads.length === 0) return [`No load is running by the ledgers of ${endpoint}`];
  return [
    ...loads.flatMap(ledgerLines),
    ...(more ? [`These are the newest ${counted(loads.length, "load")}; there are more`] : []),
  ];
}

function jsonOf({ programs, unknown, ledgers }: Look): unknown {
  const told = programs.map((program) => ({
    state: stateOf(program),
    ...program.status,
    loads: program.status.loads.map((load) =>
      load.run ? { ...load, run: { ...load.run, ...rates(load.run) } } : load
    ),
  }));
  const loads = ledgers?.loads.map(({ past, program }) => ({
    ...past,
    ...(program ? { process: { pid: program.status.pid, state: stateOf(program) } } : {}),
  }));
  return {
    at: new Date().toISOString(),
    programs: told,
    unknown,
    ...(ledgers ? { ledger: { ...ledgers, loads } } : {}),
  };
}

function rates(run: ToldRun) {
  const { rows: _, bytes: __, ...rates } = figuresOf(run);
  return rates;
}

function stateOf({ isAlive }: SeenProgram): "running" | "killed" {
  return isAlive ? "running" : "killed";
}
