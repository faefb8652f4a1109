/**
 * One pool of connections to one target.
 *
 * Invariants
 * - Open connections (idle, leased and being opened) never exceed `sizeMax`.
 * - A connection is leased to one holder at a time, and only if it is usable; one that has been idle
 *   for longer than `validateAfterMs` is probed first. A dead one is closed and replaced.
 * - Whoever waits is served in order, or told after `acquireTimeoutMs`.
 * - Once draining, nothing new is leased; the drain ends when the last lease is back.
 */
import { log } from "../../src/model/log.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { World } from "../../src/model/world.ts";
import type { Connection } from "../drivers/driver.ts";

/** How a pool behaves. */
export interface PoolOptions {
  /** Where it leads to, for messages. */
  readonly endpoint: string;
  /** Connections at the most. */
  readonly sizeMax: number;
  /** Idle connections to keep; `sizeMax` by default. */
  readonly idleMax?: number;
  /** How long a connection may be idle before it is probed; 30 s by default. */
  readonly validateAfterMs?: number;
  /** How long to wait for a connection; 30 s by default. */
  readonly acquireTimeoutMs?: number;
  /** Clock and waiting. */
  readonly world: World;
  /** Opens one. */
  open(): Promise<Connection>;
  /** Asks one whether it lives; rejects if not. */
  validate(connection: Connection): Promise<void>;
  /** Ends one. Never throws. */
  close(connection: Connection): Promise<void>;
  /** Hears how many connections there are, whenever that has changed. */
  onUse?(size: Pool["size"]): void;
}

/** A connection in use. Release it once; one that is not usable any more is closed then. */
export interface Lease {
  /** The connection; not to be used after the release. */
  readonly connection: Connection;
  /** Gives it back; a second time does nothing. */
  release(): Promise<void>;
}

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

interface Waiting {
  serve(): void;
  fail(error: LoadError): void;
}

/** One pool of connections to one target. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiting[] = [];
  /** Connections that are being opened, or stand ready, for leases to come. */
  readonly #expected: Promise<Connection | undefined>[] = [];
  #leased = 0;
  #opening = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  /** Makes an empty pool. */
  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Connections that are open, and those of them that are leased. */
  get size(): { readonly open: number; readonly leased: number } {
    return { open: this.#idle.length + this.#leased, leased: this.#leased };
  }

  /** Connections that could be leased right now without waiting for somebody's release. */
  get free(): number {
    return Math.max(
      0,
      this.#options.sizeMax - this.#leased - this.#opening + this.#expected.length,
    );
  }

  /**
   * Begins to open connections that will be leased soon. One that cannot be opened is dropped:
   * whoever leases then opens another, and hears why that failed.
   */
  expect(count: number): void {
    const missing = Math.min(count - this.#idle.length - this.#expected.length, this.free);
    for (let i = 0; i < missing && !this.#drained; i++) {
      this.#opening++;
      this.#expected.push(this.#options.open().catch(() => undefined));
    }
  }

  /**
   * Takes a connection for use.
   *
   * @throws {LoadError} `backend_unavailable` while draining, `timeout`, or what opening one throws
   */
  async lease(): Promise<Lease> {
    for (;;) {
      if (this.#drained) throw this.#unavailable();
      const idle = this.#idle.pop();
      if (idle) {
        this.#leased++;
        if (await this.#lives(idle)) return this.#lend(idle.connection, "idle");
        this.#leased--;
        continue;
      }
      const expected = this.#expected.shift();
      if (expected) {
        const connection = await expected;
        this.#opening--;
        if (connection?.usable) {
          this.#leased++;
          return this.#lend(connection, "expected");
        }
        this.#settle();
        continue;
      }
      if (this.#leased + this.#opening < this.#options.sizeMax) {
        this.#opening++;
        let connection: Connection;
        try {
          connection = await this.#options.open();
        } catch (error) {
          this.#opening--;
          this.#settle();
          throw error;
        }
        this.#opening--;
        this.#leased++;
        return this.#lend(connection, "new");
      }
      await this.#turn();
    }
  }

  /** Closes idle connections, refuses new leases, and waits until the last lease is back. */
  async drain(): Promise<void> {
    if (!this.#drained) {
      this.#drained = Promise.withResolvers();
      for (const waiting of this.#waiting.splice(0)) waiting.fail(this.#unavailable());
      await Promise.all(this.#idle.splice(0).map((i) => this.#options.close(i.connection)));
      this.#options.onUse?.(this.size);
      await Promise.all(
        this.#expected.splice(0).map(async (expected) => {
          const connection = await expected;
          this.#opening--;
          if (connection) await this.#options.close(connection);
        }),
      );
      this.#settle();
    }
    await this.#drained.promise;
  }

  async #lives(idle: Idle): Promise<boolean> {
    const { world, validateAfterMs = 30_000, validate } = this.#options;
    if (idle.connection.usable) {
      if (world.monotonic() - idle.since < validateAfterMs) return true;
      try {
        await validate(idle.connection);
        if (idle.connection.usable) return true;
      } catch {
        // It is dead: that is what was asked.
      }
    }
    await this.#options.close(idle.connection);
    return false;
  }

  #lend(connection: Connection, from: "idle" | "expected" | "new"): Lease {
    let held = true;
    log("pool", "a connection is leased", { from, ...this.size });
    this.#options.onUse?.(this.size);
    return {
      connection,
      release: async () => {
        if (!held) return;
        held = false;
        this.#leased--;
        log("pool", "a connection is returned", { usable: connection.usable, ...this.size });
        const { idleMax = this.#options.sizeMax, world } = this.#options;
        if (connection.usable && !this.#drained && this.#idle.length < idleMax) {
          this.#idle.push({ connection, since: world.monotonic() });
          this.#options.onUse?.(this.size);
          this.#settle();
        } else {
          this.#options.onUse?.(this.size);
          this.#settle();
          await this.#options.close(connection);
        }
      },
    };
  }

  /** Somebody gave something back: the next in line may try, or the drain is over. */
  #settle(): void {
    this.#waiting.shift()?.serve();
    if (this.#drained && this.#leased === 0 && this.#opening === 0) this.#drained.resolve();
  }

  async #turn(): Promise<void> {
    const { acquireTimeoutMs = 30_000, endpoint, sizeMax, world } = this.#options;
    const turn = Promise.withResolvers<void>();
    const waiting: Waiting = { serve: turn.resolve, fail: turn.reject };
    this.#waiting.push(waiting);
    const waited = new AbortController();
    world.sleep(acquireTimeoutMs, waited.signal).then(() => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      turn.reject(
        new LoadError(
          `No connection to ${endpoint} became free in ${acquireTimeoutMs} ms: all ${sizeMax} are in use, raise poolSize`,
          { code: "timeout", blame: "config", retry: true },
        ),
      );
    }, () => {});
    try {
      await turn.promise;
    } finally {
      waited.abort();
    }
  }

  #unavailable(): LoadError {
    return new LoadError(`Connections to ${this.#options.endpoint} are being closed`, {
      code: "backend_unavailable",
      blame: "host",
      retry: true,
    });
  }
}
