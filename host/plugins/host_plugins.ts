/**
 * The plugins of a host: where they come from, which are let in, and the watch over them.
 *
 * Invariants
 * - Other terms are made ready beside those in force, and taken whole or not at all.
 * - A plugin that is the same under other terms stays the entry that it is: who uses it notices nothing.
 * - One that takes another's place has planned first what the other has planned.
 * - What did not come from the folder is nothing that other terms change.
 */
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { type BackendEntry, Registry } from "../../src/registry/registry.ts";
import { KEPT_FILE, KeptAnswers } from "../platform/kept_answers.ts";
import type { TakenFile } from "../platform/taken_file.ts";
import { type BackendView, viewOf } from "./backend_view.ts";
import type { LiveFolder, LiveFolderContext, LiveFolderOptions } from "./live/live_folder.ts";
import type { PluginChange } from "./live/plugin_change.ts";
import type { Rehearsal } from "./live/rehearsal.ts";
import type { WatchedPlugins } from "./live/watched_plugins.ts";
import { registerPlugins } from "./register_folder.ts";
import type { WantedBackend } from "./register_wanted.ts";
import type { Plugin } from "./sandbox/plugin.ts";
import { type AdmissionOptions, PluginFolder } from "./store/admission.ts";
import { LOCK_FILE } from "./store/plugin_lock.ts";
import { pathOf } from "./store/store.ts";

/** Where plugins come from, and which are let in. */
export interface PluginTerms extends Omit<AdmissionOptions, "readOnly"> {
  /** Folder whose `.wasm` files are registered; none by default. */
  readonly plugins?: string;
}

/** What it works on. */
export interface HostPluginsContext
  extends Pick<LiveFolderContext, "registry" | "plans" | "sessions" | "entryOf"> {
  readonly readOnly: boolean;
}

/** A folder under some terms. */
interface Source {
  readonly terms: PluginTerms;
  readonly folder: PluginFolder | undefined;
  readonly kept: KeptAnswers;
}

/** Terms that could be taken. */
export interface PreparedPlugins {
  readonly source: Source;
  readonly registry: Registry;
  /** What was asked of the plugins that take another's place. */
  readonly rehearsals: ReadonlyMap<BackendEntry, Rehearsal>;
  /** What there would be. */
  readonly view: BackendView;
  /** When it was begun, by `performance.now()`. */
  readonly started: number;
}

/** The plugins of a host: where they come from, which are let in, and the watch over them. */
export class HostPlugins {
  readonly #context: HostPluginsContext;
  /** Those that were in force, too: what their plugins do is still to be recorded. */
  readonly #sources: Source[] = [];
  #source: Source;
  #watch: { readonly options: LiveFolderOptions; readonly live: LiveFolder } | undefined;
  #taking: Promise<void> = Promise.resolve();

  /** Of a folder, of which nothing was read yet. */
  constructor(context: HostPluginsContext, terms: PluginTerms) {
    this.#context = context;
    this.#source = { terms, folder: undefined, kept: this.#keptOf(terms) };
  }

  /** Answers of plugins of the folder. */
  get kept(): KeptAnswers {
    return this.#source.kept;
  }

  /** What is beside the plugins, and nothing else is to be written to. */
  get files(): readonly TakenFile[] {
    const path = this.#path;
    return path === undefined ? [] : [LOCK_FILE, KEPT_FILE].map((name) => {
      return { path: pathOf(path, name), what: `${name} of the plugins` };
    });
  }

  /** Registers what is there, or the one that is wanted. @throws {LoadError} `config_invalid` */
  async open(wanted: WantedBackend | undefined): Promise<void> {
    const { registry, entryOf } = this.#context;
    const folder = await this.#folderOf(this.#source.terms);
    this.#source = { ...this.#source, folder };
    if (!folder) return;
    await registerPlugins(folder, registry, { wanted, kept: this.kept, entryOf });
    await folder.save();
  }

  /** See `Host.watchPlugins`. @throws {LoadError} `usage` */
  async watch(options: LiveFolderOptions): Promise<WatchedPlugins> {
    if (!this.#source.folder || this.#watch) {
      const why = this.#watch ? "is watched already" : "was not named when the host was created";
      throw new LoadError(`The folder of plugins ${why}`, { code: "usage", blame: "config" });
    }
    const live = await this.#live(options);
    this.#watch = { options, live };
    await live.ready();
    return {
      place: async (...about) => await (await this.#watched()).place(...about),
      remove: async (name) => await (await this.#watched()).remove(name),
      [Symbol.asyncDispose]: () => this.#unwatch(),
    };
  }

  /**
   * Makes other terms ready, without changing anything; undefined where they are those in force.
   *
   * @throws {LoadError} `config_invalid` where the folder or its lock cannot be read, or a plugin that
   * would take another's place cannot plan what is in use
   */
  async prepare(terms: PluginTerms): Promise<PreparedPlugins | undefined> {
    if (keyOf(terms) === keyOf(this.#source.terms)) return undefined;
    const started = performance.now();
    const kept = terms.plugins === this.#path ? this.kept : this.#keptOf(terms);
    const registry = new Registry();
    for (const entry of this.#context.registry.entries()) {
      if (!this.#isOurs(entry)) registry.register(entry);
    }
    const folder = await this.#folderOf(terms);
    const plugins = new Map<BackendEntry, Plugin>();
    if (folder) {
      const entryOf = async (plugin: Plugin) => {
        const entry = this.#sameAs(plugin) ?? await this.#context.entryOf(plugin);
        plugins.set(entry, plugin);
        return entry;
      };
      await registerPlugins(folder, registry, { wanted: undefined, kept, entryOf });
    }
    const rehearsals = await this.#rehearsals(registry, { plugins, kept });
    const source = { terms, folder, kept };
    return { source, registry, rehearsals, view: viewOf(registry), started };
  }

  /** Takes what was made ready. Never rejects. */
  async take(prepared: PreparedPlugins): Promise<void> {
    await (this.#taking = this.#take(prepared));
  }

  async #take({ source, registry, rehearsals, started }: PreparedPlugins): Promise<void> {
    const watch = this.#watch;
    await this.#unwatch();
    this.#sources.push(this.#source);
    this.#source = source;
    const milliseconds = performance.now() - started;
    for (const { kind, backend, before } of this.#context.registry.adopt(registry)) {
      const { file } = backend.plugin ?? {};
      if (file === undefined || kind === "quarantined") continue;
      if (kind === "deregistered") watch?.options.onChange?.({ kind: "removed", file, backend });
      if (kind === "registered") {
        watch?.options.onChange?.({ kind: "added", file, backend, milliseconds });
      }
      if (kind !== "replaced" || !before) continue;
      const entry = registry.entries().find(({ info }) => info === backend);
      const { asked, changes } = entry && rehearsals.get(entry) || { asked: 0, changes: [] };
      const told = { file, backend, milliseconds, before, asked, plans: changes };
      watch?.options.onChange?.({ kind: "replaced", ...told });
    }
    await source.folder?.save().catch((error) => {
      const change: PluginChange = { kind: "unreadable", reason: messageOf(error) };
      watch?.options.onChange?.(change);
    });
    if (!watch || !source.folder) return;
    const live = await this.#live(watch.options);
    this.#watch = { options: watch.options, live };
    await live.ready();
  }

  /** Ends the watch, and waits until all is recorded. */
  async close(): Promise<void> {
    await this.#unwatch();
    const sources = [...this.#sources, this.#source];
    await Promise.all(
      sources.flatMap(({ folder, kept }) => [folder?.recorded(), kept.recorded()]),
    );
  }

  get #path(): string | undefined {
    return this.#source.terms.plugins;
  }

  async #live(options: LiveFolderOptions): Promise<LiveFolder> {
    const { terms, folder, kept } = this.#source;
    const { LiveFolder } = await import("./live/live_folder.ts");
    const place = { path: terms.plugins!, folder: folder!, kept };
    return new LiveFolder({ ...this.#context, ...place }, options);
  }

  /** The folder that is watched now. @throws {LoadError} `usage` where that was ended */
  async #watched(): Promise<LiveFolder> {
    await this.#taking;
    if (this.#watch) return this.#watch.live;
    throw new LoadError("The folder of plugins is not watched any more", {
      code: "usage",
      blame: "config",
    });
  }

  async #unwatch(): Promise<void> {
    const { live } = this.#watch ?? {};
    this.#watch = undefined;
    await live?.[Symbol.asyncDispose]();
  }

  /** @throws {LoadError} where one of them cannot plan what is in use */
  async #rehearsals(
    registry: Registry,
    { plugins, kept }: {
      readonly plugins: ReadonlyMap<BackendEntry, Plugin>;
      readonly kept: KeptAnswers;
    },
  ): Promise<Map<BackendEntry, Rehearsal>> {
    const { plans, sessions } = this.#context;
    const rehearsals = new Map<BackendEntry, Rehearsal>();
    for (const entry of registry.entries()) {
      const plugin = plugins.get(entry);
      const before = this.#context.registry.entries()
        .find(({ info }) => info.type === entry.info.type)?.info.plugin?.sha256;
      if (!plugin || before === undefined || before === plugin.sha256) continue;
      const { rehearse } = await import("./live/rehearsal.ts");
      try {
        rehearsals.set(entry, await rehearse(plugin, before, { plans, sessions, kept }));
      } catch (error) {
        if (!(error instanceof LoadError)) throw error;
        throw new LoadError(`${plugin.file} cannot plan what is in use: ${error.message}`, {
          code: "config_invalid",
          blame: "config",
          cause: error,
        });
      }
    }
    return rehearsals;
  }

  /** What is registered of the same file with the same bytes and grants. */
  #sameAs({ file, sha256, grants }: Plugin): BackendEntry | undefined {
    return this.#context.registry.entries().find(({ info: { plugin } }) =>
      plugin?.file === file && plugin.sha256 === sha256 &&
      plugin.grants?.join() === [...grants].sort().join()
    );
  }

  /** Whether an entry came from the folder. */
  #isOurs({ info: { plugin } }: BackendEntry): boolean {
    if (!plugin || this.#path === undefined) return false;
    return plugin.file === pathOf(this.#path, plugin.file.split(/[\\/]/).at(-1)!);
  }

  #keptOf({ plugins }: PluginTerms): KeptAnswers {
    return new KeptAnswers(plugins, { readOnly: this.#context.readOnly });
  }

  async #folderOf({ plugins, ...options }: PluginTerms): Promise<PluginFolder | undefined> {
    if (plugins === undefined) return undefined;
    return await PluginFolder.open(plugins, { ...options, readOnly: this.#context.readOnly });
  }
}

function keyOf({ plugins, locked = false, trustedKeys = [] }: PluginTerms): string {
  return JSON.stringify([plugins, locked, trustedKeys]);
}
