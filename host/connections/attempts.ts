/** How often something is tried that failed for a while, and how long to wait in between. */
import { log } from "../../src/model/log.ts";
import { ExponentialBackoff, fullJitterGenerator, type IBackoff } from "cockatiel";
import { LoadError } from "../../src/model/errors.ts";
import { reasonOf } from "../../src/load/retry.ts";
import type { RetriedStep, Retry } from "../../src/model/retry.ts";
import type { World } from "../../src/model/world.ts";

/** How often a batch, or a step of a load, is tried again. */
export const RETRIES_MAX = 12;

/** Waits of 50 ms on average before the second attempt, and of 7.5 s before the ninth and those behind it. */
const BACKOFF = new ExponentialBackoff<number>({
  generator: fullJitterGenerator,
  initialDelay: 100,
  maxDelay: 15_000,
});

/** Counts the attempts at one thing. */
export class Attempts {
  #made = 0;
  #backoff: IBackoff<unknown> | undefined;

  /** Whether there may be a further one. */
  get left(): boolean {
    return this.#made < RETRIES_MAX;
  }

  /** The next one: in how many milliseconds, `afterMs` at the least, and which it is. */
  next(afterMs: number): Pick<Retry, "attempt" | "attemptsMax" | "waitMs"> {
    this.#made++;
    this.#backoff = this.#backoff ? this.#backoff.next(undefined) : BACKOFF.next();
    const waitMs = Math.max(afterMs, this.#backoff.duration);
    return { attempt: this.#made, attemptsMax: RETRIES_MAX, waitMs };
  }
}

/** How a step is tried again. */
export interface RetryOptions {
  readonly step: RetriedStep;
  readonly world: World;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of each further attempt, before it is waited for. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Whether an error may pass by itself; by default, what says so (`retry`). */
  isTransient?(error: LoadError): boolean;
}

/** Does something, and again where it failed for a while. @throws what the last attempt throws */
export async function retried<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { step, world, signal, onRetry, isTransient = mayPass } = options;
  const attempts = new Attempts();
  for (let isFirst = true;; isFirst = false) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LoadError) || !isTransient(error)) throw error;
      // Where it was not even tried, it is said at once.
      if (isFirst && error.code === "backend_unavailable") throw error;
      if (!attempts.left || signal?.aborted) throw error;
      const next = attempts.next(0);
      log("retry", "a step is tried again", { step, ...next, code: reasonOf(error).code });
      onRetry?.({ step, ...next, ...reasonOf(error) });
      await world.sleep(next.waitMs, signal);
    }
  }
}

function mayPass({ retry, blame }: LoadError): boolean {
  return retry && blame === "database";
}

/** Codes that say that nobody has answered. */
const NOBODY = new Set([
  ...["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN"],
  ...["ENETUNREACH", "ETIMEDOUT", "CONNECT_TIMEOUT"],
]);

/**
 * Whether what comes before the first batch is worth another attempt: where nobody answers, it is the
 * address that is to be looked at first, and that is said at once.
 */
export function hasAnswered(error: LoadError): boolean {
  return mayPass(error) && !NOBODY.has(error.vendorCode ?? "");
}
