/** A source is cut, written again in place, or added to, while it is read. */
import { join } from "@std/path";
import { problemsAtEnd } from "./check.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import { describe, type Run, run, type RunOptions, start } from "./program.ts";
import { incomplete, inPairs, sourceOf, type Trial, untyped, withPlace } from "./trial.ts";

/** The loads whose source is changed. */
export const CHANGED_CASES: readonly LoadCase[] = [
  {
    name: "append, source changed",
    mode: "append",
    connections: 1,
    rows: 60_000,
    batchRows: 1_500,
  },
  {
    name: "append, source changed, 2",
    mode: "append",
    connections: 2,
    rows: 60_000,
    batchRows: 1_500,
  },
];

/** What is done to the file; a cut line is malformed where it was cut before it was opened. */
const CHANGES = ["cut", "rewritten", "grown"] as const;

type Change = (typeof CHANGES)[number];

const GROWN_ROWS = 700;

/** Changes the source of so many loads of each case, in each way. */
export async function changeSource(
  trial: Trial,
  { cases, loads }: { readonly cases: readonly LoadCase[]; readonly loads: number },
): Promise<void> {
  for (const load of cases) {
    const source = await sourceOf(trial, load);
    let wholeMs = 0;
    await withPlace(trial, load, async (place) => {
      const whole = await run({ place, source, load });
      trial.counters.fail(`${trial.family}, ${load.name}`, incomplete(whole));
      wholeMs = whole.seconds * 1000;
    });
    const plans = Array.from({ length: loads }, () => CHANGES).flat().map((change, i) => ({
      change,
      delay: trial.random.between(0.1, 1) * wholeMs,
      left: trial.random.between(0, 1),
      path: join(trial.folder, `changed_${load.connections}_${i}.ndjson`),
    }));
    await inPairs(plans, (plan) =>
      withPlace(trial, load, (place) => {
        const own = { ...source, path: plan.path };
        return changeOne(trial, { place, load, source: own }, { ...plan, from: source.path });
      }));
  }
}

interface Plan {
  readonly change: Change;
  readonly delay: number;
  /** Share of the file that a cut leaves. */
  readonly left: number;
  /** The source as it is meant. */
  readonly from: string;
}

async function changeOne(trial: Trial, options: RunOptions, plan: Plan): Promise<void> {
  const { source } = options;
  const { change, delay, from } = plan;
  const where = `${trial.family}, ${options.load.name}, ${change} after ${Math.round(delay)} ms`;
  await Deno.copyFile(from, source.path);
  const running = start(options);
  const changing = new Promise<SourceFile>((resolve) =>
    setTimeout(() => resolve(changed(source, plan)), delay)
  );
  const outcome = await running.run;
  const now = await changing;
  trial.counters.faults++;
  trial.counters.fail(where, await problemsOfRun(outcome, options, now));
  // The file is whole again: as it was meant, or with all that was added to it.
  if (change !== "grown") await Deno.copyFile(from, source.path);
  const whole = change === "grown" ? now : source;
  const again = await run({ ...options, source: whole });
  // What was written again may be in: then the file that is whole again is another one.
  const differs = change === "rewritten" && again.report?.error?.code === "source_changed";
  const problems = differs ? untyped(again) : incomplete(again);
  trial.counters.fail(`${where}, and again`, problems);
  if (!differs && problems.length === 0) {
    trial.counters.fail(`${where}, and again`, await problemsAtEnd({ ...options, source: whole }));
  }
  await Deno.remove(source.path);
}

/** A run that says it is complete has what the file was before, or what it is now. */
async function problemsOfRun(
  outcome: Run,
  options: RunOptions,
  now: SourceFile,
): Promise<string[]> {
  if (outcome.status === 0) {
    // Of a file that grew, the last line may be cut; all before it may be in, or none of them.
    const problems = await problemsAtEnd(options);
    const others = problems.length > 0 ? await problemsAtEnd({ ...options, source: now }) : [];
    return others.length > 0 && !isPrefix(outcome, now) ? [...problems, ...others] : [];
  }
  const code = outcome.report?.error?.code;
  const expected = code === "source_changed" || code === "rows_rejected";
  return expected ? untyped(outcome) : [`stopped otherwise: ${describe(outcome)}`];
}

/** Whether a load of a file that grew says that more is to come. */
function isPrefix({ report }: Run, now: SourceFile): boolean {
  const notes = report?.notes.join() ?? "";
  return notes.includes("has grown while it was read") && (report?.committed ?? 0) < now.rows;
}

async function changed(source: SourceFile, { change, left }: Plan): Promise<SourceFile> {
  switch (change) {
    case "cut": {
      const bytes = await Deno.readFile(source.path);
      let size = Math.floor(bytes.length * left);
      // Behind a whole record, what is left would be a file like any other.
      while (size > 0 && "}\n".includes(String.fromCharCode(bytes[size - 1]!))) size--;
      await Deno.truncate(source.path, size);
      return source;
    }
    case "rewritten": {
      const text = (await Deno.readTextFile(source.path)).replaceAll('"row ', '"ROW ');
      using file = await Deno.open(source.path, { write: true });
      let bytes = new TextEncoder().encode(text);
      while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
      const expected = source.expected.map(([id, label, amount]) =>
        [id, label!.replace("row ", "ROW "), amount] as const
      );
      return { ...source, expected: expected as unknown as SourceFile["expected"] };
    }
    case "grown": {
      const ids = Array.from({ length: GROWN_ROWS }, (_, i) => source.rows + 1 + i);
      const lines = ids.map((id) => JSON.stringify({ id, label: "more", amount: id }));
      // In two writes, as a log is: in between, a line is cut.
      const text = lines.join("\n") + "\n";
      const half = text.length / 2 | 0;
      await Deno.writeTextFile(source.path, text.slice(0, half), { append: true });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await Deno.writeTextFile(source.path, text.slice(half), { append: true });
      return {
        ...source,
        rows: source.rows + GROWN_ROWS,
        bytes: source.bytes + text.length,
        expected: [
          ...source.expected,
          ...ids.map((id) => [String(id), "more", String(id)] as const),
        ] as unknown as SourceFile["expected"],
      };
    }
  }
}
