/**
 * Watches one backend: asks for its health at an interval, takes it out of service when it fails,
 * and brings it back by itself when it answers again.
 *
 * Invariants
 * - At most one check is under way.
 * - After a failure the interval doubles with each further one, up to `intervalMsMax`. Each is longer or
 *   shorter by up to a tenth, by chance.
 * - A backend out of service is asked once more before anything is refused, so that one which is
 *   back is never turned away.
 */
import type { HealthStatus } from "../../src/model/backend.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { World } from "../../src/model/world.ts";

/** Of each interval, so that programs which were started together do not ask together. */
const JITTER = 0.1;

/** How to watch. */
export interface HealthMonitorOptions {
  /** The backend's name, for messages. */
  readonly backend: string;
  /** Between checks of a healthy backend; 30 s by default. */
  readonly intervalMs?: number;
  /** Between checks of a failing one, at the most; ten times `intervalMs` by default. */
  readonly intervalMsMax?: number;
  readonly world: World;
  /** Asks the backend. Never throws. */
  check(): Promise<HealthStatus>;
  /** Hears of every change of `status`. */
  onChange?(status: HealthStatus): void;
}

/**
 * Watches one backend: asks for its health at an interval, takes it out of service when it fails,
 * and brings it back by itself when it answers again.
 */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #stop = new AbortController();
  #status: HealthStatus | undefined;
  #failures = 0;
  #checking: Promise<HealthStatus> | undefined;

  /** Makes a monitor; {@linkcode start} begins to watch. */
  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  /** The last answer; undefined before the first. */
  get status(): HealthStatus | undefined {
    return this.#status;
  }

  /** Whether the last answer was not `unhealthy`. */
  get inService(): boolean {
    return this.#status?.status !== "unhealthy";
  }

  /** Begins to watch, in the background, until {@linkcode stop}. */
  start(): void {
    void this.#watch();
  }

  /** Ends the watch. */
  stop(): void {
    this.#stop.abort();
  }

  /** Asks now; callers that come while a check is under way share its answer. */
  check(): Promise<HealthStatus> {
    this.#checking ??= this.#ask().finally(() => this.#checking = undefined);
    return this.#checking;
  }

  /**
   * Lets pass if the backend is in service, or is so again.
   *
   * @throws {LoadError} `backend_unavailable`
   */
  async ensureInService(): Promise<void> {
    if (this.inService) return;
    const status = await this.check();
    if (status.status === "unhealthy") {
      throw new LoadError(
        `Backend ${this.#options.backend} is out of service: ${
          status.detail ?? "its health check failed"
        }`,
        { code: "backend_unavailable", blame: "database", retry: true },
      );
    }
  }

  async #ask(): Promise<HealthStatus> {
    const before = this.#status?.status;
    const status = await this.#options.check();
    this.#status = status;
    this.#failures = status.status === "unhealthy" ? this.#failures + 1 : 0;
    if (status.status !== before) this.#options.onChange?.(status);
    return status;
  }

  async #watch(): Promise<void> {
    const { intervalMs = 30_000, intervalMsMax = 10 * intervalMs, world } = this.#options;
    while (!this.#stop.signal.aborted) {
      const wait = Math.min(intervalMs * 2 ** this.#failures, Math.max(intervalMs, intervalMsMax)) *
        (1 + JITTER * (2 * world.random() - 1));
      try {
        await world.sleep(wait, this.#stop.signal);
      } catch {
        return;
      }
      await this.check();
    }
  }
}
