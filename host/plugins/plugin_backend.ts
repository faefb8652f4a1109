import type {
  BackendCapabilities,
  BackendLoad,
  BreakerStatus,
  DatabaseBackend,
  ExpectedLoad,
  HealthStatus,
  LiveTable,
  LoadRequest,
  PoolStatus,
  ValidationResult,
  WriteResult,
} from "../../src/model/backend.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { LoadPreview } from "../../src/model/load_preview.ts";
import type { Batch, Shape, TableName } from "../../src/model/batch.ts";
import type { PastLoad, PastLoadsQuestion } from "../../src/model/past_load.ts";
import type { Config } from "../../src/model/config_schema.ts";
import { defined } from "../../src/model/defined.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { FailureKind } from "../../src/model/failure.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { CheckedPlan } from "../../src/load/plan_cache.ts";
import { findShape, optionalByDefault } from "../../src/load/shape.ts";
import { checkNames } from "../../src/plan_policy/slot.ts";
import { validateBatch } from "../../src/batching/validate_batch.ts";
import { hasAnswered, retried } from "../connections/attempts.ts";
import { Breaker } from "../connections/breaker.ts";
import { HealthMonitor } from "../connections/health.ts";
import type { ConnectionRequest, ConnectionRole } from "../connections/manager.ts";
import { type PoolShare, withLease } from "../connections/manager.ts";
import { GroupPlanner } from "../batch_order/group_planner.ts";
import type { PluginBackendOptions } from "./plugin_backend_options.ts";
import { capabilitiesOf, checkShape } from "./plugin_capabilities.ts";
import { isSmall, preloadDriver } from "../lane/lanes.ts";
import { type LaneCount, PluginLoad } from "./plugin_load.ts";
import { splitConfig } from "./plugin_config.ts";
import { KeptPlans } from "./kept_plans.ts";
import { keyOfPlan, keyOfSessions, keyOfSettings } from "./planned_shape.ts";
import { examined, pastLoadsBy } from "./database_look.ts";
import { lanesOf, plannedLoad, previewedLoad } from "./planned_load.ts";
import { Planner } from "./planner.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** What a plugin backend has once it is connected. */
interface Connected {
  readonly settings: Config;
  readonly settingsKey: string;
  readonly endpoint: string;
  readonly request: Omit<ConnectionRequest, "role">;
  /** For health and single batches; what proves the settings and describes tables. */
  readonly control: PoolShare;
  readonly first: PoolShare;
}

/** A backend made from a plugin: the plugin plans, the policy checks, the driver acts. */
export class PluginBackend implements DatabaseBackend {
  readonly capabilities: BackendCapabilities;
  readonly #options: PluginBackendOptions;
  readonly #health: HealthMonitor;
  readonly #breaker: Breaker;
  #connected: Connected | undefined;

  /** Makes a backend that is not connected. */
  constructor(options: PluginBackendOptions) {
    this.#options = options;
    this.capabilities = capabilitiesOf(options.plugin, options.driver);
    this.#health = new HealthMonitor({
      backend: options.plugin.manifest.backend,
      world: options.world,
      check: () => this.#checkHealth(),
      ...defined({ intervalMs: options.healthIntervalMs, onChange: options.onHealth }),
    });
    this.#breaker = new Breaker({
      backend: options.plugin.manifest.backend,
      world: options.world,
      probe: () => this.#health.check(),
      onChange: (status) => options.onBreaker?.(status, this.#connected?.endpoint ?? ""),
      ...defined({ limits: options.breaker }),
    });
  }

  /** The plugin that plans for it. */
  get plugin(): Plugin {
    return this.#options.plugin;
  }

  /** Where it writes, without secrets. @throws {LoadError} `bug` if it is not connected */
  get endpoint(): string {
    return this.#use().endpoint;
  }

  /** Files that its database is made of. */
  get files(): readonly string[] {
    return this.#options.driver.files?.(this.#use().request.config) ?? [];
  }

  /** See {@linkcode DatabaseBackend.writers}. */
  get writers(): number {
    const { poolSize = 1 } = this.#use().request.config;
    return Math.min(Number(poolSize), this.#options.driver.writersMax);
  }

  /** Its health as last seen; undefined before the first check. */
  get health(): HealthStatus | undefined {
    const { status } = this.#health;
    return status && { ...status, breaker: this.#breaker.status };
  }

  /** Its circuit breaker. */
  get breaker(): BreakerStatus {
    return this.#breaker.status;
  }

  /** The pools that there are for its settings. */
  get pools(): readonly PoolStatus[] {
    return this.#options.connections.poolsOf(this.#use().request);
  }

  /** Opens one connection to prove the settings, and begins to watch its health. */
  async connect(config: Config): Promise<void> {
    if (this.#connected) {
      throw new LoadError("Backend is connected already", { code: "bug", blame: "host" });
    }
    const { plugin, driver, connections, sessions } = this.#options;
    const { driverConfig, settings } = splitConfig(config, driver, plugin.manifest.schemes);
    const endpoint = driver.endpoint(driverConfig);
    const settingsKey = keyOfSettings(settings);
    preloadDriver(driver);
    const planned = await sessions.get(
      keyOfSessions(plugin, settingsKey),
      () => this.#plansFor({ settings, settingsKey }).sessions(),
    );
    const request = { driver, config: driverConfig, ...planned };
    const role = this.#firstRole;
    const control = connections.share({ ...request, role: "control" });
    const first = connections.share({ ...request, role });
    try {
      await this.#retried("connect", async () => await (await first.pool.lease()).release(), {
        endpoint,
      });
    } catch (error) {
      await Promise.all([first.release(), control.release()]);
      throw error;
    }
    this.#connected = { settings, settingsKey, endpoint, request, control, first };
    this.#health.start();
  }

  /** The table as it stands in the database. */
  describeTable(table: TableName, signal?: AbortSignal): Promise<LiveTable | undefined> {
    checkNames(table, [], this.capabilities.identifierBytesMax);
    const { first, control, endpoint } = this.#use();
    const describe = () => {
      // A load that has every lane may ask itself.
      const share = first.pool.free > 0 ? first : control;
      return withLease(share, (lease) => lease.connection.describeTable(table));
    };
    return this.#retried("describe", () => this.#breaker.run(describe), { endpoint, signal });
  }

  /** Whether the batch meets the plugin's modes and the database's names and limits. */
  validate(batch: Batch): ValidationResult {
    return validateBatch(batch, this.capabilities);
  }

  /** Begins to open the lanes of a load to come. */
  expectLoad(request: ExpectedLoad): AsyncDisposable {
    const share = this.#laneShare(request);
    if (this.#breaker.state === "closed") share.pool.expect(this.#laneCount(request).wanted);
    return { [Symbol.asyncDispose]: () => share.release() };
  }

  /** Opens a load: its lanes, its tables, its load row. */
  async openLoad(request: LoadRequest): Promise<BackendLoad> {
    const share = this.#laneShare(request);
    const lanes = this.#laneCount({ ...request, mode: request.shape.mode });
    return await this.#open(request, share, lanes);
  }

  /** What a load would find and do, without changing anything. */
  async previewLoad(request: LoadRequest): Promise<LoadPreview> {
    const { request: { config }, first: share } = this.#use();
    const { plugin, driver } = this.#options;
    this.#checkRequest(request.shape);
    const lanes = this.#laneCount({ ...request, mode: request.shape.mode }).wanted;
    const planned = await this.plan(request.shape);
    return await previewedLoad(request, { ...planned, plugin, driver, config, lanes, share });
  }

  /** Looks at what a load needs of the database. */
  examine = (): Promise<readonly Finding[]> => examined(this.#use());

  /** The newest loads that its ledgers have. */
  pastLoads = (question: PastLoadsQuestion): Promise<readonly PastLoad[]> =>
    pastLoadsBy(this.#use().control, question);

  /** Writes one batch as a load of its own, on a connection of this thread. */
  async writeBatch(batch: Batch): Promise<WriteResult> {
    const { connections } = this.#options;
    const share = connections.share({ ...this.#use().request, role: "control" });
    const load = await this.#open(
      {
        shape: batch.shape,
        source: batch.part,
        batchRowsMax: LIMITS.batchRowsMax,
        batchBytesMax: LIMITS.batchBytesMax,
        // A batch by itself has no name by which it could be known again.
        fresh: true,
      },
      share,
      { wanted: 1, required: true },
    );
    const result = await load.write(batch);
    if (result.kind === "written") await load.finish(result.counts);
    else await load.abandon();
    return result;
  }

  /** Runs the plugin's probe, and lets the plugin judge the answer. Never throws. */
  async healthCheck(): Promise<HealthStatus> {
    const status = await this.#health.check();
    return { ...status, breaker: this.#breaker.status };
  }

  /** The checked plan for a shape, from the cache where it is known. */
  plan(shape: Shape): Promise<CheckedPlan> {
    const { plugin, plans } = this.#options;
    const connected = this.#use();
    return plans.get(keyOfPlan(plugin, connected.settingsKey, shape), async () => {
      const made = await this.#plansFor(connected).plan(shape);
      return { ...made, plugin: plugin.sha256, settings: connected.settings, shape };
    });
  }

  /** Ends the watch and closes the connections, once loads in flight are done. */
  async close(): Promise<void> {
    this.#health.stop();
    this.#breaker.stop();
    const connected = this.#connected;
    this.#connected = undefined;
    await Promise.all([connected?.first.release(), connected?.control.release()]);
  }

  async #open(request: LoadRequest, share: PoolShare, lanes: LaneCount): Promise<BackendLoad> {
    const { endpoint } = this.#use();
    const open = () => this.#breaker.run(() => this.#openOnce(request, share, lanes));
    try {
      return await this.#retried("prepare", open, { ...request, endpoint });
    } catch (error) {
      await share.release();
      throw error;
    }
  }

  async #openOnce(
    request: LoadRequest,
    share: PoolShare,
    lanes: LaneCount,
  ): Promise<BackendLoad> {
    const { endpoint, request: { config } } = this.#use();
    await this.#health.ensureInService();
    this.#checkRequest(request.shape);
    const { plan, hash } = await this.plan(request.shape);
    const fieldsOf = ({ shape, fields }: Pick<LoadRequest, "shape" | "fields">) =>
      fields ?? { optional: optionalByDefault(shape), bytewise: [] };
    const { optional, bytewise } = fieldsOf(request);
    const { order, sizes } = plannedLoad(request, {
      ...{ plan, hash, config, lanes: lanes.wanted },
      ...{ plugin: this.#options.plugin, driver: this.#options.driver },
    });
    const groups = new GroupPlanner({
      plan: (shape) => this.#planNamed(shape),
      bytewise,
      nul: request.nul,
    });
    return await PluginLoad.open(
      order,
      share,
      {
        lanes,
        sizes,
        classify: (code) => this.#classify(code),
        world: this.#options.world,
        breaker: this.#breaker,
        optional,
        group: (batch) => groups.groupsOf(batch),
        ...(request.signal ? { signal: request.signal } : {}),
        onRetry: this.#hears(endpoint, request.onRetry),
        replan: async () => {
          const { origin, signal } = request;
          if (!origin) return undefined;
          const found = findShape(origin, await this.describeTable(origin.table, signal));
          if (!found) return undefined;
          const { plan, hash } = await this.plan(found.shape);
          return { shape: found.shape, plan, planHash: hash, optional: fieldsOf(found).optional };
        },
      },
    );
  }

  /** A step of a load, tried again where it fails for a while. */
  #retried<T>(
    step: "connect" | "describe" | "prepare",
    work: () => Promise<T>,
    { endpoint, onRetry, signal = this.#options.signal }: Pick<LoadRequest, "onRetry"> & {
      readonly endpoint: string;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<T> {
    const hears = { world: this.#options.world, onRetry: this.#hears(endpoint, onRetry) };
    return retried(work, { ...hears, step, signal, isTransient: hasAnswered });
  }

  /** Tells the host of further attempts, and whoever asked for what failed. */
  #hears(endpoint: string, onRetry: LoadRequest["onRetry"]): (retry: Retry) => void {
    return (retry) => [this.#options.onRetry, onRetry].forEach((hear) => hear?.(retry, endpoint));
  }

  /** The plan for a shape whose names nobody has looked at. @throws {LoadError} `name_refused`, … */
  async #planNamed(shape: Shape): Promise<CheckedPlan> {
    const { identifierBytesMax } = this.capabilities;
    checkNames(shape.table, shape.columns.map((c) => c.name), identifierBytesMax);
    return await this.plan(shape);
  }

  /** The plugin's word on a code; a plugin that fails over it has none. */
  async #classify(code: string): Promise<FailureKind> {
    const { settings } = this.#use();
    try {
      return await this.#ask(settings, (planner) => planner.classify(code));
    } catch {
      return "unknown";
    }
  }

  #laneShare({ sourceBytes }: Pick<LoadRequest, "sourceBytes">): PoolShare {
    const role = isSmall(sourceBytes) && this.#firstRole === "small_lane" ? "small_lane" : "lane";
    return this.#options.connections.share({ ...this.#use().request, role });
  }

  /** Only a driver that blocks tells the lanes of small sources apart. */
  get #firstRole(): ConnectionRole {
    const { firstConnection = "control", driver } = this.#options;
    return firstConnection === "small_lane" && !driver.blocks ? "lane" : firstConnection;
  }

  #laneCount(request: ExpectedLoad): LaneCount {
    return lanesOf(request, this.#options.driver, this.writers);
  }

  #checkRequest(shape: Shape): void {
    checkShape(shape, this.#options.plugin.manifest.backend, this.capabilities);
  }

  async #checkHealth(): Promise<HealthStatus> {
    const checkedAt = this.#options.world.now();
    try {
      const { settings, request, control } = this.#use();
      const answer = await withLease(control, (lease) => lease.connection.probe(request.probe));
      const status = await this.#ask(settings, (planner) => planner.judgeHealth(answer));
      return {
        status,
        latencyMs: answer.latencyMs,
        checkedAt,
        connections: control.pool.size,
      };
    } catch (error) {
      return { status: "unhealthy", latencyMs: 0, checkedAt, detail: messageOf(error) };
    }
  }

  #plansFor({ settings, settingsKey }: Pick<Connected, "settings" | "settingsKey">): KeptPlans {
    const { plugin, driver, kept } = this.#options;
    return new KeptPlans({ plugin, driver, kept, settings, settingsKey });
  }

  /** Asks an instance of its own, which is let go of afterwards. */
  async #ask<T>(settings: Config, ask: (planner: Planner) => Promise<T>): Promise<T> {
    const { plugin, driver } = this.#options;
    const planner = await Planner.open(plugin, { settings, driver });
    try {
      return await ask(planner);
    } finally {
      await planner.close();
    }
  }

  #use(): Connected {
    if (!this.#connected) {
      throw new LoadError(`Backend ${this.#options.plugin.manifest.backend} is not connected`, {
        code: "backend_unavailable",
        blame: "host",
      });
    }
    return this.#connected;
  }
}
