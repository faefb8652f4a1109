/**
 * Two programs load one glob into the same table at once, and a file arrives in between: what the one
 * calls batch 7 is batch 12 to the other.
 */
import { join } from "@std/path";
import { problemsAtEnd } from "./check.ts";
import type { ContentRow } from "./content.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import { run, start } from "./program.ts";
import { incomplete, type Trial, withPlace } from "./trial.ts";

/** The loads that are run twice at once. */
export const DRIFT_CASES: readonly LoadCase[] = [
  { name: "append, drifting", mode: "append", connections: 1, rows: 20_000, batchRows: 250 },
  { name: "append, drifting, 2", mode: "append", connections: 2, rows: 20_000, batchRows: 250 },
];

/** Files before the one arrives. */
const FILES = 4;

/** Runs the scenario; a seed decides how long after the first one the second begins. */
export async function loadTwiceDrifting(trial: Trial, cases: readonly LoadCase[]): Promise<void> {
  for (const [i, load] of cases.entries()) {
    await withPlace(trial, load, async (place) => {
      const where = `${trial.family}, ${load.name}`;
      const folder = join(trial.folder, `drifting${i}_${trial.random.below(1e9)}`);
      await Deno.mkdir(folder);
      const source = await writeFiles(folder, load);
      const first = start({ place, source, load });
      await new Promise((resolve) => setTimeout(resolve, trial.random.between(300, 700)));
      // It comes before the others that are left: their numbers are no longer the same.
      await Deno.rename(join(folder, "arriving"), join(folder, "a.ndjson"));
      const second = await run({ place, source, load });
      const other = await first.run;
      trial.counters.fail(where, [...incomplete(other), ...incomplete(second)]);
      if (other.report?.batches && second.report?.batches) trial.counters.met++;
      trial.counters.fail(where, incomplete(await run({ place, source, load })));
      trial.counters.fail(where, await problemsAtEnd({ place, source, load }));
    });
  }
}

/** Writes the files of a glob, and one that is not of it yet. */
async function writeFiles(folder: string, { rows }: LoadCase): Promise<SourceFile> {
  const expected: ContentRow[] = [];
  let bytes = 0;
  const perFile = rows / (FILES + 1);
  for (const name of ["arriving", "b.ndjson", "c.ndjson", "d.ndjson", "e.ndjson"]) {
    let text = "";
    for (let i = 0; i < perFile; i++) {
      const id = expected.length;
      text += `{"id":${id},"label":"row ${id}","amount":${id % 1000}}\n`;
      expected.push([String(id), `row ${id}`, String(id % 1000)]);
    }
    bytes += text.length;
    await Deno.writeTextFile(join(folder, name), text);
  }
  const path = join(folder, "*.ndjson");
  return { path, bytes, rows, rejected: 0, drifts: true, expected };
}
