/**
 * The host: the one place where everything is put together. It owns the registry, the plugins, the
 * connections and the audit log, and closes all of them.
 */
import type { BackendInfo, DatabaseBackend } from "../src/model/backend.ts";
import type { BackendPlace } from "../src/model/backend_place.ts";
import type { ConfigSchema } from "../src/model/config_schema.ts";
import { defined } from "../src/model/defined.ts";
import { PlanCache, type SessionPlan } from "../src/load/plan_cache.ts";
import type { LoadReport } from "../src/load/report.ts";
import { type AuditRecord, registryRecord } from "../src/audit/audit.ts";
import type { Grants } from "../src/plan_policy/grant.ts";
import { decoratedBackends } from "../src/registry/decorator.ts";
import type { RegistryEvent, RegistryListener } from "../src/registry/event.ts";
import { type BackendEntry, type RegisterOptions, Registry } from "../src/registry/registry.ts";
import { realWorld, type World } from "../src/model/world.ts";
import type { HostOptions, HostTerms, RegisterPluginOptions } from "./host_options.ts";
import type { MetricSet } from "../src/audit/metrics.ts";
import type { AuditTrail } from "./observe/audit_trail.ts";
import type { HostNumbers } from "./observe/load_numbers.ts";
import { RunningLoads } from "./observe/running/running_loads.ts";
import type { ToldLoads } from "./observe/running/told_program.ts";
import { type Observers, openObservers } from "./observe/observers.ts";
import { ConnectionManager } from "./connections/manager.ts";
import { loadDriver } from "./drivers/load_driver.ts";
import { load, type LoadOptions } from "./load/load.ts";
import type { BackendView } from "./plugins/backend_view.ts";
import { HostPlugins } from "./plugins/host_plugins.ts";
import type { LiveFolderOptions } from "./plugins/live/live_folder.ts";
import type { WatchedPlugins } from "./plugins/live/watched_plugins.ts";
import type { PlannedShape } from "./plugins/planned_shape.ts";
import { PluginBackend } from "./plugins/plugin_backend.ts";
import { pluginEntry } from "./plugins/plugin_entry.ts";
import { readPluginFile } from "./plugins/store/store.ts";
import type { PreviewReport } from "./load/preview.ts";
import type { ReplayOptions } from "./load/replay.ts";
import type { ReplayReport } from "./load/replay_report.ts";
import { checkUncontested } from "./plugins/register_folder.ts";
import { filesOf, STREAMS, type TakenFile } from "./platform/taken_file.ts";
import { placeIn, settingsOf } from "./plugins/backend_settings.ts";
import { typeOfScheme } from "./plugins/type_of_scheme.ts";
import type { FaultCount } from "./plugins/sandbox/fault_count.ts";
import { admitPlugin, type Plugin } from "./plugins/sandbox/plugin.ts";
import type { Source } from "./sources/source.ts";

export type { BreakerEvent, HostOptions, RetryEvent } from "./host_options.ts";

/**
 * Creates a host and registers the plugins of its folder. A plugin that is refused is listed by
 * discovery with the reason; the others work.
 *
 * @throws {LoadError} `config_invalid` if the folder or the audit log cannot be opened
 */
export function createHost(options: HostOptions = {}): Promise<Host> {
  return Host.open(options);
}

/** The host: the one place where everything is put together. Made by {@linkcode createHost}. */
export class Host {
  readonly #options: HostOptions;
  readonly #world: World;
  readonly #audit: AuditTrail;
  /** What its loads have come to so far, in numbers; `prometheusText` makes a text of them. */
  readonly metrics: MetricSet;
  readonly #numbers: HostNumbers;
  readonly #running?: RunningLoads;
  readonly #registry = new Registry();
  readonly #connections: ConnectionManager;
  readonly #plans = new PlanCache<PlannedShape>();
  readonly #plugins: HostPlugins;
  readonly #sessions = new PlanCache<SessionPlan>();
  readonly #created = new Map<DatabaseBackend, string>();
  readonly #unsubscribe: (() => void)[] = [];
  readonly #faults = new WeakMap<BackendEntry, FaultCount>();

  private constructor(options: HostOptions, world: World, observers: Observers) {
    this.#options = options;
    this.#world = world;
    ({ metrics: this.metrics, numbers: this.#numbers, audit: this.#audit } = observers);
    if (!options.readOnly) this.#running = new RunningLoads(options.program ?? "library", world);
    const { readOnly = false, plugins, locked, trustedKeys } = options;
    this.#plugins = new HostPlugins({
      ...{ registry: this.#registry, plans: this.#plans, sessions: this.#sessions, readOnly },
      entryOf: (plugin) => this.#entryOf(plugin),
    }, defined({ plugins, locked, trustedKeys }));
    this.#connections = new ConnectionManager({
      world,
      keepLanes: options.firstConnection !== undefined && options.firstConnection !== "control",
      ...defined({ readOnly: options.readOnly }),
      onPool: (pool, size) => this.#numbers.pool(pool, size),
    });
    this.#unsubscribe.push(
      this.#registry.subscribe((event) => this.#audit.write(registryRecord(event))),
    );
    for (const entry of decoratedBackends.entries()) this.#registry.register(entry);
    this.#unsubscribe.push(decoratedBackends.subscribe((event) => this.#followDecorated(event)));
  }

  /** See {@linkcode createHost}. */
  static async open(options: HostOptions): Promise<Host> {
    const world = options.world ?? realWorld;
    const taken = filesTaken(options);
    const host = new Host(options, world, await openObservers(options.audit, { world, taken }));
    try {
      await host.#plugins.open(options.wanted);
    } catch (error) {
      await host.close();
      throw error;
    }
    return host;
  }

  /** The connection manager behind every backend of this host. */
  get connections(): ConnectionManager {
    return this.#connections;
  }

  /** Registers a backend in TypeScript. @throws {LoadError} `backend_invalid`, `backend_exists` */
  registerBackend(
    type: string,
    implementation: new () => DatabaseBackend,
    configSchema: ConfigSchema,
    options: RegisterOptions = {},
  ): BackendInfo {
    return this.#registry.registerBackend(type, implementation, configSchema, options);
  }

  /**
   * Registers a plugin from a file or from bytes while loads run.
   *
   * @throws {LoadError} `plugin_unreadable`, `plugin_refused`, `plugin_manifest`, `backend_exists`, …
   */
  async registerPlugin(
    plugin: string | Uint8Array,
    options: RegisterPluginOptions = {},
  ): Promise<BackendInfo> {
    const stored = typeof plugin === "string"
      ? await readPluginFile(plugin)
      : { file: options.file ?? "(bytes)", bytes: plugin };
    if ("error" in stored) throw stored.error;
    const { file, bytes } = stored;
    const grants = new Set(options.grants ?? []) as Grants;
    const entry = await this.#entryOf(await admitPlugin(bytes, { file, grants }));
    return options.replace ? this.#registry.replace(entry) : this.#registry.register(entry);
  }

  /** Takes a backend type out; backends made of it work on. @throws {LoadError} `backend_unknown` */
  deregisterBackend(type: string): void {
    this.#registry.deregisterBackend(type);
  }

  /**
   * Lets a backend be used again whose plugin was quarantined after too many faults. A plugin that has
   * changed is registered instead.
   *
   * @throws {LoadError} `backend_unknown` where none of that type is quarantined
   */
  releaseBackend(type: string): void {
    this.#faults.get(this.#registry.release(type))?.forget();
  }

  /** Every backend: available, draining, refused, quarantined. */
  discoverAvailableBackends(): readonly BackendInfo[] {
    return this.#registry.discoverAvailableBackends();
  }

  /**
   * Watches the folder of plugins from now on: `.wasm` files that are added, replaced or removed are
   * taken while loads run, each whole or not at all, and held to the lock, its grants and signatures as
   * at the start. A file that takes another's place is asked for the plans in use first; where it
   * fails, the other stays. Backends that were created keep what they were made of. Resolves after the
   * first look. What comes back places and removes plugins, and ends the watch, as closing the host does.
   *
   * @throws {LoadError} `usage` where the host has no folder of plugins, or watches it already
   */
  async watchPlugins(options: LiveFolderOptions = {}): Promise<WatchedPlugins> {
    return await this.#plugins.watch(options);
  }

  /**
   * Takes another folder of plugins, other rules of what is let in, another audit log: whole, or not at
   * all. Loads in flight end as they began, with the backends that they have. A plugin that is the same
   * stays; one that takes another's place is asked for the plans in use first.
   *
   * @param check Hears what there would be, before anything has changed; what it throws keeps all as it is.
   * @throws {LoadError} `config_invalid`, `usage`, and what `check` throws
   */
  async changeTerms(
    { audit, ...terms }: HostTerms,
    check: (backends: BackendView) => void = () => {},
  ): Promise<void> {
    const plugins = await this.#plugins.prepare(terms);
    check(plugins?.view ?? this);
    // What can fail does so here: nothing has changed by then.
    await this.#audit.move(audit, filesTaken(this.#options));
    if (plugins) await this.#plugins.take(plugins);
  }

  /** Calls the listener on every change of the registry. Returns what ends that. */
  onRegistryChange(listener: RegistryListener): () => void {
    return this.#registry.subscribe(listener);
  }

  /**
   * The backend type that answers to a URL scheme.
   *
   * @throws {LoadError} `backend_unknown` where none does, or two plugins would
   */
  typeOfScheme(scheme: string): string {
    return typeOfScheme(this.#registry, scheme);
  }

  /**
   * Holds the settings to the backend's schema, creates it and connects it. It is closed by its own
   * `close`, or with the host.
   *
   * @throws {LoadError} `backend_unknown`, `config_invalid` with every failing path, or what
   * connecting throws
   */
  async createBackend(type: string, config: unknown): Promise<DatabaseBackend> {
    checkUncontested(this.discoverAvailableBackends(), type, (info) => info.type === type);
    const lease = this.#registry.lease(type);
    try {
      const settings = settingsOf(lease.entry, config);
      const backend = lease.entry.create();
      await backend.connect(settings);
      this.#created.set(backend, type);
      const { endpoint } = backend;
      if (endpoint !== undefined) this.#numbers.breaker(type, endpoint, { state: "closed" });
      this.#audit.write({ event: "backend_created", backend: type, ...defined({ endpoint }) });
      const close = backend.close.bind(backend);
      backend.close = async () => {
        if (!this.#created.delete(backend)) return;
        try {
          await close();
        } finally {
          lease.release();
          this.#audit.write({ event: "backend_closed", backend: type });
        }
      };
      return backend;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /**
   * Where the settings of a backend lead to, without connecting; undefined for one in TypeScript.
   *
   * @throws {LoadError} `backend_unknown`, and `config_invalid` as `createBackend` would for them
   */
  placeOf(type: string, config: unknown): BackendPlace | undefined {
    return placeIn(this.#registry, type, config);
  }

  /**
   * Loads a source into a table.
   *
   * @throws {LoadStoppedError} with the report of what was committed until then
   */
  load(source: Source, backend: DatabaseBackend, options: LoadOptions): Promise<LoadReport> {
    return load(source, backend, { ...options, ...this.#contextOf(backend) });
  }

  /**
   * What a load would do: its columns and why they are so, the statements that would be run, what the
   * ledger has already. Nothing is changed; with a host that is `readOnly`, no file is made either.
   *
   * @throws {LoadError} as the load would before its first row
   */
  async preview(
    source: Source,
    backend: DatabaseBackend,
    options: LoadOptions,
  ): Promise<PreviewReport> {
    const { previewLoad } = await import("./load/preview.ts");
    return await previewLoad(source, backend, { ...options, ...this.#contextOf(backend) });
  }

  /**
   * Loads the corrected rows of a file of rejects, each once however often it is replayed, and takes
   * their lines out of the file.
   *
   * @throws {LoadStoppedError} with the report of what was committed until then
   */
  async replayRejects(
    file: string,
    backend: DatabaseBackend,
    options: ReplayOptions,
  ): Promise<ReplayReport> {
    const { replayRejects } = await import("./load/replay.ts");
    return await replayRejects(file, backend, { ...options, ...this.#contextOf(backend) });
  }

  /**
   * Has `snakepipe status` show loads that wait, beside those that run, from now on until the host is
   * closed. Does nothing where the host is `readOnly`.
   *
   * @ignore
   */
  tellBeside(beside: () => ToldLoads): void {
    this.#running?.tellBeside(beside);
  }

  /** Closes every backend, every connection and the audit log. */
  async close(): Promise<void> {
    for (const end of this.#unsubscribe.splice(0)) end();
    await Promise.all([...this.#created.keys()].map((backend) => backend.close()));
    await this.#connections.close();
    await this.#running?.close();
    await this.#plugins.close();
    await this.#audit.close();
  }

  /** See {@linkcode Host.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #entryOf(plugin: Plugin): Promise<BackendEntry> {
    const driver = await loadDriver(plugin.manifest.driver);
    const type = plugin.manifest.backend;
    const entry = pluginEntry({
      ...{ plugin, driver },
      create: () =>
        new PluginBackend({
          ...{ plugin, driver, connections: this.#connections },
          ...{ plans: this.#plans, kept: this.#plugins.kept },
          sessions: this.#sessions,
          world: this.#world,
          firstConnection: this.#options.firstConnection ?? "control",
          ...defined({
            healthIntervalMs: this.#options.healthIntervalMs,
            breaker: this.#options.breaker,
          }),
          onHealth: ({ status, detail }) => {
            const told = { backend: type, status, ...defined({ detail }) };
            this.#audit.write({ event: "health_changed", ...told });
          },
          signal: this.#options.signal,
          onRetry: (retry, endpoint) => {
            const told = { backend: type, endpoint, ...retry };
            this.#audit.write({ event: "retry", ...told });
            this.#numbers.retry(type, retry);
            this.#options.onRetry?.(told);
          },
          onBreaker: (status, endpoint) => {
            const { state, detail } = status;
            const about = { backend: type, endpoint, state };
            this.#audit.write({ event: "breaker_changed", ...about, ...defined({ detail }) });
            this.#numbers.breaker(type, endpoint, status);
            this.#options.onBreaker?.({ ...about, ...status });
          },
        }),
    });
    this.#faults.set(entry, plugin.faults);
    plugin.faults.onChange(() => {
      const { verdict } = plugin.faults;
      if (verdict !== undefined) this.#registry.setAside(entry, verdict);
    });
    return entry;
  }

  #contextOf(backend: DatabaseBackend) {
    return {
      world: this.#world,
      backendType: this.#created.get(backend) ?? "custom",
      audit: (record: AuditRecord) => this.#audit.write(record),
      numbers: this.#numbers,
      running: this.#running,
      taken: [
        ...filesTaken(this.#options),
        ...this.#audit.files,
        ...this.#plugins.files,
        ...filesOf(backend),
      ],
    };
  }

  #followDecorated(event: RegistryEvent): void {
    if (event.kind !== "registered") return;
    const entry = decoratedBackends.entries().find((e) => e.info.type === event.backend.type);
    if (entry) this.#registry.register(entry);
  }
}

/** What this program has in hand, whatever its loads do. */
function filesTaken({ taken = [] }: HostOptions): readonly TakenFile[] {
  return [...taken, ...STREAMS];
}
