/**
 * No room is left: the load stops at once, says so, and leaves no row out for it although it might;
 * once there is room, it goes on.
 */
import { problemsMidway } from "./check.ts";
import type { LoadCase } from "./load_case.ts";
import { describe, run, type RunOptions } from "./program.ts";
import { makeTable, resume, sourceOf, type Trial, withPlace } from "./trial.ts";

/** Its rows need some 8 MB. */
const CASE: LoadCase = {
  name: "append, no room",
  mode: "append",
  connections: 1,
  rows: 100_000,
  batchRows: 2_000,
  tableThere: true,
};

/** Rows might be left out: that a row finds no room is nothing that a row could help. */
const REJECTS = ["--max-rejects", "1000", "--rejects-table"];

/** Without a signal, a write beyond the limit fails; blocks of 512 bytes, so 2 MB. */
const SHELL_LIMIT = `trap '' XFSZ; ulimit -f 4096; exec "$@"`;

const SMALL = "2m";
const LARGE = "256m";

/** Why no disk can be filled on this machine; undefined where one can. */
export async function missingDisk(): Promise<string | undefined> {
  const mount = await Deno.makeTempDir({ prefix: "snakepipe_tight_" });
  try {
    const isMounted = await tmpfs(mount, `size=${SMALL}`);
    if (isMounted) await command("umount", [mount]);
    return isMounted ? undefined : "no tmpfs can be mounted here";
  } finally {
    await Deno.remove(mount);
  }
}

/** The program's files may not grow; nothing where it writes none. */
export async function limitFiles(trial: Trial): Promise<void> {
  if (!trial.crash.writesFiles) return;
  const source = await sourceOf(trial, CASE);
  await withPlace(trial, CASE, async (place) => {
    const where = `${trial.family}, file limited`;
    const options = { place, source, load: CASE, args: REJECTS };
    await stopped(trial, where, { ...options, shell: SHELL_LIMIT });
    await resume(trial, where, options);
  });
}

/** The table is on a disk that fills up. */
export async function fillDisk(trial: Trial): Promise<void> {
  const { placeIn } = trial.crash;
  if ("untried" in placeIn) {
    trial.counters.skipped.push(`${trial.family}, disk full: ${placeIn.untried}`);
    return;
  }
  const source = await sourceOf(trial, CASE);
  const mount = await Deno.makeTempDir({ prefix: "snakepipe_tight_" });
  try {
    if (!await tmpfs(mount, `size=${SMALL}`)) {
      trial.counters.skipped.push(`${trial.family}, disk full: ${await missingDisk()}`);
      return;
    }
    const where = `${trial.family}, tmpfs full`;
    await using there = await placeIn(mount, trial.places);
    await makeTable(there.place, CASE, there.tableTail);
    const options = { place: there.place, source, load: CASE, args: REJECTS };
    await stopped(trial, where, options);
    if (!await tmpfs(mount, `remount,size=${LARGE}`)) throw new Error("tmpfs does not grow");
    await resume(trial, where, options);
  } finally {
    await command("umount", [mount]);
    await Deno.remove(mount);
  }
}

async function stopped(trial: Trial, where: string, options: RunOptions): Promise<void> {
  const { counters } = trial;
  const outcome = await run(options);
  counters.faults++;
  const code = outcome.report?.error?.code;
  if (code !== "resource_exhausted") {
    counters.fail(where, [`did not stop for want of room: ${describe(outcome)}`]);
  }
  if ((outcome.report?.rejected ?? 0) > 0) counters.fail(where, ["rows were left out"]);
  // It stops at once: a batch that finds no room is not tried again.
  if (/retry \d+ of/.test(outcome.stderr)) counters.fail(where, [`tried again: ${outcome.stderr}`]);
  const { place, source, load } = options;
  counters.fail(where, await problemsMidway({ place, source, load }));
}

/** Mounts a file system in memory, or mounts it again with other options; whether that went well. */
export function tmpfs(mount: string, options: string): Promise<boolean> {
  return command("mount", ["-t", "tmpfs", "-o", options, "tmpfs", mount]);
}

async function command(program: string, args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
