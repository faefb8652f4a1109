/**
 * The circuit breaker of one backend: after `failuresMax` transient failures in a row it opens, and
 * further calls fail at once instead of waiting for a database that is not there. After a pause
 * it asks for the backend's health: where that is well it closes, else it pauses for twice as long.
 *
 * Invariants
 * - Only what may pass by itself counts: connections that are refused or lost, servers that are not
 *   available, timeouts. Settings, privileges, conflicts and rows leave the count as it is.
 * - The health check alone is tried while half open; other calls wait for its answer.
 * - It comes back by itself: nobody has to call.
 *
 * cockatiel keeps the states and the count, and measures pauses by `Date.now()`, which cannot be
 * injected. A pause is therefore the world's sleep: as long as it lasts, the backoff that cockatiel
 * asks is infinite, and then it is over.
 */
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
  isBrokenCircuitError,
} from "cockatiel";
import type { BreakerState, BreakerStatus, HealthStatus } from "../../src/model/backend.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { type Failure, failureError } from "../../src/model/failure.ts";
import type { World } from "../../src/model/world.ts";

/** When a breaker opens, and for how long. */
export interface BreakerLimits {
  /** Transient failures in a row that open it; 5 by default. */
  readonly failuresMax?: number;
  /** From opening to the first probe, in milliseconds; 5 s by default. */
  readonly pauseMs?: number;
  /** Pauses double with each probe that fails, up to this, in milliseconds; 60 s by default. */
  readonly pauseMsMax?: number;
}

/** What a breaker is made of. */
export interface BreakerOptions {
  /** The backend's name, for messages. */
  readonly backend: string;
  readonly limits?: BreakerLimits;
  readonly world: World;
  /** The health check, which is the probe. Never throws. */
  probe(): Promise<HealthStatus>;
  /** Hears of every change of state. What it throws is swallowed: the change stands. */
  onChange?(status: BreakerStatus): void;
}

/**
 * The circuit breaker of one backend: after `failuresMax` transient failures in a row it opens, and
 * further calls fail at once instead of waiting for a database that is not there.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #policy: CircuitBreakerPolicy;
  readonly #stop = new AbortController();
  #status: BreakerStatus = { state: "closed" };
  #paused = false;
  #probing: Promise<void> | undefined;

  /** Makes a breaker that is closed. */
  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#policy = circuitBreaker(handleWhen(isTransient), {
      breaker: new ConsecutiveBreaker(options.limits?.failuresMax ?? 5),
      halfOpenAfter: { next: (context) => this.#pause(context) },
    });
    this.#policy.onStateChange((state) => this.#changed(state));
  }

  /** `open` refuses, `half_open` is asking the backend, `closed` lets pass. */
  get state(): BreakerState {
    return this.#status.state;
  }

  /** The state, and since when and why it is not closed. */
  get status(): BreakerStatus {
    return this.#status;
  }

  /**
   * Lets pass while closed, and waits for a probe that is under way. To be called before each try.
   *
   * @throws {LoadError} `backend_unavailable` at once while it is open
   */
  async admit(): Promise<void> {
    await this.#probing;
    if (this.state !== "closed") throw this.#refusal();
  }

  /**
   * Does work of one piece, such as opening a connection, and counts how it ended.
   *
   * @throws {LoadError} `backend_unavailable` at once while it is open, or what the work throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.admit();
    try {
      return await this.#policy.execute(work);
    } catch (error) {
      throw isBrokenCircuitError(error) ? this.#refusal() : error;
    }
  }

  /**
   * Counts a failure that came as a value, such as that of a batch, if it is a transient one. That
   * a COMMIT was lost decides over the batch, but tells of the database what any lost answer does.
   */
  failed(failure: Failure): Promise<void> {
    const error = failureError({ ...failure, commitUnknown: false });
    return this.#count(() => Promise.reject(error));
  }

  /** Says that the database did what it was asked: the failures before do not count any more. */
  succeeded(): Promise<void> {
    return this.#count(() => Promise.resolve());
  }

  /** Ends the waiting for the next probe: the state stays as it is. */
  stop(): void {
    this.#stop.abort();
  }

  /** Batches that were in flight when it opened tell nothing new: the probe alone decides then. */
  async #count(outcome: () => Promise<void>): Promise<void> {
    if (this.#policy.state !== CircuitState.Closed) return;
    await this.#policy.execute(outcome).catch(() => {});
  }

  #pause({ attempt }: { readonly attempt: number }): IBackoff<IHalfOpenAfterBackoffContext> {
    const { pauseMs = 5_000, pauseMsMax = 60_000 } = this.#options.limits ?? {};
    const ms = Math.min(pauseMs * 2 ** (attempt - 1), Math.max(pauseMs, pauseMsMax));
    const paused = () => this.#paused;
    this.#paused = true;
    this.#options.world.sleep(ms, this.#stop.signal).then(() => {
      this.#paused = false;
      this.#probing = this.#probe().finally(() => this.#probing = undefined);
    }, () => {});
    return {
      get duration() {
        return paused() ? Infinity : -Infinity;
      },
      next: (context) => this.#pause(context),
    };
  }

  /** Whatever is wrong with its health, the backend cannot be used: all of it keeps the breaker open. */
  async #probe(): Promise<void> {
    const { backend, probe } = this.#options;
    await this.#policy.execute(async () => {
      const { status, detail } = await probe();
      if (status === "unhealthy") throw unavailable(detail ?? `${backend}'s health check failed`);
    }).catch(() => {});
  }

  #changed(changed: CircuitState): void {
    const state = STATE[changed];
    this.#status = state === "closed" ? { state } : {
      state,
      since: this.#status.since ?? this.#options.world.now(),
      detail: this.#lastFailure(),
    };
    try {
      this.#options.onChange?.(this.#status);
    } catch {
      // The change stands; a listener cannot undo it.
    }
  }

  #lastFailure(): string {
    const failure = this.#policy.lastFailure;
    return failure && "error" in failure ? messageOf(failure.error) : "";
  }

  #refusal(): LoadError {
    const { since, detail } = this.#status;
    const when = since === undefined ? "" : ` since ${new Date(since).toISOString()}`;
    return unavailable(
      `Backend ${this.#options.backend} is out of service${when}, after failures in a row, ` +
        `and is asked again by itself; the last one: ${detail}`,
    );
  }
}

const STATE: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half_open",
  // Held open by hand, which nobody does here.
  [CircuitState.Isolated]: "open",
};

const TRANSIENT = new Set([
  "connection_failed",
  "connection_lost",
  "timeout",
  "backend_unavailable",
]);

/** Whether an error says that the database cannot be reached or does not answer right now. */
function isTransient(error: unknown): boolean {
  return error instanceof LoadError && error.retry && error.blame === "database" &&
    TRANSIENT.has(error.code);
}

function unavailable(message: string): LoadError {
  return new LoadError(message, { code: "backend_unavailable", blame: "database", retry: true });
}
