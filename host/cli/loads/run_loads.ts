/** Runs several loads through one host, each to its own end. */
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { LoadUnit } from "../../../src/config/destination.ts";
import { defined } from "../../../src/model/defined.ts";
import { after } from "../../../src/model/timer.ts";
import { WriteGate } from "../../../src/load/write_gate.ts";
import type { Host } from "../../host.ts";
import { isReadOnce } from "../../sources/read_once.ts";
import { SourceTee } from "../../sources/tee.ts";
import type { PlannedLoad } from "../config/side_by_side.ts";
import { openFirst } from "./command_context.ts";
import { statusOf } from "../output/exit_status.ts";
import { runQueue } from "./load_queue.ts";
import { readyLoad } from "./one_load.ts";
import { failureJson, sayFailure, type Session } from "../output/output.ts";
import type { StatusPage } from "./status_page.ts";
import type { ProgressDisplay } from "../output/progress_display.ts";
import type { Endings, Outcome } from "./run_report.ts";

/** What all loads of a run have in common. */
export interface Run {
  readonly config: ConfigFile;
  readonly host: Host;
  readonly session: Session;
  /** Aborted where no further load is to begin, and those under way are to stop. */
  readonly signal: AbortSignal;
  /** Waits for work, but no longer than until the signal. */
  readonly race: <T>(work: Promise<T>) => Promise<T>;
  readonly display: ProgressDisplay | undefined;
  /** Shows them to a browser; nothing does by default. */
  readonly page?: StatusPage | undefined;
  /** Whether to find out what would be done, and do nothing. */
  readonly dryRun: boolean;
}

/** The loads of a run, by their names. */
type RunLoads = ReadonlyMap<string, PlannedLoad>;

/**
 * Runs them side by side, up to `jobs` at once, each when those that it comes after are complete, in all
 * their targets.
 */
export function runLoads(
  loads: RunLoads,
  { jobs, ...run }: Run & { readonly jobs: number },
): Promise<Endings> {
  const { signal } = run;
  const units = new Map(
    [...loads.values()].flatMap((load) => load.units.map((unit) => [unit.name, unit])),
  );
  const gates = gatesOf(loads);
  const tees = teesOf(loads);
  return runQueue<Outcome>({
    after: new Map(
      [...loads.values()].flatMap(({ units, after = [] }) => {
        const before = after.flatMap((name) => loads.get(name)?.units ?? []).map(({ name }) =>
          name
        );
        // What was not done is not waited for.
        return units.map(({ name }) => [name, run.dryRun ? [] : before]);
      }),
    ),
    // Each of them waits for all others before it writes, or reads what they read.
    group: new Map([...gates, ...tees].map(({ load, name }) => [name, load])),
    jobs,
    signal,
    run: async (name) => {
      const gate = gates.find((one) => one.name === name)?.gate;
      const tee = tees.find((one) => one.name === name)?.tee;
      return await runOne(units.get(name)!, { ...run, ...defined({ gate, tee }) });
    },
  });
}

/** The units of loads whose rows go to one of several targets, each with the gate that it shares. */
function gatesOf(
  loads: RunLoads,
): { readonly load: string; readonly name: string; readonly gate: WriteGate }[] {
  return [...loads].flatMap(([load, { units }]) => {
    const names = units.filter(({ share }) => share).map(({ name }) => name);
    const gate = new WriteGate(names);
    return names.map((name) => ({ load, name, gate }));
  });
}

/** The units of loads all of whose rows go to each of several targets, out of what can be read once. */
function teesOf(
  loads: RunLoads,
): { readonly load: string; readonly name: string; readonly tee: SourceTee }[] {
  return [...loads].flatMap(([load, { units }]) => {
    const shared = units.filter(({ shares, share, settings }) =>
      shares && !share && settings.source.some(isReadOnce)
    );
    const tee = new SourceTee(shared.map(({ name }) => name));
    return shared.map(({ name }) => ({ load, name, tee }));
  });
}

/** A database that does not let itself be opened for so long holds no load of other rows. */
const OPENING_MS_MAX = 5_000;

/** Runs one load to its end, whatever that is. */
async function runOne(
  unit: LoadUnit,
  { config, host, session, signal, race, display, page, dryRun, gate, tee }: Run & {
    readonly gate?: WriteGate;
    readonly tee?: SourceTee;
  },
): Promise<{ readonly complete: boolean; readonly result: Outcome }> {
  const { name, settings: { table, mode } } = unit;
  const own: Session = { ...session, about: defined({ table, mode }), notes: [] };
  const shown = display?.show(name);
  const { source: named } = unit.settings;
  const watched = page?.load({ name, source: [named].flat(), target: unit.label ?? name });
  let passedOver = (): string[] => [];
  let failure: unknown;
  try {
    const { source, targets, targetSettings, options, skips } = await readyLoad(unit, {
      ...{ config, session: own },
      ...defined({ tee }),
    });
    passedOver = () => skips.sentences();
    const opening = openFirst(host, targets, { settings: targetSettings, session: own });
    const opened = after(OPENING_MS_MAX, () => gate?.release(name));
    const backend = await race(opening).finally(opened);
    try {
      if (dryRun) {
        const found = await race(host.preview(source, backend, { ...options, signal }));
        const preview = { ...found, notes: [...found.notes, ...own.notes, ...passedOver()] };
        return { complete: true, result: { status: 0, report: { ...preview }, preview } };
      }
      const listeners = watched?.begin(backend, { options, target: targets[0]! });
      const report = await host.load(source, backend, {
        ...{ ...options, ...listeners, name, signal },
        onStart: (progress) => {
          shown?.follow(progress);
          listeners?.onStart(progress);
        },
        ...gate?.hooksOf(name, signal),
      });
      const notes = [...report.notes, ...own.notes, ...passedOver()];
      watched?.complete(report, [...own.notes, ...passedOver()]);
      return { complete: true, result: { status: 0, report: { ...report, notes } } };
    } finally {
      await backend.close();
    }
  } catch (error) {
    failure = error;
    own.notes = [...own.notes, ...passedOver()];
    watched?.failed(error);
    shown?.end();
    sayFailure(error, own, name);
    const status = session.stopStatus ?? statusOf(error);
    return { complete: false, result: { status, report: failureJson(error, own) } };
  } finally {
    gate?.end(name, failure);
    tee?.leave(name);
    shown?.end();
  }
}
