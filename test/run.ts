/**
 * Runs the tests: `deno run -A test/run.ts [--unit] [--jobs N] [filter…]`.
 *
 * Each file is a process; as many run at once as there are cores, or `--jobs` says, and those that
 * measure run alone at the end. What stands in `test/unit` runs without any permission. For the rest
 * plugins, codec and program are built and the servers of `test/families` are started, whose URLs the
 * tests find in the environment. A filter is a part of a test file's path.
 *
 * What a file prints comes in one piece when it ends; what failed is repeated at the end, and what
 * was skipped is named with the reason. The last line is `N passed, N failed`, with `, N skipped`
 * where anything was, and the families of databases that this machine cannot run; the exit status is
 * 1 where anything failed or nothing ran.
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join, relative } from "@std/path";
import { FOLDER_VARIABLE } from "../host/observe/running/status_folder.ts";
import { type RunningServers, startServers } from "./families/servers.ts";
import { add, type Counts, NOTHING } from "./runner/file_report.ts";
import { failureOf, type FileRun, runFile } from "./runner/file_run.ts";
import { inOrder } from "./runner/order.ts";

interface Options {
  readonly unitOnly: boolean;
  /** Files at once. */
  readonly jobs: number;
  readonly filters: readonly string[];
}

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const UNIT = join("test", "unit");

/** What the runtime is told where a test is more than code. */
const FLAGS = ["-A", `--preload=${join(ROOT, "test", "runner", "bundled_lane.ts")}`];

/** Families that this machine cannot run, each with the reason. */
const leftOut: string[] = [];

/** Aborted, with the exit status, once a signal has asked to stop. */
const stopped = new AbortController();

if (import.meta.main) {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    // Ends only the children: the way out then leads past every `finally`, which stop and remove.
    Deno.addSignalListener(signal, () => stopped.abort(status));
  }
  const options = readOptions(Deno.args);
  const runs = options ? await runAll(options) : [];
  if (stopped.signal.aborted) Deno.exit(stopped.signal.reason);
  const counts = runs.map((run) => run.counts).reduce(add, NOTHING);
  for (const run of runs.filter((run) => run.counts.failed > 0)) {
    console.log(`\nFAILED ${run.file}\n${failureOf(run)}`);
  }
  for (const { file, counts: { skipped } } of runs) {
    for (const { name, reason } of skipped) {
      console.log(`SKIPPED ${file}: ${name}: ${reason ?? "without a reason, which is a failure"}`);
    }
  }
  for (const family of leftOut) console.log(`SKIPPED every test of ${family}`);
  const left = leftOut.length > 0 ? `: ${leftOut.join(", ")}` : "";
  console.log(closingLine(counts, leftOut.length) + left);
  Deno.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
}

function readOptions(args: readonly string[]): Options | undefined {
  let unknown = false;
  const { unit, jobs, _: filters } = parseArgs([...args], {
    boolean: ["unit"],
    string: ["jobs"],
    // What has no key is a filter.
    unknown: (_: string, key?: string) => key === undefined || !(unknown = true),
  });
  const atOnce = Number(jobs ?? navigator.hardwareConcurrency);
  if (unknown || !Number.isInteger(atOnce) || atOnce < 1) {
    console.error("Usage: run.ts [--unit] [--jobs N] [filter…]");
    return undefined;
  }
  return { unitOnly: unit, jobs: atOnce, filters: filters.map(String) };
}

async function runAll(options: Options): Promise<FileRun[]> {
  const files = (await testFiles(join(ROOT, options.unitOnly ? UNIT : "test"))).filter((file) =>
    options.filters.length === 0 || options.filters.some((part) => file.includes(part))
  );
  const scratch = await Deno.makeTempDir({ prefix: "snakepipe_test_" });
  const runs: FileRun[] = [];
  let servers: RunningServers | undefined;
  try {
    let env = {};
    if (files.some((file) => !isUnit(file))) {
      await build();
      servers = await startServers();
      env = servers.env;
      for (const [name, why] of servers.skipped) leftOut.push(`${name} (${why})`);
    }
    // What tests start and kill is nothing that this user's `snakepipe status` is to show.
    env = { ...env, [FOLDER_VARIABLE]: join(scratch, "status") };
    const run = async (file: string) => {
      const own = isUnit(file) ? { flags: [], env: {} } : { flags: FLAGS, env };
      const came = await runFile(file, { root: ROOT, scratch, signal: stopped.signal, ...own });
      runs.push(came);
      console.log(`\n${file}: ${closingLine(came.counts)} (${came.seconds.toFixed(1)} s)`);
      console.log(came.output.trim());
    };
    const { together, alone } = inOrder(files);
    await inLanes(together, { lanes: options.jobs, run });
    await inLanes(alone, { lanes: 1, run });
  } catch (error) {
    const output = Deno.inspect(error);
    runs.push({ file: "the set-up", counts: { ...NOTHING, failed: 1 }, output, seconds: 0 });
  } finally {
    await servers?.[Symbol.asyncDispose]();
    await Deno.remove(scratch, { recursive: true });
  }
  return runs;
}

/** Works through a list, so many at a time, until a signal comes. */
async function inLanes(
  files: readonly string[],
  { lanes, run }: { readonly lanes: number; readonly run: (file: string) => Promise<void> },
): Promise<void> {
  const waiting = [...files];
  const lane = async () => {
    for (let file; !stopped.signal.aborted && (file = waiting.shift()) !== undefined;) {
      await run(file);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Only now: a test without any permission needs no compiler. */
async function build(): Promise<void> {
  const { buildPlugins } = await import("../tools/build_plugins.ts");
  await buildPlugins();
  const { buildCodec } = await import("../tools/build_codec.ts");
  await buildCodec();
  const { buildPage } = await import("../tools/build_page.ts");
  await buildPage();
  const { buildProgram } = await import("../tools/build_program.ts");
  await buildProgram();
}

function isUnit(file: string): boolean {
  return file.startsWith(UNIT);
}

function closingLine({ passed, failed, skipped }: Counts, families = 0): string {
  const line = `${passed} passed, ${failed} failed`;
  const left = skipped.length + families;
  return left > 0 ? `${line}, ${left} skipped` : line;
}

/** Every `*_test.ts` below a folder, relative to the root, sorted. */
async function testFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await testFiles(path));
    else if (entry.name.endsWith("_test.ts")) files.push(relative(ROOT, path));
  }
  return files.sort();
}
