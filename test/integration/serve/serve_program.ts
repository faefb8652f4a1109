/** `snakepipe serve` as operators run it: a process of its own, in a folder of its own. */
import { join } from "@std/path";
import * as v from "valibot";
import type { LoadStatus } from "../../../host/api/load_schema.ts";
import { type ProgramStatus, ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { eventually } from "../../support/eventually.ts";
import { PLUGINS } from "../../support/target.ts";
import { type Outcome, ProgramFolder } from "../cli/program.ts";

/** What came of a program that has ended. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
}

/** A configuration, as JSON. */
export type ConfigJson = Readonly<Record<string, unknown>>;

/** Backends of a configuration: one that is there, and one that cannot be connected. */
export const THERE_AND_GONE = {
  file: { type: "libsql", url: "libsql:out.db" },
  gone: { type: "libsql", url: "libsql:no/such/folder/gone.db" },
} as const;

/** One `serve` that runs, or ran. */
export class RunningServe implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #token: string;
  readonly #reading: Promise<unknown>;
  /** Resolves once it has ended. */
  readonly ended: Promise<Ended>;
  #log = "";
  #hasEnded = false;

  /** Takes a program that was started. */
  constructor(child: Deno.ChildProcess, token: string) {
    this.#child = child;
    this.#token = token;
    void child.stdin.close();
    this.ended = child.status.then(({ code, signal }) => {
      this.#hasEnded = true;
      return { code, signal };
    });
    this.#reading = Promise.all([child.stdout, child.stderr].map(async (stream) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#log += text;
    }));
  }

  /** What it has said until now. */
  get log(): string {
    return this.#log;
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Where its API is, once it listens. */
  address(): Promise<string> {
    return eventually("the API listens", () => {
      if (this.#hasEnded) throw new Error(`It has ended:\n${this.#log}`);
      return /The API listens at ([^\s"]+)/.exec(this.#log)?.[1];
    });
  }

  /** Asks the API. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    return await fetch(`${await this.address()}${path}`, init);
  }

  /** Everything that it knows. */
  async status(): Promise<ProgramStatus> {
    return v.parse(ProgramStatusSchema, await (await this.ask("/status")).json());
  }

  /** What it knows of a load. */
  async load(name: string): Promise<LoadStatus | undefined> {
    return (await this.status()).loads.find((load) => load.name === name);
  }

  /** Waits until a load is in a state. */
  until(name: string, state: string, deadlineMs?: number): Promise<LoadStatus> {
    return eventually(`load ${name} is ${state}`, async () => {
      if (this.#hasEnded) throw new Error(`It has ended:\n${this.#log}`);
      const load = await this.load(name);
      return load?.state === state && load;
    }, deadlineMs).catch((error) => {
      throw new Error(`${error.message}\n${this.#log}`);
    });
  }

  /** Waits until some rows of a load are in, and not all. */
  underWay(name: string): Promise<LoadStatus> {
    return eventually(`load ${name} is under way`, async () => {
      const load = await this.load(name);
      if (load?.state === "complete" || load?.state === "failed") {
        throw new Error(`${load.state}: ${this.#log}`);
      }
      return (load?.progress?.rowsCommitted ?? 0) > 0 && load;
    });
  }

  /** Waits until it has said something. */
  says(what: RegExp): Promise<RegExpExecArray> {
    return eventually(`it says ${what}`, () => what.exec(this.#log) ?? undefined).catch((error) => {
      throw new Error(`${error.message}\n${this.#log}`);
    });
  }

  /** Asks for a run of a load. */
  async run(name: string): Promise<number> {
    return (await this.post(`/loads/${name}/run`))[0];
  }

  /** Asks for something that changes something, with the token; the status, and what is answered. */
  async post(path: string): Promise<[number, string]> {
    const headers = { authorization: `Bearer ${await this.token()}` };
    const response = await this.ask(path, { method: "POST", headers });
    return [response.status, await response.text()];
  }

  /** What changes something. */
  async token(): Promise<string> {
    // It is made by then.
    await this.address();
    return (await Deno.readTextFile(this.#token)).trim();
  }

  /** Sends a signal; nothing where it has ended. */
  kill(signal: Deno.Signal = "SIGKILL"): void {
    if (!this.#hasEnded) this.#child.kill(signal);
  }

  /** Ends it in good order. */
  async stop(): Promise<Ended> {
    this.kill("SIGTERM");
    return await this.ended;
  }

  /** Ends it, however it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
    await this.#reading;
  }
}

/** A folder with a configuration, a folder of plugins, and the program to serve them. */
export class ServeFolder implements AsyncDisposable {
  readonly #program: ProgramFolder;
  /** Environment of programs that are started from now on, on top of ours. */
  env: Record<string, string> = {};

  private constructor(program: ProgramFolder) {
    this.#program = program;
  }

  /** Makes one; its plugins are a copy of this repository's. */
  static async create(config: ConfigJson): Promise<ServeFolder> {
    const folder = new ServeFolder(await ProgramFolder.create());
    await Deno.mkdir(folder.path("plugins"));
    for await (const { name } of Deno.readDir(PLUGINS)) {
      if (!name.endsWith(".wasm")) continue;
      await Deno.copyFile(join(PLUGINS, name), folder.path("plugins", name));
    }
    await folder.configure(config);
    return folder;
  }

  /** A file of the folder. */
  path(...names: readonly string[]): string {
    return join(this.#program.folder, ...names);
  }

  /** Writes the configuration. */
  async configure(config: ConfigJson): Promise<void> {
    const text = JSON.stringify({ plugins: "plugins", ...config }, null, 2);
    await Deno.writeTextFile(this.path("snakepipe.jsonc"), text);
  }

  /** Starts the program; its API listens at a free port, unless an option says otherwise. */
  serve(...args: readonly string[]): RunningServe {
    const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
    const words = ["serve", ...listen, "--token-file", "token", ...args];
    return new RunningServe(this.start(words), this.path("token"));
  }

  /** Starts the program with any words; its three streams are pipes. */
  start(words: readonly string[]): Deno.ChildProcess {
    return this.#program.start(words, this.env);
  }

  /** Runs the program with any words to its end. */
  run(...words: readonly string[]): Promise<Outcome> {
    return this.#program.run(words, { env: this.env });
  }

  /** What a statement answers from a database file of the folder. */
  query(name: string, sql: string): unknown[] {
    return this.#program.query(name, sql);
  }

  /** Removes the folder. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}

/** `count` rows of NDJSON with the columns id and label, from a number on. */
export function rowsFrom(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `{"id":${first + i},"label":"row ${first + i}"}\n`)
    .join("");
}
