/**
 * Every call of the driver fails once: its connection is cut before it or before its answer comes, or
 * the database refuses it. The load gets over it, or stops with a reason and is taken up again.
 */
import type { FaultKind } from "../families/crash_family.ts";
import { callsOf, runDisturbed } from "./disturbed_run.ts";
import { type LoadCase, type SourceFile, UPSERT } from "./load_case.ts";
import { problemsAtEnd } from "./check.ts";
import { describe, type Run } from "./program.ts";
import { checkMidway, inPairs, resume, sourceOf, type Trial, untyped, withPlace } from "./trial.ts";

/** Runs the scenario for some cases; each call gets another kind of fault than the one before it. */
export async function faultEveryCall(trial: Trial, cases: readonly LoadCase[]): Promise<void> {
  const kinds = trial.crash.faults;
  for (const load of cases) {
    const source = await sourceOf(trial, load);
    const calls = await callsOf(trial, { source, load });
    const shift = trial.random.below(kinds.length);
    const all = calls.map((_, i) => ({ at: i + 1, fault: kinds[(i + shift) % kinds.length]! }));
    const points = trial.random.some(all, trial.pointsMax);
    await inPairs(points, (point) => faultAt(trial, point, { load, source }));
  }
}

function faultAt(
  trial: Trial,
  { at, fault }: { readonly at: number; readonly fault: FaultKind },
  { load, source }: { readonly load: LoadCase; readonly source: SourceFile },
): Promise<void> {
  return withPlace(trial, load, async (place) => {
    const options = { place, source, load };
    const disturbance = { ...fault, at };
    const { run, calls } = await runDisturbed(trial, { ...options, disturbance });
    const where = `${trial.family}, ${load.name}, ${fault.kind} ${fault.code ?? ""} ` +
      `${fault.moment} call ${at} (${calls[at - 1] ?? "not made"})`;
    trial.counters.faults++;
    if (run.status === 0) {
      trial.counters.recovered++;
      return trial.counters.fail(where, await problemsAtEnd(options));
    }
    trial.counters.fail(where, stopProblems(run, { fault, writing: isWriting(calls, at) }));
    await checkMidway(trial, where, { ...options, look: at % 2 === 0 });
    await resume(trial, where, options);
  });
}

/**
 * The first batch of an upsert fails, again and again: the second one, which is on its way by then, is
 * not to overtake it. That once happened in one of three runs, as both threads were between two
 * messages.
 */
export async function firstBatchFails(trial: Trial, times: number): Promise<void> {
  const load = UPSERT;
  const source = await sourceOf(trial, load);
  const calls = await callsOf(trial, { source, load });
  const at = calls.findIndex(isLedgerRow) + 1;
  const faults = trial.crash.faults.filter(({ kind, passes }) => kind === "refuse" && passes);
  const all = Array.from({ length: times }, () => trial.random.oneOf(faults));
  await inPairs(all, (fault) => faultAt(trial, { at, fault }, { load, source }));
}

/** Whether a batch was begun by that call; before, a load is only being set up. */
function isWriting(calls: readonly string[], at: number): boolean {
  const first = calls.findIndex(isLedgerRow);
  return first >= 0 && at > first;
}

function isLedgerRow(call: string): boolean {
  return /^INSERT INTO \S*_snakepipe_batch/.test(call);
}

function stopProblems(
  run: Run,
  { fault, writing }: { readonly fault: FaultKind; readonly writing: boolean },
): string[] {
  const problems = untyped(run);
  if (!writing) return problems;
  if (fault.passes) problems.push(`did not get over it: ${describe(run)}`);
  const code = run.report?.error?.code;
  if (fault.error !== undefined && code !== fault.error) {
    problems.push(`stopped for ${code} instead of ${fault.error}`);
  }
  return problems;
}
