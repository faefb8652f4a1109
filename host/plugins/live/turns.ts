/** Changes of a folder that are made while nobody looks at it, each with what the look after it has found. */
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import type { PluginChange } from "./plugin_change.ts";

/** A change of one file. */
export interface Turn {
  /** Name of the file. */
  readonly name: string;
  /** Its path. */
  readonly file: string;
  /** Makes it. */
  readonly act: () => Promise<void>;
}

interface Waiting extends Turn {
  readonly answer: (change: PluginChange | undefined) => void;
  readonly fail: (error: unknown) => void;
  /** Whether it is made, and looked for. */
  isMade: boolean;
  /** The last that was told of the file since. */
  heard?: PluginChange;
}

/** Changes of a folder that are made while nobody looks at it, one after the other. */
export class Turns {
  #waiting: Waiting[] = [];
  #isClosed = false;

  /** Waits for its turn; resolves once a look has found what became of it, with that. */
  wait(turn: Turn): Promise<PluginChange | undefined> {
    if (this.#isClosed) return Promise.reject(closed());
    const { promise, resolve, reject } = Promise.withResolvers<PluginChange | undefined>();
    this.#waiting.push({ ...turn, answer: resolve, fail: reject, isMade: false });
    return promise;
  }

  /** Makes the next change, unless the one before is not settled yet; those that fail are passed over. */
  async make(): Promise<void> {
    while (this.#waiting[0]?.isMade === false) {
      const turn = this.#waiting[0];
      try {
        await turn.act();
        turn.isMade = true;
      } catch (error) {
        this.#take(turn).fail(error);
      }
    }
  }

  /** Hears what is told of the folder. */
  hear(change: PluginChange): void {
    if (change.kind === "unreadable") return;
    const turn = this.#waiting[0];
    if (turn?.isMade && turn.file === change.file) turn.heard = change;
  }

  /** Answers the one that was made where its file is settled; whether others wait. */
  answer(isSettled: (name: string) => boolean): boolean {
    const turn = this.#waiting[0];
    if (turn?.isMade && isSettled(turn.name)) this.#take(turn).answer(turn.heard);
    return this.#waiting[0]?.isMade === false;
  }

  /** Answers the one that was made, where nobody can look at what became of it. */
  fail(error: unknown): void {
    const turn = this.#waiting[0];
    if (!turn?.isMade) return;
    this.#take(turn).fail(
      new LoadError(`The folder of plugins cannot be looked at: ${messageOf(error)}`, {
        ...{ code: "config_invalid", blame: "config", cause: error },
      }),
    );
  }

  /** Makes no more of them. */
  close(): void {
    this.#isClosed = true;
    for (const turn of [...this.#waiting]) this.#take(turn).fail(closed());
  }

  #take(turn: Waiting): Waiting {
    this.#waiting = this.#waiting.filter((other) => other !== turn);
    return turn;
  }
}

function closed(): LoadError {
  return new LoadError("The folder of plugins is not watched any more: the program ends", {
    code: "backend_unavailable",
    blame: "host",
    retry: true,
  });
}
