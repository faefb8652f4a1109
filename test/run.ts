/**
 * Runs the tests: `deno run -A test/run.ts [--unit] [filter…]`.
 *
 * What stands in `test/unit` runs without any permission. For the rest plugins and codec are built and
 * the servers of `test/families` are started, whose URLs the tests find in the environment. A filter
 * is a part of a test file's path. Ends with the line `N passed, N failed`, and behind it the families
 * of databases that cannot be tried on this machine; the exit status is 1 where anything failed or
 * nothing ran.
 */
import { fromFileUrl, join, relative } from "@std/path";
import { startServers } from "./families/servers.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const NOTHING: Counts = { passed: 0, failed: 0 };

/** Families of databases that this machine cannot run, each with the reason. */
const left: string[] = [];

/** The child that runs, and the exit status once a signal has asked to stop. */
const running: { child?: Deno.ChildProcess; signalStatus?: number } = {};

if (import.meta.main) {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => stopBySignal(status));
  }
  const unitOnly = Deno.args.includes("--unit");
  const filters = Deno.args.filter((argument) => argument !== "--unit");
  const counts = await runAll(unitOnly, filters);
  if (running.signalStatus !== undefined) Deno.exit(running.signalStatus);
  const skipped = left.length === 0 ? "" : `, skipped: ${left.join(", ")}`;
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  Deno.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
}

async function runAll(unitOnly: boolean, filters: readonly string[]): Promise<Counts> {
  const scratch = await Deno.makeTempDir({ prefix: "snakepipe_test_" });
  try {
    const files = (await testFiles(join(ROOT, "test"))).filter((file) =>
      filters.length === 0 || filters.some((part) => file.includes(part))
    );
    const unit = files.filter((file) => file.startsWith(join("test", "unit")));
    const rest = unitOnly ? [] : files.filter((file) => !unit.includes(file));
    const counts = await runTests(unit, { flags: [], report: join(scratch, "unit.xml") });
    return add(counts, await runRest(rest, join(scratch, "rest.xml")));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function runRest(files: readonly string[], report: string): Promise<Counts> {
  if (files.length === 0) return NOTHING;
  try {
    const { buildPlugins } = await import("../plugins/build.ts");
    await buildPlugins();
    const { buildCodec } = await import("../host/codec/build.ts");
    await buildCodec();
    await using servers = await startServers();
    for (const [name, why] of servers.skipped) left.push(`${name} (${why})`);
    return await runTests(files, { flags: ["-A"], report, env: servers.env });
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1 };
  }
}

async function runTests(
  files: readonly string[],
  options: { flags: readonly string[]; report: string; env?: Record<string, string> },
): Promise<Counts> {
  if (files.length === 0 || running.signalStatus !== undefined) return NOTHING;
  const child = new Deno.Command(Deno.execPath(), {
    // Types are for `deno task ok`. Here the first worker of all would have them checked, for five
    // seconds, and whoever is timed then would pay for it.
    args: [
      ...["test", "--no-check", "--no-prompt", ...options.flags],
      ...[`--junit-path=${options.report}`, ...files],
    ],
    cwd: ROOT,
    ...(options.env ? { env: options.env } : {}),
  }).spawn();
  running.child = child;
  const { success } = await child.status;
  delete running.child;
  const counts = await readReport(options.report);
  // A file that does not compile, or a test that ends the process, fails without being counted.
  return success || counts.failed > 0 ? counts : { passed: counts.passed, failed: 1 };
}

/** Counts of a JUnit report; nothing where none was written. */
async function readReport(path: string): Promise<Counts> {
  const text = await Deno.readTextFile(path).catch(() => "");
  let counts = NOTHING;
  for (const [suite] of text.matchAll(/<testsuite .*?>/g)) {
    const number = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number("failures") + number("errors");
    counts = add(counts, { passed: number("tests") - number("disabled") - failed, failed });
  }
  return counts;
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
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

/** Only ends the child: the way out then leads past every `finally`, which stop and remove. */
function stopBySignal(status: number): void {
  running.signalStatus = status;
  try {
    running.child?.kill("SIGTERM");
  } catch {
    // It ended by itself: a terminal sends the signal to all of them.
  }
}
