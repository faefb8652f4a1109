/**
 * A host that stays: it takes plugins and configurations as they come, keeps backends connected, and runs
 * the loads of the configuration whenever they are due.
 *
 * Invariants
 * - A configuration is taken whole or not at all; the one before stays in force.
 * - No plugin and no configuration that comes stops a load that runs.
 * - Once it drains, nothing begins; what runs commits what it has in hand, and goes on at the next start.
 */
import type { ConfigFile } from "../../src/config/config_content.ts";
import { loadsNamed } from "../../src/config/destination.ts";
import { counted } from "../../src/model/counted.ts";
import { defined } from "../../src/model/defined.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { RegistryEvent } from "../../src/registry/event.ts";
import type { EventAbout } from "../api/event_ring.ts";
import type { PluginChange } from "../plugins/live/plugin_change.ts";
import { VERSION } from "../platform/version.ts";
import type { ApiActions, UploadActions } from "../api/actions.ts";
import { type Api, type ApiOptions, startApi } from "../api/server.ts";
import { pluginStatus } from "../api/plugin_status.ts";
import { checkServed } from "./config_faults.ts";
import { ConfigWatch } from "./config_watch.ts";
import { changeLines } from "./plugin_lines.ts";
import type { ReadConfiguration, ServeContext } from "./serve_context.ts";
import { ServedBackends } from "./served_backends.ts";
import { ServedLoads } from "./served_loads.ts";
import { StateFile } from "./state_file.ts";
import { toldBeside } from "./told_beside.ts";
import { checkUploads, uploadActions } from "./uploads.ts";

/** How to serve. */
export interface ServeOptions {
  /** The configuration to begin with, whose terms the host has. */
  readonly read: ReadConfiguration;
  /** See {@linkcode StateFile}. */
  readonly stateFile: string;
  /** Whether plugins come and go by the API, whatever the configuration says; false by default. */
  readonly uploads?: boolean;
  /** Where the API listens; nowhere by default. */
  readonly api?: Omit<ApiOptions, "actions">;
}

/** A host that stays. */
export class Serve {
  readonly #context: ServeContext;
  readonly #state: StateFile;
  readonly #backends: ServedBackends;
  readonly #loads: ServedLoads;
  readonly #watch: ConfigWatch;
  readonly #drain: AbortController;
  readonly #since: string;
  readonly #unsubscribe: () => void;
  #config: ConfigFile;
  #overruled: readonly string[] = [];
  /** Changes of the registry that wait until the configuration that they come with is in force. */
  #held: RegistryEvent[] | undefined;
  #readAt: string;
  #configError: string | undefined;
  #api: Api | undefined;
  /** What was said at the start of uploads, and who may ask. */
  readonly #given: Pick<ServeOptions, "uploads" | "api">;

  private constructor(
    context: ServeContext,
    { config, state, drain, given }: {
      readonly given: ServeOptions;
      readonly config: ConfigFile;
      readonly state: StateFile;
      readonly drain: AbortController;
    },
  ) {
    this.#context = context;
    this.#given = given;
    this.#config = config;
    this.#state = state;
    this.#drain = drain;
    this.#since = this.#readAt = this.#now();
    const backends = this.#backends = new ServedBackends(context, config);
    this.#loads = new ServedLoads({ context, backends, state, signal: drain.signal }, config);
    this.#unsubscribe = context.host.onRegistryChange((event) => {
      if (this.#held) this.#held.push(event);
      else this.#changed(event);
    });
    this.#watch = new ConfigWatch({
      file: context.configFile,
      onChange: () => this.#reload(),
      tell: (text) => context.tell(text, { kind: "config" }),
    });
  }

  /**
   * Begins to serve: what was not at its end when the program before ended, goes on.
   *
   * @throws {LoadError} `usage` where another one has the configuration in hand, or the address;
   * `config_invalid` with everything that is wrong with it
   */
  static async start(context: ServeContext, options: ServeOptions): Promise<Serve> {
    const { host, configFile: file } = context;
    const { config, check, overruled } = options.read;
    checkServed(config, { file, backends: host });
    check(host);
    checkUploads(config, options);
    const state = await StateFile.open(options.stateFile);
    const serve = new Serve(context, {
      ...{ config, state, drain: new AbortController(), given: options },
    });
    try {
      serve.#tellOverruled(overruled);
      const watched = await host.watchPlugins({
        onChange: (change) => context.tell(changeLines(change).join("\n"), aboutChange(change)),
      });
      if (options.api) {
        const uploads = uploadActions(watched, (text) => context.tell(text, { kind: "plugin" }));
        serve.#api = await startApi({ ...options.api, actions: serve.#actions(uploads) });
        // Whoever reads that it listens finds it in the file.
        await state.listens(serve.#api.address);
        context.tell(`The API listens at ${serve.#api.address}`, { kind: "program" });
      }
      host.tellBeside(() => toldBeside(serve.#loads.status(), serve.address));
      return serve;
    } catch (error) {
      await serve.stop();
      throw error;
    }
  }

  /** Where the API is; undefined where there is none. */
  get address(): string | undefined {
    return this.#api?.address;
  }

  /** Everything that is known. */
  get status(): ReturnType<ApiActions["status"]> {
    const { configFile, host } = this.#context;
    return {
      program: "serve",
      version: VERSION,
      pid: Deno.pid,
      state: this.#drain.signal.aborted ? "draining" : "serving",
      since: this.#since,
      config: {
        file: configFile,
        readAt: this.#readAt,
        overruled: this.#overruled,
        ...defined({ error: this.#configError }),
      },
      plugins: pluginStatus(host.discoverAvailableBackends()),
      backends: this.#backends.status(),
      loads: this.#loads.status(),
    };
  }

  /**
   * Asks for a run of a load; of one into several targets, for all of them or, by its own name, for one.
   * Once that resolves, a kill does not undo it.
   *
   * @throws {LoadError} `usage` for another name, and of a load that is paused; `backend_unavailable`
   * while it drains
   */
  async run(name: string): Promise<void> {
    const names = this.#named(name);
    if (this.#drain.signal.aborted) {
      throw new LoadError("No load begins any more: serve is ending", {
        code: "backend_unavailable",
        blame: "host",
        retry: true,
      });
    }
    const paused = this.#loads.paused(names);
    if (paused.length === names.length) {
      throw new LoadError(`Load ${name} is paused: resume it first`, {
        code: "usage",
        blame: "config",
      });
    }
    await this.#loads.request(names.filter((one) => !paused.includes(one)));
  }

  #named(name: string): readonly string[] {
    const names = loadsNamed(name, this.#loads.names());
    if (names.length > 0) return names;
    throw new LoadError(`No load is named ${name}`, { code: "usage", blame: "config" });
  }

  /** Stops: what runs commits what it has in hand. Resolves once nothing runs. */
  async drain(): Promise<void> {
    this.#drain.abort(
      new LoadError("Stopped: the program ends", { code: "cancelled", blame: "config" }),
    );
    await Promise.all([this.#watch[Symbol.asyncDispose](), this.#loads.stop()]);
    await this.#loads.settled();
  }

  /** Drains, and lets go of everything but the host. */
  async stop(): Promise<void> {
    await this.drain();
    this.#unsubscribe();
    await this.#api?.[Symbol.asyncDispose]();
    await this.#backends.close();
    await this.#state[Symbol.asyncDispose]();
  }

  /** Whether the file as it is now is in force. */
  async #reload(): Promise<boolean> {
    const { host, configFile: file, tell, redact, readConfig } = this.#context;
    this.#held = [];
    try {
      const read = await readConfig();
      if (this.#drain.signal.aborted) return true;
      const { config, terms, check } = read;
      await host.changeTerms(terms, (backends) => {
        checkServed(config, { file, backends, ...backends === host ? {} : { inForce: host } });
        check(backends);
        checkUploads(config, this.#given);
      });
      this.#take(read);
      return true;
    } catch (error) {
      const message = redact(messageOf(error), this.#config);
      // It is tried again and again.
      if (this.#configError !== message) {
        tell(`The configuration stays as it was, since the file is not valid now: ${message}`, {
          kind: "config",
        });
      }
      this.#configError = message;
      return false;
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const event of held) this.#changed(event);
    }
  }

  #take({ config, overruled }: ReadConfiguration): void {
    if (this.#drain.signal.aborted) return;
    this.#config = config;
    this.#readAt = this.#now();
    this.#configError = undefined;
    this.#backends.configure(config);
    this.#loads.configure(config);
    this.#context.tell(`The configuration was read again: ${sizeText(config)}`, {
      kind: "config",
    });
    this.#tellOverruled(overruled);
  }

  #changed(event: RegistryEvent): void {
    this.#backends.changed(event);
    this.#loads.changed(event);
  }

  /** What is the same as before is told once. */
  #tellOverruled(overruled: readonly string[]): void {
    for (const text of overruled) {
      if (!this.#overruled.includes(text)) this.#context.tell(text, { kind: "config" });
    }
    this.#overruled = overruled;
  }

  #actions(uploads: UploadActions): ApiActions {
    const takesUploads = () => this.#given.uploads === true || this.#config.uploads === true;
    return {
      status: () => this.status,
      metrics: this.#context.host.metrics,
      obstacles: () => this.#obstacles(),
      loads: () => this.#loads.names(),
      load: (name) => this.#loads.details(name),
      backends: () => this.#backends.names(),
      pastLoads: (name, question) => this.#backends.pastLoads(name, question),
      events: this.#context.events,
      changes: {
        run: (name) => this.run(name),
        pause: (name) => this.#loads.pause(this.#named(name)),
        resume: (name) => this.#loads.resume(this.#named(name)),
        release: (type) => this.#context.host.releaseBackend(type),
        get uploads() {
          return takesUploads() ? uploads : undefined;
        },
      },
    };
  }

  #obstacles(): string[] {
    return [
      ...(this.#drain.signal.aborted ? ["serve is ending"] : []),
      ...this.#backends.unhealthy().map((name) => `backend ${name} is not healthy`),
    ];
  }

  #now(): string {
    return new Date(this.#context.world.now()).toISOString();
  }
}

function aboutChange(change: PluginChange): EventAbout {
  const plugin = "backend" in change
    ? change.backend.type
    : "file" in change
    ? change.file
    : undefined;
  return { kind: "plugin", ...defined({ plugin }) };
}

/** How much a configuration has, in words. */
export function sizeText({ backends, loads }: ConfigFile): string {
  return `${counted(backends.size, "backend")}, ${counted(loads.size, "load")}`;
}
