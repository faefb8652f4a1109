/** Runs one test file in a process of its own. */
import { join } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import { add, type Counts, NOTHING, readReport } from "./file_report.ts";

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
  /** A folder for reports. */
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
  const report = join(scratch, `${file.replaceAll(/\W/g, "_")}.xml`);
  const began = performance.now();
  // A shell joins both streams, and becomes the process.
  const child = new Deno.Command("sh", {
    args: [
      ...["-c", 'exec "$@" 2>&1', "sh", Deno.execPath()],
      // Types are for `deno task ok`. Here the first worker of all would have them checked, for five
      // seconds, and whoever is timed then would pay for it.
      ...["test", "--no-check", "--no-prompt", ...flags, `--junit-path=${report}`, file],
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
  const counts = readReport(await Deno.readTextFile(report).catch(() => ""));
  const ran = counts.passed + counts.failed + counts.skipped.length > 0;
  return {
    file,
    // A file that does not compile, or a test that ends the process, fails without being counted.
    counts: success && ran || counts.failed > 0 ? counts : add(counts, { ...NOTHING, failed: 1 }),
    output: await output() + (hung ? `hung for ${hangsMs} ms\n` : ""),
    seconds: (performance.now() - began) / 1000,
  };
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
