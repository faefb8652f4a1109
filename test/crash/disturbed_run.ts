/** A run of the program one of whose driver calls is disturbed. */
import { join } from "@std/path";
import { type Disturbance, HELD, LET_GO, LINE_BYTES, VARIABLE } from "./disturbance.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";
import { type Run, run, type RunningLoad, type RunOptions, start } from "./program.ts";
import { incomplete, type Trial, withPlace } from "./trial.ts";

/** What is disturbed, and how. */
export interface DisturbedRunOptions {
  readonly place: Place;
  readonly source: SourceFile;
  readonly load: LoadCase;
  readonly disturbance: Omit<Disturbance, "log">;
  /** Further options of the program. */
  readonly args?: readonly string[];
  /** What happens as soon as the call is disturbed. */
  readonly then?: () => Promise<void>;
}

/** What came of it. */
export interface DisturbedRun {
  readonly run: Run;
  /** The calls that were made, all threads together. */
  readonly calls: readonly string[];
}

let count = 0;

/** Runs the program. */
export async function runDisturbed(
  { folder, exchanged }: Trial,
  { disturbance, then, ...options }: DisturbedRunOptions,
): Promise<DisturbedRun> {
  const log = join(folder, `calls${++count}.log`);
  const running = run({
    ...options,
    program: exchanged,
    env: { [VARIABLE]: JSON.stringify({ ...disturbance, log }) },
  });
  if (then) await onceMade({ log, running, at: disturbance.at }, then);
  const outcome = await running;
  const text = await Deno.readTextFile(log).catch(() => "");
  await Deno.remove(log).catch(() => {});
  const calls = Array.from(
    { length: text.length / LINE_BYTES },
    (_, i) => text.slice(i * LINE_BYTES, (i + 1) * LINE_BYTES).trim(),
  );
  return { run: outcome, calls };
}

/** Waits for a call, and does not where the run ends before it. */
async function onceMade(
  { log, running, at }: {
    readonly log: string;
    readonly running: Promise<Run>;
    readonly at: number;
  },
  then: () => Promise<void>,
): Promise<void> {
  let ended = false;
  void running.then(() => ended = true);
  const calls = () => Deno.stat(log).then(({ size }) => size / LINE_BYTES, () => 0);
  while (!ended && await calls() < at) await new Promise((resolve) => setTimeout(resolve, 1));
  if (await calls() >= at) await then();
}

/** A load that stands still in its middle, until it is let go of. */
export interface HeldLoad extends RunningLoad {
  /** What is wrong where it came to its end before. */
  readonly problems: readonly string[];
  letGo(): Promise<void>;
}

/** Starts a load, and resolves once a thread of it has so many batches behind it, and another at hand. */
export async function startHeld(
  { folder, exchanged }: Trial,
  { batches, ...options }: RunOptions & { readonly batches: number },
): Promise<HeldLoad> {
  const log = join(folder, `held${++count}.log`);
  const disturbance: Disturbance = { kind: "hold", moment: "before", at: batches, log };
  const running = start({
    ...options,
    program: exchanged,
    env: { [VARIABLE]: JSON.stringify(disturbance) },
  });
  let ended = false;
  void running.run.then(() => ended = true);
  const isHeld = () => Deno.stat(log + HELD).then(() => true, () => false);
  let held = false;
  while (!ended && !held) {
    held = await isHeld();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return {
    ...running,
    problems: held ? [] : ["the load came to its end before it was held"],
    letGo: () => Deno.writeTextFile(log + LET_GO, ""),
  };
}

/** Of the loads that were counted, by family, seed and case. */
const counted = new Map<string, Promise<readonly string[]>>();

/** The calls of a run that is left alone. @throws where the modules were not exchanged */
export function callsOf(
  trial: Trial,
  options: { readonly source: SourceFile; readonly load: LoadCase },
): Promise<readonly string[]> {
  const key = JSON.stringify([trial.family, trial.seed, options.load]);
  const calls = counted.get(key) ?? countCalls(trial, options);
  counted.set(key, calls);
  return calls;
}

async function countCalls(
  trial: Trial,
  options: { readonly source: SourceFile; readonly load: LoadCase },
): Promise<readonly string[]> {
  let calls: readonly string[] = [];
  await withPlace(trial, options.load, async (place) => {
    const disturbance = { at: 0, kind: "kill", moment: "before" } as const;
    const made = await runDisturbed(trial, { ...options, place, disturbance });
    const [problem] = incomplete(made.run);
    if (problem !== undefined) throw new Error(problem);
    calls = made.calls;
  });
  if (calls.length === 0) throw new Error("No call was counted: see test/crash/exchange.ts");
  return calls;
}
