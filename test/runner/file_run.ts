/** Runs one test file in a process of its own. */
import { join, resolve, toFileUrl } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import { add, type Counts, countsOf, NOTHING } from "./file_report.ts";

/** What came of a file. */
export interface FileRun {
  /** Path below the root. */
  readonly file: string;
  readonly counts: Counts;
  /** What it printed, both streams in the order in which it came. */
  readonly output: string;
  readonly seconds: number;
}

/** How a file is run. */
export interface FileRunOptions {
  /** The project's folder. */
  readonly root: string;
  /** A folder for the modules that begin the processes. */
  readonly scratch: string;
  /** Permissions. */
  readonly flags: readonly string[];
  /** Variables beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the process. */
  readonly signal: AbortSignal;
  /** A file that takes longer hangs: it is ended, and has failed. Twenty minutes by default. */
  readonly hangsMs?: number;
}

/** Runs a file to its end. */
export async function runFile(file: string, options: FileRunOptions): Promise<FileRun> {
  const { root, scratch, flags, env, signal, hangsMs = 1_200_000 } = options;
  const began = performance.now();
  // No test can write it by chance.
  const mark = `report ${crypto.randomUUID()} `;
  const module = await writeModule(file, { root, scratch });
  // A shell joins both streams, and becomes the process.
  const child = new Deno.Command("sh", {
    args: [
      ...["-c", 'exec "$@" 2>&1', "sh", Deno.execPath()],
      // Types are for `deno task ok`.
      ...["run", "--no-check", "--no-prompt", `--config=${join(root, "deno.json")}`],
      ...[...flags, module, mark],
    ],
    cwd: root,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stop = () => kill(child, "SIGTERM");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    kill(child, "SIGKILL");
  }, hangsMs);
  const output = collect(child.stdout);
  const { success } = await child.status;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  const [said, report] = (await output()).split(mark);
  const counts = report === undefined ? NOTHING : countsOf(JSON.parse(report.split("\n")[0]!));
  const ran = counts.passed + counts.failed + counts.skipped.length > 0;
  return {
    file,
    // A file that does not compile, or a test that ends the process, fails without being counted.
    counts: success && ran || counts.failed > 0 ? counts : add(counts, { ...NOTHING, failed: 1 }),
    output: said! + (hung ? `hung for ${hangsMs} ms\n` : ""),
    seconds: (performance.now() - began) / 1000,
  };
}

/** Writes the module that begins a file's process; its path. What it imports is known before it begins. */
async function writeModule(
  file: string,
  { root, scratch }: Pick<FileRunOptions, "root" | "scratch">,
): Promise<string> {
  const module = join(scratch, `${file.replaceAll(/\W/g, "_")}.ts`);
  const from = (path: string) => JSON.stringify(toFileUrl(resolve(root, path)).href);
  await Deno.writeTextFile(
    module,
    `import { runTests } from ${from("test/runner/harness.ts")};
import ${from(file)};
await runTests(Deno.args[0]!);
`,
  );
  return module;
}

/** What a file that has failed says of it: its errors, or the last that it printed. */
export function failureOf({ output }: FileRun): string {
  const lines = output.split("\n");
  const errors = lines.findLastIndex((line) => stripVTControlCharacters(line) === " ERRORS ");
  return lines.slice(errors < 0 ? -LAST_LINES : errors + 1).join("\n").trim();
}

const LAST_LINES = 40;

/** How long the end of a stream is waited for: whoever was left behind may hold it open. */
const STREAM_END_MS = 2_000;

/** Reads a stream; the returned function gives what has come once it ends, or nearly so. */
function collect(stream: ReadableStream<Uint8Array>): () => Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const reader = stream.getReader();
  const end = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  })();
  return async () => {
    const timer = setTimeout(() => void reader.cancel(), STREAM_END_MS);
    await end;
    clearTimeout(timer);
    return text + decoder.decode();
  };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It ended by itself: a terminal sends the signal to all of them.
  }
}
