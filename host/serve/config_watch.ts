/** Watches the file of a configuration, and says when it is another one and stands still. */
import { dirname } from "@std/path";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { ChangeWatch } from "../platform/change_watch.ts";
import { kindOf } from "../platform/held_file.ts";
import { sha256 } from "../platform/sha256.ts";
import { StandStill } from "./stand_still.ts";

/** What is watched. */
export interface ConfigWatchOptions {
  readonly file: string;
  /** Reads it; whether it is in force now. Never rejects. */
  readonly onChange: () => Promise<boolean>;
  /** Between attempts to take a file that was refused, in milliseconds; 5 s by default. */
  readonly againMs?: number;
  tell(text: string): void;
}

/** An editor, or a copy, is done with it by then. */
const SETTLE_MS = 200;
const AGAIN_MS = 5_000;

/**
 * Watches the file of a configuration, and says when it is another one and stands still. One that was
 * refused is tried again: what was wrong may lie elsewhere, as in a folder of plugins.
 */
export class ConfigWatch implements AsyncDisposable {
  readonly #options: ConfigWatchOptions;
  readonly #watch: ChangeWatch;
  readonly #still = new StandStill(SETTLE_MS);
  #unreadable: string | undefined;
  /** When a file that was refused is tried again, by `performance.now()`. */
  #again = Infinity;

  /** Begins: the file as it is now is in force. */
  constructor(options: ConfigWatchOptions) {
    this.#options = options;
    this.#watch = new ChangeWatch({
      // Of a link, what it leads to may lie anywhere: the clock finds that.
      folders: () => [dirname(options.file)],
      look: () => this.#look(),
      onFailure: (error) =>
        options.tell(`The configuration cannot be watched: ${messageOf(error)}`),
    });
  }

  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#watch[Symbol.asyncDispose]();
  }

  async #look(): Promise<void> {
    const { file, tell } = this.#options;
    let hash: string;
    try {
      await checkWatchable(file);
      hash = await sha256(await Deno.readFile(file));
      this.#unreadable = undefined;
    } catch (error) {
      const message = messageOf(error);
      if (this.#unreadable !== message) {
        tell(`The configuration stays as it was, since its file cannot be read: ${message}`);
      }
      this.#unreadable = message;
      return;
    }
    const leftMs = this.#still.look(hash);
    if (leftMs === 0) await this.#change();
    else if (leftMs !== undefined) this.#watch.nudge(leftMs);
    else if (performance.now() >= this.#again) await this.#change();
  }

  async #change(): Promise<void> {
    const { onChange, againMs = AGAIN_MS } = this.#options;
    this.#again = await onChange() ? Infinity : performance.now() + againMs;
  }
}

/**
 * Refuses what is no plain file: a pipe would be waited for, and could be read once. A link may lead to
 * one; what is not there is for its reader to tell.
 *
 * @throws {LoadError} `usage`
 */
export async function checkWatchable(file: string): Promise<void> {
  const info = await Deno.stat(file).catch(() => undefined);
  if (!info || info.isFile) return;
  throw new LoadError(
    `The configuration is ${
      kindOf(info)
    }: ${file}. serve reads it again whenever it changes: write it ` +
      "to a file",
    { code: "usage", blame: "config" },
  );
}
