import type { Config, ConfigValue } from "../../src/model/config_schema.ts";
import type { PoolStatus } from "../../src/model/pool_status.ts";
import { Secret } from "../../src/model/secret.ts";
import { realWorld, type World } from "../../src/model/world.ts";
import { createReferenceCodec } from "../codec/reference/reference_codec.ts";
import type { Connection, Driver } from "../drivers/driver.ts";
import { openLane } from "../lane/lanes.ts";
import { type Lease, Pool } from "./pool.ts";
import { withSecrets } from "./secret_files.ts";

/**
 * What a connection is for: `control` runs in this thread (health, tables, single batches), `lane`
 * carries the batches of a load, with a compiled codec. One lane runs in this thread, unless its
 * driver blocks; every other one has a worker, so that this thread stays free. A `small_lane` runs in
 * this thread whatever its driver does: for a source that is loaded before a worker has begun, where
 * nothing else of the thread waits for the same lock.
 */
export type ConnectionRole = "control" | "lane" | "small_lane";

const ROLES: readonly ConnectionRole[] = ["control", "lane", "small_lane"];

/** What a backend needs connections for. */
export interface ConnectionRequest {
  /** The family that connections are opened by. */
  readonly driver: Driver;
  /** The driver's settings. */
  readonly config: Config;
  /** Statements that open every session. */
  readonly session: readonly string[];
  /** Statements that end every session that is still usable; none by default. */
  readonly teardown?: readonly string[];
  /** The plugin's health statement, which validates a connection that was idle. */
  readonly probe: string;
  /** What the connections are for. */
  readonly role: ConnectionRole;
}

/** A backend's share of a pool. */
export interface PoolShare {
  /** The pool; other backends may have a share of it too. */
  readonly pool: Pool;
  /** Gives the share back; the pool drains when it was the last. Waits for leases in that case. */
  release(): Promise<void>;
}

/** How connections are managed. */
export interface ConnectionManagerOptions {
  /** Clock and waiting; the real ones by default. */
  readonly world?: World;
  /** Whether lanes are kept for loads to come; false by default. */
  readonly keepLanes?: boolean;
  /** Whether no connection may change anything; false by default. */
  readonly readOnly?: boolean;
  /** Hears how many connections a pool has, whenever that has changed. */
  readonly onPool?: (
    pool: { readonly endpoint: string; readonly role: ConnectionRole },
    size: Pool["size"],
  ) => void;
}

/** Where a pool leads to, and what it is known by here. */
interface PoolPlace extends Pick<PoolStatus, "endpoint"> {
  readonly role: ConnectionRole;
  readonly key: string;
}

/**
 * The connection manager: one pool per (driver, settings, role), shared by every backend that has
 * the same ones, closed when the last of them lets go.
 */
export class ConnectionManager {
  readonly #pools = new Map<string, { pool: Pool; shares: number }>();
  /** Where the pools of a request are: it is asked for them again and again. */
  readonly #places = new WeakMap<object, readonly PoolPlace[]>();
  readonly #world: World;
  readonly #keepLanes: boolean;
  readonly #readOnly: boolean;
  readonly #onPool: ConnectionManagerOptions["onPool"];

  /**
   * Makes a manager without pools. A lane is a worker: unless `keepLanes` says so, it is not kept
   * waiting for a load that may never come. With `readOnly`, no connection changes anything.
   */
  constructor(options: ConnectionManagerOptions = {}) {
    this.#onPool = options.onPool;
    this.#world = options.world ?? realWorld;
    this.#keepLanes = options.keepLanes ?? false;
    this.#readOnly = options.readOnly ?? false;
  }

  /** Takes a share of the pool for these settings; makes the pool, but opens nothing yet. */
  share(request: ConnectionRequest): PoolShare {
    const key = poolKey(request);
    let entry = this.#pools.get(key);
    if (!entry) {
      entry = { pool: this.#makePool(request), shares: 0 };
      this.#pools.set(key, entry);
    }
    const { pool } = entry;
    entry.shares++;
    let held = true;
    return {
      pool,
      release: async () => {
        if (!held) return;
        held = false;
        if (--entry.shares > 0) return;
        this.#pools.delete(key);
        await pool.drain();
      },
    };
  }

  /** The pools that there are for these settings now, whatever their connections are for. */
  poolsOf(request: Omit<ConnectionRequest, "role">): readonly PoolStatus[] {
    let places = this.#places.get(request);
    if (!places) {
      const endpoint = request.driver.endpoint(request.config);
      places = ROLES.map((role) => ({ endpoint, role, key: poolKey({ ...request, role }) }));
      this.#places.set(request, places);
    }
    return places.flatMap(({ key, ...place }) => {
      const entry = this.#pools.get(key);
      return entry ? [{ ...place, ...entry.pool.size }] : [];
    });
  }

  /**
   * A connection from the pool of these settings, or a new one: validated, replaced when dead.
   * The pool lives for as long as the lease, unless somebody else holds a share of it.
   *
   * @throws {LoadError} what connecting throws, or `timeout`
   */
  async getConnection(request: ConnectionRequest): Promise<Lease> {
    const share = this.share(request);
    try {
      const lease = await share.pool.lease();
      return {
        connection: lease.connection,
        release: async () => {
          await lease.release();
          await share.release();
        },
      };
    } catch (error) {
      await share.release();
      throw error;
    }
  }

  /** Drains every pool: waits for the leases, then closes every connection. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.drain()));
  }

  #makePool(request: ConnectionRequest): Pool {
    const { driver, config, session, probe, role } = request;
    const size = config.poolSize;
    const endpoint = driver.endpoint(config);
    return new Pool({
      endpoint,
      onUse: (use) => this.#onPool?.({ endpoint, role }, use),
      sizeMax: typeof size === "number" ? size : 1,
      ...(role !== "control" && !this.#keepLanes ? { idleMax: 0 } : {}),
      world: this.#world,
      open: async () => {
        const whole = await withSecrets(config, driver.config);
        const connection = role === "control"
          // Single batches at the most: for those the compiled codec need not be compiled.
          ? await driver.connect(whole, {
            codec: await createReferenceCodec(),
            readOnly: this.#readOnly,
          })
          : await openLane(driver, whole, { small: role === "small_lane" });
        await opened(connection, session);
        return connection;
      },
      validate: async (connection) => void (await connection.probe(probe)),
      close: (connection) => end(connection, request.teardown ?? []),
    });
  }
}

async function opened(connection: Connection, session: readonly string[]): Promise<void> {
  try {
    if (session.length > 0) await connection.run(session);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function end(connection: Connection, teardown: readonly string[]): Promise<void> {
  try {
    if (connection.usable && teardown.length > 0) await connection.run(teardown);
  } catch {
    // It ends anyhow.
  }
  await connection.close();
}

/** Equal settings, equal pool. Secrets are among them: it is not to be shown. */
function poolKey(request: ConnectionRequest): string {
  const settings = Object.entries(request.config)
    .map((
      [name, value],
    ): [string, ConfigValue] => [name, value instanceof Secret ? value.reveal() : value])
    .sort(([a], [b]) => a < b ? -1 : 1);
  const { driver, role, session, teardown } = request;
  return JSON.stringify([driver.family, role, session, teardown, settings]);
}

/** Does something with a connection of a share, and gives it back. */
export async function withLease<T>(
  { pool }: PoolShare,
  act: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await pool.lease();
  try {
    return await act(lease);
  } finally {
    await lease.release();
  }
}
