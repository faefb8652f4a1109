/** Runs the program as its users do: a process of its own, in a folder of its own. */
import { DatabaseSync } from "node:sqlite";
import { fromFileUrl, join } from "@std/path";
import type { TestDatabase } from "../../families/family.ts";
import { builtProgram } from "../../support/built.ts";

const PROGRAM = fromFileUrl(new URL("../../../host/dist/snakepipe.js", import.meta.url));

/** What came of a run. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** How to run it. */
export interface RunOptions {
  /** Environment on top of ours. */
  readonly env?: Record<string, string>;
  /** What comes by standard input; nothing by default. */
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  /** What the runtime is told; that it may do all, by default. */
  readonly flags?: readonly string[];
}

/** A folder with files, and the program to run in it. */
export class ProgramFolder implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes a folder with these files; builds the program where it is not up to date. */
  static async create(files: Readonly<Record<string, string>> = {}): Promise<ProgramFolder> {
    await builtProgram();
    const place = new ProgramFolder(await Deno.makeTempDir({ prefix: "snakepipe_cli_" }));
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(place.path(name), text);
    }
    return place;
  }

  /** A file of the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** The words that run the program, for whoever starts it otherwise. */
  words(args: readonly string[], flags: readonly string[] = ["-A"]): string[] {
    return [Deno.execPath(), "run", ...flags, PROGRAM, ...args];
  }

  /** Starts the program; its three streams are pipes. */
  start(
    args: readonly string[],
    env: Record<string, string> = {},
    flags?: readonly string[],
  ): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: this.words(args, flags).slice(1),
      cwd: this.folder,
      env: { ...env, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const child = this.start(args, options.env, options.flags);
    // A program that refuses its command line reads nothing.
    void new Response(options.stdin ?? "").body!.pipeTo(child.stdin).catch(() => {});
    return outcomeOf(await child.output());
  }

  /** What a statement answers from a database file of the folder. */
  query(name: string, sql: string): unknown[] {
    using database = new DatabaseSync(this.path(name));
    return database.prepare(sql).all().map((row) => Object.values(row));
  }

  /** Removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The words of a command line that lead to a database: its URL and its other settings. */
export function toWords({ url, ...settings }: TestDatabase["config"]): string[] {
  const set = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  return ["--to", url, ...set];
}

/**
 * Kills a program that was started with `--verbose` once it has written so many batches, unless it ends
 * before; what it has said.
 */
export async function killAfter(
  child: Deno.ChildProcess,
  batches: number,
): Promise<{ readonly wasKilled: boolean; readonly said: string }> {
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  let hasEnded = false;
  while (!hasEnded && (said.match(/ written /g) ?? []).length < batches) {
    const { value = "", done } = await reader.read();
    said += value;
    hasEnded = done;
  }
  if (!hasEnded) child.kill("SIGKILL");
  await reader.cancel();
  return { wasKilled: !hasEnded, said };
}

/** The output of a process as text. */
export function outcomeOf({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** `count` rows of NDJSON with the columns id and name. */
export function rowsText(count: number): string {
  return Array.from({ length: count }, (_, id) => `{"id":${id},"name":"node ${id}"}\n`).join("");
}
