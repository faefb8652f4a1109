/** `snakepipe run`: the loads of the configuration. */
import type { ConfigFile } from "../../../src/config/file.ts";
import type { NamedLoad } from "../../../src/config/load_settings.ts";
import { inOrder } from "../../../src/config/references.ts";
import type { LoadReport } from "../../../src/load/report.ts";
import { counted, grouped } from "../../../src/model/counted.ts";
import { defined } from "../../../src/model/defined.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import type { Host } from "../../host.ts";
import { endSpareWorkers } from "../../lane/lanes.ts";
import { closeHost, listen, openBackend, openHost } from "../command_context.ts";
import { enterFolder, loadConfigFile } from "../config_file.ts";
import { startDebugLog } from "../debug_log.ts";
import { type ExitStatus, statusOf, worst } from "../exit_status.ts";
import { helpOf } from "../help.ts";
import { type Ending, runQueue } from "../load_queue.ts";
import { readyLoad } from "../one_load.ts";
import { usage } from "../option_values.ts";
import { readRunArguments } from "../options.ts";
import { failureJson, sayFailure, type Session } from "../output.ts";
import { durationText, ProgressDisplay } from "../progress_display.ts";
import { tableLines } from "../table.ts";

/** What came of a load. */
interface Outcome {
  readonly status: ExitStatus;
  /** As `snakepipe load --json` would print it. */
  readonly report: Record<string, unknown> & Partial<LoadReport>;
}

/** What every load of a run has in common. */
interface Run {
  readonly config: ConfigFile;
  readonly host: Host;
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly race: <T>(work: Promise<T>) => Promise<T>;
  readonly display: ProgressDisplay | undefined;
}

/**
 * Runs the command; the worst status of its loads.
 *
 * @throws {LoadError} what is wrong before any load has begun
 */
export async function runCommand(args: readonly string[], session: Session): Promise<ExitStatus> {
  const options = readRunArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("run"));
    return 0;
  }
  await startDebugLog(session.terminal, options.verbose);
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const { loads, notes } = chosenLoads(config, options.names);
  session.notes = notes;
  const { plugins, audit, config: configFile } = options;
  const paths = await enterFolder(config, { plugins, audit, config: configFile });
  using interrupt = listen(session);
  const host = await openHost({ ...options, ...defined(paths) }, config, { session, interrupt });
  const started = performance.now();
  try {
    using display = options.quiet ? undefined : new ProgressDisplay(session.terminal);
    const { signal } = interrupt;
    const race = <T>(work: Promise<T>) => interrupt.race(work);
    const endings = await runQueue<Outcome>({
      after: afterAmong(loads),
      jobs: options.jobs,
      signal,
      run: (name) =>
        runOne(name, loads.get(name)!, { config, host, session, signal, race, display }),
    });
    const seconds = (performance.now() - started) / 1000;
    if (session.json) session.terminal.json(jsonOf(endings, { session, seconds }));
    else if (!options.quiet) {
      for (const line of summaryLines(endings, seconds)) session.terminal.result(line);
    }
    for (const note of session.notes) session.terminal.say(`Note: ${note}`);
    return session.stopStatus ?? worst([...endings.values()].map(statusOfEnding));
  } finally {
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

/** The loads to run, in an order in which they may be. @throws {LoadError} `usage` */
function chosenLoads(
  config: ConfigFile,
  names: readonly string[],
): { readonly loads: ReadonlyMap<string, NamedLoad>; readonly notes: readonly string[] } {
  const known = [...config.loads.keys()];
  if (known.length === 0) {
    throw usage(
      'The configuration has no loads: name them in "loads", as docs/configuration.md shows',
    );
  }
  const unknown = names.filter((name) => !config.loads.has(name));
  if (unknown.length > 0) {
    const [first = ""] = unknown;
    const way = didYouMean(first, known) || `, there are: ${known.join(", ")}`;
    throw usage(`No load is named ${first}${way}`);
  }
  const chosen = inOrder(config.loads).filter((name) => names.length === 0 || names.includes(name));
  const loads = new Map(chosen.map((name) => [name, config.loads.get(name)!]));
  const notes = chosen.flatMap((name) =>
    (loads.get(name)?.after ?? []).filter((before) => !loads.has(before))
      .map((before) => `${name} comes after ${before}, which was not named and was not run`)
  );
  return { loads, notes };
}

function afterAmong(loads: ReadonlyMap<string, NamedLoad>): Map<string, readonly string[]> {
  return new Map(
    [...loads].map(([name, { after = [] }]) => [name, after.filter((before) => loads.has(before))]),
  );
}

/** Runs one load to its end, whatever that is. */
async function runOne(
  name: string,
  load: NamedLoad,
  { config, host, session, signal, race, display }: Run,
): Promise<{ readonly complete: boolean; readonly result: Outcome }> {
  const { table, mode } = load;
  const own: Session = { ...session, about: defined({ table, mode }), notes: [] };
  const shown = display?.show(name);
  let passedOver = (): string[] => [];
  try {
    const { source, target, targetSettings, options, skips } = await readyLoad(load, {
      config,
      session: own,
    });
    passedOver = () => skips.sentences();
    const opening = openBackend(host, target, { settings: targetSettings, session: own });
    const backend = await race(opening);
    try {
      const report = await host.load(source, backend, {
        ...options,
        signal,
        onStart: (progress) => shown?.follow(progress),
      });
      const notes = [...report.notes, ...own.notes, ...passedOver()];
      return { complete: true, result: { status: 0, report: { ...report, notes } } };
    } finally {
      await backend.close();
    }
  } catch (error) {
    own.notes = [...own.notes, ...passedOver()];
    shown?.end();
    sayFailure(error, own, name);
    const status = session.stopStatus ?? statusOf(error);
    return { complete: false, result: { status, report: failureJson(error, own) } };
  } finally {
    shown?.end();
  }
}

function statusOfEnding(ending: Ending<Outcome>): ExitStatus {
  return ending.kind === "run" ? ending.result.status : 0;
}

type Endings = ReadonlyMap<string, Ending<Outcome>>;

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

function stateOf(endings: Endings, { stopStatus }: Session): LoadReport["state"] {
  if (stopStatus !== undefined) return "cancelled";
  return completeOf(endings) === endings.size ? "complete" : "failed";
}

function completeOf(endings: Endings): number {
  return [...endings.values()].filter((ending) => ending.kind === "run" && ending.complete).length;
}

const HEAD = ["LOAD", "STATE", "TABLE", "BACKEND", "COMMITTED", "SKIPPED", "REJECTED", "TIME"];

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
    `${completeOf(endings)} of ${counted(endings.size, "load")} complete in ${
      durationText(seconds * 1000)
    }`,
    ...notes,
  ];
}
