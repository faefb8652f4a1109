/** A run of the program one of whose driver calls is disturbed. */
import { join } from "@std/path";
import { type Disturbance, LINE_BYTES, VARIABLE } from "./exchanged/disturbance.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";
import { type Run, run } from "./program.ts";
import { incomplete, type Trial, withPlace } from "./trial.ts";

/** What is disturbed, and how. */
export interface DisturbedRunOptions {
  readonly place: Place;
  readonly source: SourceFile;
  readonly load: LoadCase;
  readonly disturbance: Omit<Disturbance, "log">;
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
  { folder, importMap }: Trial,
  { disturbance, ...options }: DisturbedRunOptions,
): Promise<DisturbedRun> {
  const log = join(folder, `calls${++count}.log`);
  const outcome = await run({
    ...options,
    flags: [`--import-map=${importMap}`],
    env: { [VARIABLE]: JSON.stringify({ ...disturbance, log }) },
  });
  const text = await Deno.readTextFile(log).catch(() => "");
  await Deno.remove(log).catch(() => {});
  const calls = Array.from(
    { length: text.length / LINE_BYTES },
    (_, i) => text.slice(i * LINE_BYTES, (i + 1) * LINE_BYTES).trim(),
  );
  return { run: outcome, calls };
}

/** The calls of a run that is left alone. @throws where the modules were not exchanged */
export async function callsOf(
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
