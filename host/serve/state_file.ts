/**
 * The file by which a `serve` has a configuration to itself, and from which the next one learns what was
 * not at its end.
 *
 * Invariants
 * - It is locked by the system for as long as the program lives: a second `serve` is refused, and one that
 *   was killed leaves nothing to clean up.
 * - A load stands in it before it begins, and until it has come to an end; one that is paused, until it is
 *   resumed or leaves the configuration.
 * - It is replaced whole.
 */
import * as v from "valibot";
import { parse } from "../../src/config/parse.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { HeldFile, UnholdableFile, writeAll } from "../platform/held_file.ts";
import { readPlainFile } from "../platform/plain_file.ts";

const BYTES_MAX = 1024 * 1024;

const StateSchema = v.strictObject({
  version: v.literal(1),
  /** Of the program that has the file, or had it last. */
  pid: v.number(),
  /** When it was started. */
  since: v.string(),
  /** Where it listens. */
  api: v.exactOptional(v.string()),
  /** Loads that have begun and are not at their end, with when they began. */
  unfinished: v.record(v.string(), v.string()),
  /** Loads that are paused, with since when. */
  paused: v.optional(v.record(v.string(), v.string()), {}),
});

type State = v.InferOutput<typeof StateSchema>;

/** What a `serve` remembers. */
export class StateFile implements AsyncDisposable {
  readonly #held: HeldFile;
  #state: State;
  #writing: Promise<void> = Promise.resolve();
  /** Loads that were not at their end when the program before ended. */
  readonly leftOver: readonly string[];

  private constructor(held: HeldFile, state: State) {
    this.#held = held;
    this.leftOver = Object.keys(state.unfinished);
    const { unfinished, paused } = state;
    const since = new Date().toISOString();
    this.#state = { version: 1, pid: Deno.pid, since, unfinished, paused };
  }

  /**
   * Opens and locks it; makes it where it is missing.
   *
   * @throws {LoadError} `usage` where another `serve` has it, saying which; `config_invalid` where it
   * holds something else
   */
  static async open(path: string): Promise<StateFile> {
    const initial = bytesOf({ version: 1, pid: Deno.pid, since: "", unfinished: {}, paused: {} });
    let held: HeldFile;
    try {
      held = await HeldFile.open(path, { create: true, initial, links: true });
    } catch (error) {
      if (!(error instanceof UnholdableFile)) throw unusable(path, error);
      throw error.kind === "in_use" ? await inUse(path) : unusable(path, error);
    }
    try {
      const file = new StateFile(held, await readState(held.path));
      await file.#write();
      return file;
    } catch (error) {
      await held[Symbol.asyncDispose]();
      throw unusable(path, error);
    }
  }

  /** Tells another `serve` where this program listens. @throws what the file system throws */
  async listens(api: string): Promise<void> {
    this.#state = { ...this.#state, api };
    await this.#write();
  }

  /** A load begins. @throws what the file system throws; it is known to this program all the same */
  async begun(name: string): Promise<void> {
    const unfinished = { ...this.#state.unfinished, [name]: new Date().toISOString() };
    this.#state = { ...this.#state, unfinished };
    await this.#write();
  }

  /** A load has come to an end, whichever. @throws as above */
  async ended(name: string): Promise<void> {
    const { [name]: _, ...unfinished } = this.#state.unfinished;
    this.#state = { ...this.#state, unfinished };
    await this.#write();
  }

  /** Loads that are paused. */
  get pausedNames(): readonly string[] {
    return Object.keys(this.#state.paused);
  }

  /** Since when a load is paused, in ISO 8601; undefined where it is not. */
  pausedSince(name: string): string | undefined {
    return Object.hasOwn(this.#state.paused, name) ? this.#state.paused[name] : undefined;
  }

  /** Loads are paused since then, in ISO 8601, where they were not before. @throws as above */
  async paused(names: readonly string[], since: string): Promise<void> {
    const added = Object.fromEntries(names.map((name) => [name, since]));
    this.#state = { ...this.#state, paused: { ...added, ...this.#state.paused } };
    await this.#write();
  }

  /** Loads are paused no more. @throws as above */
  async resumed(names: readonly string[]): Promise<void> {
    const paused = Object.entries(this.#state.paused).filter(([name]) => !names.includes(name));
    this.#state = { ...this.#state, paused: Object.fromEntries(paused) };
    await this.#write();
  }

  /** Lets go of it, once it is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#held[Symbol.asyncDispose]();
  }

  /** One after the other, each with what is known by then. */
  #write(): Promise<void> {
    const written = this.#writing.catch(() => {}).then(() =>
      this.#held.replace((to) => writeAll(to, bytesOf(this.#state)))
    );
    this.#writing = written;
    return written;
  }
}

function bytesOf(state: State): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`);
}

async function readState(path: string): Promise<State> {
  const text = new TextDecoder().decode(await readPlainFile(path, BYTES_MAX));
  return parse(StateSchema, JSON.parse(text), {
    what: path,
    code: "config_invalid",
    blame: "config",
  });
}

async function inUse(path: string): Promise<LoadError> {
  const state = await readState(path).catch(() => undefined);
  const who = state
    ? ` (process ${state.pid}, since ${state.since}${state.api ? `, at ${state.api}` : ""})`
    : "";
  return new LoadError(
    `Another snakepipe serve runs this configuration${who}: stop that one first. ${path} is ` +
      "locked for as long as it lives; --state FILE names another file, for another configuration",
    { code: "usage", blame: "config" },
  );
}

function unusable(path: string, error: unknown): LoadError {
  if (error instanceof LoadError && error.code === "permission_missing") return error;
  return new LoadError(`State file cannot be used: ${path}: ${messageOf(error)}`, {
    code: "config_invalid",
    blame: "config",
    cause: error,
  });
}
