/**
 * One backend that loads go to, for as long as the configuration has it.
 *
 * Invariants
 * - It is connected in the background, again and again until that succeeds, and then its health is asked
 *   for as long as it is there. Who needs it waits, and fails with nobody.
 * - Loads together are given no more connections than may write side by side; whoever waits is served in
 *   order.
 * - What a load has in hand it keeps: a backend whose plugin was replaced, or whose settings have changed,
 *   is closed once the last load lets go of it, and the loads that come then have a new one.
 */
import type { DatabaseBackend } from "../../src/model/backend.ts";
import { defined } from "../../src/model/defined.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { type PastLoad, pastLoadsOf, type PastLoadsQuestion } from "../../src/model/past_load.ts";
import type { World } from "../../src/model/world.ts";
import { backendStatus } from "../api/backend_status.ts";
import type { BackendStatus } from "../api/status_schema.ts";
import { Backoff } from "./backoff.ts";

/** What it is made of. */
export interface ServedBackendOptions {
  /** As the configuration calls it, or what else to call it. */
  readonly name: string;
  readonly world: World;
  /** Creates and connects one, of the plugin that is there now. @throws {LoadError} */
  connect(): Promise<DatabaseBackend>;
  /** Its type, where a plugin answers for it now. */
  type(): string | undefined;
  /** Hears of what people should know: it is connected, or cannot be. */
  tell(text: string): void;
  /** A message without secrets. */
  redact(text: string): string;
}

/** A backend in the hands of a load. Let go of it once. */
export interface BackendUse extends Disposable {
  readonly backend: DatabaseBackend;
  /** Connections that the load may write through. */
  readonly connections: number;
}

interface Instance {
  readonly backend: DatabaseBackend;
  /** Connections that are in hand. */
  inUse: number;
  uses: number;
  retired: boolean;
}

interface Waiting {
  readonly wanted: number;
  readonly resolve: (use: BackendUse) => void;
  readonly onWait: (() => void) | undefined;
}

/** One backend that loads go to, for as long as the configuration has it. */
export class ServedBackend {
  readonly #options: ServedBackendOptions;
  readonly #backoff: Backoff;
  readonly #waiting: Waiting[] = [];
  /** Those that were retired and are still in hand. */
  readonly #retired = new Set<Instance>();
  /** The one for loads to come. */
  #instance: Instance | undefined;
  #connecting: Promise<void> | undefined;
  #lastError: BackendStatus["lastError"];
  #wasUp = false;
  #closed = false;
  /** How often it was renewed: what was begun before is of no use. */
  #renewals = 0;
  /** Ends the pause before a further attempt. */
  #wake = new AbortController();

  /** Begins to connect. */
  constructor(options: ServedBackendOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.world);
    this.#connect();
  }

  /** Its name. */
  get name(): string {
    return this.#options.name;
  }

  /** What is known of it. */
  get status(): BackendStatus {
    const { name, type, redact } = this.#options;
    const { backend, inUse } = this.#instance ?? {};
    return {
      name,
      state: backend ? "up" : this.#lastError ? "down" : "connecting",
      ...(backend ? backendStatus(backend, redact) : { pools: [] }),
      ...defined({
        type: type(),
        writers: backend && { inUse: inUse!, max: writersOf(backend) },
        lastError: this.#lastError,
      }),
    };
  }

  /** Whether it is connected, and its health and its breaker say nothing against it. */
  get isHealthy(): boolean {
    const { state, health, breaker } = this.status;
    return state === "up" && health?.status !== "unhealthy" &&
      (breaker?.state ?? "closed") === "closed";
  }

  /** Why it cannot be had, in words; undefined where it can. */
  get obstacle(): string | undefined {
    if (this.#instance) {
      return this.#waiting.length > 0 ? "its connections are in use" : undefined;
    }
    return this.#lastError ? `it is down: ${this.#lastError.message}` : "it is being connected";
  }

  /**
   * Waits until it is connected and has a connection free; of those that are, as many as are wanted.
   *
   * @param onWait Hears, once or more often, that it is down, or that others have its connections.
   * @throws the signal's reason
   */
  async acquire(
    wanted: number,
    signal: AbortSignal,
    onWait?: () => void,
  ): Promise<BackendUse> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<BackendUse>();
    const waiting: Waiting = { wanted, resolve, onWait };
    const stop = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    this.#waiting.push(waiting);
    this.#serve();
    if (this.#lastError) this.#tellWaiting();
    // A load that comes now need not wait for the end of a pause.
    if (!this.#instance) this.#wake.abort();
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /**
   * What its ledgers say of loads.
   *
   * @throws {LoadError} `backend_unavailable` while it is not connected, `usage` where it keeps no ledger
   */
  async pastLoads(question: PastLoadsQuestion): Promise<readonly PastLoad[]> {
    const instance = this.#instance;
    if (!instance) {
      throw new LoadError(`Backend ${this.name} cannot be asked now: ${this.obstacle}`, {
        code: "backend_unavailable",
        blame: "database",
        retry: true,
      });
    }
    // Nobody closes it meanwhile.
    using _use = this.#lend(instance, 0);
    return await pastLoadsOf(instance.backend, question);
  }

  /** Takes a new one for the loads to come: another plugin answers for it, or other settings. */
  renew(): void {
    if (this.#closed) return;
    this.#renewals++;
    this.#retire();
    this.#backoff.reset();
    this.#wake.abort();
    this.#connect();
  }

  /** Ends it, once the last load has let go of it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.abort();
    this.#retire();
    await this.#connecting;
  }

  #connect(): void {
    this.#connecting ??= this.#connected().finally(() => {
      this.#connecting = undefined;
      // It was renewed meanwhile.
      if (!this.#instance && !this.#closed) this.#connect();
    });
  }

  async #connected(): Promise<void> {
    const { connect, world, tell, name } = this.#options;
    while (!this.#closed) {
      this.#wake = new AbortController();
      const { signal } = this.#wake;
      const renewals = this.#renewals;
      try {
        const instance = { backend: await connect(), inUse: 0, uses: 0, retired: false };
        if (this.#closed || renewals !== this.#renewals) {
          void closed(instance);
          continue;
        }
        this.#instance = instance;
        this.#backoff.reset();
        const { endpoint = "" } = instance.backend;
        if (this.#lastError || !this.#wasUp) tell(`Backend ${name} is connected: ${endpoint}`);
        this.#wasUp = true;
        this.#lastError = undefined;
        return this.#serve();
      } catch (error) {
        if (this.#closed) return;
        this.#failed(error);
      }
      await world.sleep(this.#backoff.next(), signal).catch(() => {});
    }
  }

  #failed(error: unknown): void {
    const { world, tell, name, redact } = this.#options;
    const message = redact(messageOf(error));
    // What is the same is told once.
    if (this.#lastError?.message !== message) {
      tell(`Backend ${name} cannot be connected, and is tried again: ${message}`);
    }
    this.#lastError = { at: new Date(world.now()).toISOString(), message };
    this.#tellWaiting();
  }

  #retire(): void {
    const instance = this.#instance;
    this.#instance = undefined;
    if (!instance) return;
    instance.retired = true;
    if (instance.uses === 0) void closed(instance);
    else this.#retired.add(instance);
  }

  #serve(): void {
    const instance = this.#instance;
    if (!instance) return;
    const max = writersOf(instance.backend);
    while (this.#waiting.length > 0 && instance.inUse < max) {
      const { wanted, resolve } = this.#waiting.shift()!;
      const connections = Math.max(1, Math.min(wanted, max - instance.inUse));
      resolve(this.#lend(instance, connections));
    }
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    for (const { onWait } of this.#waiting) onWait?.();
  }

  #lend(instance: Instance, connections: number): BackendUse {
    instance.uses++;
    instance.inUse += connections;
    let held = true;
    return {
      backend: instance.backend,
      connections,
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        instance.uses--;
        instance.inUse -= connections;
        if (instance.retired && instance.uses === 0) {
          this.#retired.delete(instance);
          void closed(instance);
        }
        this.#serve();
      },
    };
  }
}

function writersOf({ writers }: DatabaseBackend): number {
  return writers ?? 1;
}

async function closed({ backend }: Instance): Promise<void> {
  // Nobody needs it any more, whatever is wrong with it.
  await backend.close().catch(() => {});
}
