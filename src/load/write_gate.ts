/**
 * Loads over one source, each of other rows, that write only where none of them finds other rows than its
 * ledger has: what has gone from one of them may have come to another, and would be in both targets.
 */
import { LoadError } from "../model/errors.ts";

/** Holds the first write of each of several loads until all of them are known to fit their ledgers. */
export class WriteGate {
  /** Loads that have not come past what their ledgers have, nor ended. */
  readonly #unknown: Set<string>;
  /** Loads whose rows do not fit their ledgers. */
  readonly #refused = new Set<string>();
  /** Loads that were refused here: nothing is known of their rows. */
  readonly #notBegun = new Set<string>();
  #changed = Promise.withResolvers<void>();

  /** A gate for loads of these names, which are to run; others may begin later. */
  constructor(names: Iterable<string> = []) {
    this.#unknown = new Set(names);
  }

  /** A load begins, for the first time or once more: nothing is known of it. */
  begin(name: string): void {
    this.#unknown.add(name);
    this.#refused.delete(name);
    this.#notBegun.delete(name);
  }

  /** What a load of that name is run with. A database that has to be asked once more holds no other. */
  hooksOf(
    name: string,
    signal: AbortSignal,
  ): { beforeWriting(): Promise<void>; onRetry(): void } {
    return {
      beforeWriting: () => this.pass(name, signal),
      onRetry: () => this.release(name),
    };
  }

  /** A load has to wait for what others may have: it holds no other meanwhile. */
  release(name: string): void {
    this.#unknown.delete(name);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /**
   * A load has come past what its ledger has, and waits here until none of the others is unknown.
   *
   * @throws {LoadError} `source_changed` where the rows of one of them do not fit its ledger; the reason
   * of the signal where it is aborted
   */
  async pass(name: string, signal: AbortSignal): Promise<void> {
    this.release(name);
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (true) {
        signal.throwIfAborted();
        const [refused] = this.#refused;
        if (refused !== undefined) {
          this.#notBegun.add(name);
          throw notBegun(refused);
        }
        if (this.#unknown.size === 0) return;
        await Promise.race([this.#changed.promise, aborted]);
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** A load has ended, with an error or without; it holds no other any more. */
  end(name: string, error?: unknown): void {
    const isChanged = error instanceof LoadError && error.code === "source_changed";
    if (isChanged && !this.#notBegun.has(name)) this.#refused.add(name);
    this.release(name);
  }
}

function notBegun(refused: string): LoadError {
  return new LoadError(
    `Not begun, so that no row gets into two targets: the rows of ${refused} do not fit its ledger, so ` +
      "values or the source has changed since they were loaded. Put it back as it was, or load all " +
      "targets from the start with mode replace",
    { code: "source_changed", blame: "data" },
  );
}
