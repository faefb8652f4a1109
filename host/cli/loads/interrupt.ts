/**
 * SIGINT and SIGTERM: the first asks the load to stop after the batch in hand, the second ends the
 * program at once; what was not committed then, the database undoes.
 */
import { LoadError } from "../../../src/model/errors.ts";
import type { ExitStatus } from "../output/exit_status.ts";

type StopSignal = "SIGINT" | "SIGTERM";

const STATUS: Readonly<Record<StopSignal, ExitStatus>> = { SIGINT: 130, SIGTERM: 143 };
const SIGNALS: readonly StopSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** Listens from when it is made until it is disposed of. */
export class Interrupt implements Disposable {
  readonly #abort = new AbortController();
  readonly #listeners = new Map<StopSignal, () => void>();
  #status: ExitStatus | undefined;

  /** `onFirst` hears of the first signal, `onSecond` of the second, before the program ends. */
  constructor(onFirst: () => void, onSecond: () => void) {
    for (const signal of SIGNALS) {
      const listener = () => {
        const status = STATUS[signal];
        if (this.#status !== undefined) {
          onSecond();
          Deno.exit(status);
        }
        this.#status = status;
        onFirst();
        this.#abort.abort(
          new LoadError(`Stopped by ${signal}`, { code: "cancelled", blame: "config" }),
        );
      };
      this.#listeners.set(signal, listener);
      Deno.addSignalListener(signal, listener);
    }
  }

  /** Aborted by the first signal, with a `cancelled` error as its reason. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What to exit with; undefined where no signal came. */
  get status(): ExitStatus | undefined {
    return this.#status;
  }

  /** Waits for the work, but no longer than until the first signal. @throws {LoadError} `cancelled` */
  async race<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(this.signal.reason);
    if (this.signal.aborted) stop();
    this.signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
  }
}
