/** Runs the program as its users do: a process of its own. */
import { join } from "@std/path";
import type { LoadReport } from "../../mod.ts";
import { ROOT } from "./exchange.ts";
import { CSV_FIELDS, type LoadCase, type SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";

/** What a run says of itself. */
export type RunReport = LoadReport & {
  readonly error?: {
    readonly code: string;
    readonly vendorCode?: string;
    readonly message: string;
  };
};

/** What came of a run. */
export interface Run {
  readonly status: number;
  /** Whether it was ended by SIGKILL. */
  readonly killed: boolean;
  /** What it printed; a run that was killed prints nothing. */
  readonly report: RunReport | undefined;
  readonly stderr: string;
  readonly seconds: number;
}

/** What is loaded, from where, to where. */
export interface RunOptions {
  readonly place: Place;
  readonly source: SourceFile;
  readonly load: LoadCase;
  /** Instead of the place's own. */
  readonly url?: string;
  /** Further options of the program. */
  readonly args?: readonly string[];
  /** Module of the program; that of `host/dist` by default. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell's words that run the program, as its arguments. */
  readonly shell?: string;
}

/** A run that takes longer hangs. */
const HANGS_MS = 120_000;

/** A run that goes on. */
export interface RunningLoad {
  readonly run: Promise<Run>;
  kill(): void;
}

/** As it is installed. */
const PROGRAM = join(ROOT, "host/dist/snakepipe.js");

/** Starts the program. */
export function start(options: RunOptions): RunningLoad {
  const { place, source, load, url, args = [], program = PROGRAM, env = {}, shell } = options;
  const words = [
    ...["run", "-A", program, "load", source.path, "--json"],
    ...["--to", url ?? place.url, "--table", place.table, "--mode", load.mode],
    ...load.batchBytes === undefined
      ? ["--batch-rows", String(load.batchRows)]
      : ["--batch-bytes", String(load.batchBytes)],
    ...load.csv ? ["--header", CSV_FIELDS.join()] : [],
    ...["--connections", String(load.connections)],
    ...(load.mode === "upsert" ? ["--key", "id"] : []),
    ...(load.indexes ? ["--indexes", "after"] : []),
    ...(load.rejects
      ? ["--max-rejects", "1000", "--rejects-table", "--rejects", place.rejects]
      : []),
    ...args,
  ];
  return begin(words, { env, ...(shell === undefined ? {} : { shell }) });
}

/** Runs the program to its end, whichever that is. */
export function run(options: RunOptions): Promise<Run> {
  return start(options).run;
}

/** Replays a file of rejects into the table of a place. */
export function replay(
  { place, file }: { readonly place: Place; readonly file: string },
): Promise<Run> {
  const to = ["--to", place.url, "--table", place.table];
  const words = ["run", "-A", PROGRAM, "rejects", "replay", file, ...to, "--json"];
  return begin(words, {}).run;
}

function begin(
  words: readonly string[],
  { env = {}, shell }: Pick<RunOptions, "env" | "shell">,
): RunningLoad {
  const began = performance.now();
  const child = shell === undefined
    ? new Deno.Command(Deno.execPath(), { args: [...words], ...streams(env) }).spawn()
    : new Deno.Command("sh", {
      args: ["-c", shell, "sh", Deno.execPath(), ...words],
      ...streams(env),
    }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  return { run: outcomeOf(child, { began, kill }), kill };
}

function streams(env: Readonly<Record<string, string>>) {
  return {
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  } as const;
}

async function outcomeOf(
  child: Deno.ChildProcess,
  { began, kill }: { readonly began: number; readonly kill: () => void },
): Promise<Run> {
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    kill();
  }, HANGS_MS);
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = new TextDecoder();
  return {
    status: code,
    killed: signal === "SIGKILL" && !hung,
    report: reportOf(text.decode(stdout)),
    stderr: text.decode(stderr) + (hung ? `\nhung for ${HANGS_MS} ms` : ""),
    seconds: (performance.now() - began) / 1000,
  };
}

function reportOf(stdout: string): RunReport | undefined {
  try {
    return JSON.parse(stdout) as RunReport;
  } catch {
    return undefined;
  }
}

/** One line on a run, for whoever looks for what went wrong. */
export function describe({ status, killed, report, stderr }: Run): string {
  if (killed) return "killed";
  const error = report?.error;
  const why = error ? `${error.code} ${error.vendorCode ?? ""}: ${error.message}` : stderr.trim();
  return status === 0 ? "status 0" : `status ${status}, ${why || "without a word"}`;
}
