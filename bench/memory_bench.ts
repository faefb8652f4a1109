/**
 * Peak memory and speed of whole loads, each in a process of its own, as its users run it. The peak
 * is the kernel's high-water mark of resident memory, so it counts the runtime too.
 */
import { fromFileUrl, join } from "@std/path";
import { format as formatBytes } from "@std/fmt/bytes";
import { grouped } from "../src/model/counted.ts";
import { durationText, figureLines, keepResult } from "./harness.ts";
import type { BenchPlace } from "./place.ts";
import { nodeLine } from "./sample_shape.ts";

const PROGRAM = fromFileUrl(new URL("../mod.ts", import.meta.url));
const MILLION = 1_000_000;
const PEAK_BYTES_MAX = 250e6;
/** The mark only grows, so what is missed is what the last moments add. */
const LOOK_MS = 10;
const LINES_A_CHUNK = 10_000;

/** What one load came to. */
export interface MemoryResult {
  readonly name: string;
  readonly rows: number;
  readonly bytesPerRow: number;
  /** Absent where the kernel does not tell. */
  readonly peakBytes?: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** The most that the peak should be, and whether it is; absent for what is only for comparison. */
  readonly goal?: { readonly peakBytesMax: number; readonly met: boolean };
}

/** How much to load. */
export interface MemoryOptions {
  /** Loads ten million rows into PostgreSQL too. */
  readonly tenMillion: boolean;
}

/** Loads a million rows into each database. Keeps and shows the figures. */
export async function memoryBench(
  place: BenchPlace,
  options: MemoryOptions,
): Promise<readonly MemoryResult[]> {
  const cases: MemoryResult[] = [await idle()];
  const million = join(place.folder, "million.ndjson");
  await writeNodes(million, MILLION);
  cases.push(
    await load("libsql: a million rows", { file: million, to: place.newFile(), rows: MILLION }),
    await load("postgresql: a million rows", {
      file: million,
      to: await place.newDatabase(),
      rows: MILLION,
    }),
  );
  await Deno.remove(million);
  if (options.tenMillion) {
    const file = join(place.folder, "ten_million.ndjson");
    const rows = 10 * MILLION;
    await writeNodes(file, rows);
    const to = await place.newDatabase();
    cases.push(await load("postgresql: ten million rows", { file, to, rows }));
    await Deno.remove(file);
  }
  await keepResult(options.tenMillion ? "memory_ten_million" : "memory", {
    suite: "memory",
    title: TITLE,
    cases,
  });
  for (const line of memoryLines(cases)) console.log(line);
  return cases;
}

const TITLE = "Peak resident memory and speed of a load, in a process of its own";

/** The program when it does nothing. */
async function idle(): Promise<MemoryResult> {
  const began = performance.now();
  const { peakBytes } = await run(["--version"]);
  return {
    name: "the program, doing nothing",
    rows: 0,
    bytesPerRow: 0,
    ...(peakBytes === undefined ? {} : { peakBytes }),
    seconds: (performance.now() - began) / 1_000,
    rowsPerSecond: 0,
  };
}

async function load(
  name: string,
  { file, to, rows }: { file: string; to: string; rows: number },
): Promise<MemoryResult> {
  const { size } = await Deno.stat(file);
  const { out, peakBytes } = await run(["load", file, "--to", to, "--table", "nodes", "--json"]);
  const report = JSON.parse(out) as {
    committed: number;
    seconds: number;
    rowsPerSecond: number;
  };
  if (report.committed !== rows) throw new Error(`${name}: ${report.committed} were committed`);
  return {
    name,
    rows,
    bytesPerRow: Math.round(size / rows),
    ...(peakBytes === undefined ? {} : {
      peakBytes,
      goal: { peakBytesMax: PEAK_BYTES_MAX, met: peakBytes <= PEAK_BYTES_MAX },
    }),
    seconds: report.seconds,
    rowsPerSecond: report.rowsPerSecond,
  };
}

/** Runs the program and watches its high-water mark. */
async function run(
  args: readonly string[],
): Promise<{ readonly out: string; readonly peakBytes?: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let peakBytes: number | undefined;
  const timer = setInterval(() => {
    peakBytes = highWaterMark(child.pid) ?? peakBytes;
  }, LOOK_MS);
  try {
    const { code, stdout } = await child.output();
    const out = new TextDecoder().decode(stdout);
    if (code !== 0) throw new Error(`snakepipe ${args[0]} ended with ${code}: ${out}`);
    return { out, ...(peakBytes === undefined ? {} : { peakBytes }) };
  } finally {
    clearInterval(timer);
  }
}

/** See proc(5), VmHWM. Undefined where there is no such file, or no longer. */
function highWaterMark(pid: number): number | undefined {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

async function writeNodes(path: string, rows: number): Promise<void> {
  const encoder = new TextEncoder();
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  for (let id = 0; id < rows;) {
    let text = "";
    for (const end = Math.min(id + LINES_A_CHUNK, rows); id < end; id++) text += nodeLine(id);
    await writer.write(encoder.encode(text));
  }
  await writer.close();
}

function memoryLines(cases: readonly MemoryResult[]): string[] {
  const rows = cases.map((c) => [
    c.name,
    c.peakBytes === undefined ? "" : formatBytes(c.peakBytes),
    durationText(c.seconds * 1_000),
    c.rows === 0 ? "" : grouped(c.rowsPerSecond),
    c.rows === 0 ? "" : `${c.bytesPerRow} B`,
    c.goal === undefined ? "" : memoryVerdict(c.goal),
  ]);
  return ["", TITLE, ...figureLines([["", "peak", "time", "rows/s", "a row", "target"], ...rows])];
}

/** `250 MB ok`, or `OVER`. */
export function memoryVerdict(goal: NonNullable<MemoryResult["goal"]>): string {
  return `${formatBytes(goal.peakBytesMax)} ${goal.met ? "ok" : "OVER"}`;
}
