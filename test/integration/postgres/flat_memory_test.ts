/** Memory does not grow with the rows of a load, nor with the size of its transactions. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { buildCodec } from "../../../tools/build_codec.ts";
import { buildPlugins } from "../../../tools/build_plugins.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { withFolder } from "../../support/target.ts";
import type { PeakJob } from "./load_peak.ts";

const SCRIPT = fromFileUrl(new URL("./load_peak.ts", import.meta.url));
const MIB = 1024 * 1024;
const ROW = `{"id":1,"v":"${"x".repeat(1000)}"}\n`;
/** Two ranges for each lane, at the least: those of the larger file are four times as large. */
const FILE_BYTES = [32 * MIB, 128 * MIB] as const;
/**
 * Lanes that kept their ranges whole would have 48 MiB more of them in memory, and what a load leaves
 * for the collector: 12 to 16 MiB more where nothing is kept (EPYC, busy, 2026-11-29).
 */
const GROWTH_MAX = 36 * MIB;
const TRIES = 4;

/** Rows of a file of so many bytes, and the most memory that loading them has taken. */
async function peakOf(bytes: number, job: PeakJob, piped: boolean): Promise<number> {
  const rows = Math.floor(bytes / ROW.length);
  await using file = await Deno.open(job.path, { write: true, create: true, truncate: true });
  const piece = new TextEncoder().encode(ROW.repeat(1024));
  for (let left = rows * ROW.length; left > 0;) {
    left -= await file.write(piece.subarray(0, Math.min(left, piece.length)));
  }
  const own = piped ? { ...job, path: "-" } : job;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", SCRIPT, JSON.stringify(own)],
    stdin: piped ? "piped" : "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  if (piped) await (await Deno.open(job.path)).readable.pipeTo(child.stdin);
  const { success, stdout } = await child.output();
  assert(success);
  const { committed, peak } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(committed, rows);
  return peak;
}

/** Of a pipe, batches of 4 MiB are kept; lanes that kept all of it would have 48 MiB more. */
const PIPE_BYTES = [16 * MIB, 64 * MIB] as const;

const CASES = [
  { connections: 1, piped: false },
  { connections: 2, piped: false },
  { connections: 2, piped: true },
];

for (const { connections, piped } of CASES) {
  const from = piped ? "a pipe" : "a file";
  Deno.test(`memory is as flat for four times the rows of ${from}, with lanes: ${connections}`, () =>
    withDatabase((url) =>
      withFolder(async (folder) => {
        await buildPlugins();
        await buildCodec();
        const [few, many] = piped ? PIPE_BYTES : FILE_BYTES;
        const job = { path: `${folder}/rows.ndjson`, url, connections };
        const least = await peakOf(few, { ...job, path: `${folder}/few.ndjson` }, piped);
        let grown = Infinity;
        // When the collector runs is its own affair: what has to be kept is kept each time.
        for (let tries = 0; tries < TRIES && grown >= GROWTH_MAX; tries++) {
          grown = Math.min(grown, await peakOf(many, job, piped) - least);
        }
        assert(grown < GROWTH_MAX, `${(grown / MIB).toFixed(1)} MiB more`);
      })
    ));
}
