/**
 * The backends of a configuration. A named one is one for all loads, with its health; a target that is a
 * URL, or has settings for one load alone, is that load's own.
 */
import type { ConfigFile, NamedBackend } from "../../src/config/config_content.ts";
import { targetsIn } from "../../src/config/destination.ts";
import type { NamedLoad } from "../../src/config/load_settings.ts";
import { nameOfTarget, type Target } from "../../src/config/route.ts";
import { defined } from "../../src/model/defined.ts";
import type { PastLoad, PastLoadsQuestion } from "../../src/model/past_load.ts";
import type { RegistryEvent } from "../../src/registry/event.ts";
import type { OpenSettings, ServeContext } from "./serve_context.ts";
import type { BackendStatus } from "../api/status_schema.ts";
import { ServedBackend } from "./served_backend.ts";

interface Entry {
  readonly served: ServedBackend;
  /** What it is made with, in one line: another line is another backend. */
  key: string;
}

/** The backends of a configuration. */
export class ServedBackends {
  readonly #context: ServeContext;
  readonly #named = new Map<string, Entry>();
  /** By the names of their loads. */
  readonly #own = new Map<string, Entry>();
  readonly #leaving = new Set<Promise<void>>();
  #config: ConfigFile;

  /** Those of a configuration: the named ones begin to connect. */
  constructor(context: ServeContext, config: ConfigFile) {
    this.#context = context;
    this.#config = config;
    this.configure(config);
  }

  /** Takes another configuration: what is the same in it stays, what has changed is connected again. */
  configure(config: ConfigFile): void {
    this.#config = config;
    for (const [name, entry] of this.#named) {
      if (config.backends.has(name)) continue;
      this.#named.delete(name);
      this.#leave(entry.served);
    }
    for (const [name, backend] of config.backends) {
      const key = JSON.stringify([backend, this.#connectionsOf(name)]);
      const entry = this.#named.get(name);
      if (!entry) this.#named.set(name, { key, served: this.#serveNamed(name) });
      else if (entry.key !== key) {
        entry.key = key;
        entry.served.renew();
      }
    }
    for (const [name, { served }] of this.#own) {
      this.#own.delete(name);
      this.#leave(served);
    }
  }

  /** Where the rows of a load go. */
  of(target: Target, name: string, { set = {}, connections }: NamedLoad): ServedBackend {
    const named = target.kind === "named" ? this.#named.get(target.name) : undefined;
    if (named && Object.keys(set).length === 0) return named.served;
    const key = JSON.stringify([target, set, connections]);
    const entry = this.#own.get(name);
    if (entry?.key === key) return entry.served;
    if (entry) this.#leave(entry.served);
    const settings = { set, ...defined({ connections }) };
    const served = this.#serve(
      `${nameOfTarget(target)} (of load ${name})`,
      () => target,
      () => settings,
    );
    this.#own.set(name, { key, served });
    return served;
  }

  /** What is known of each. */
  status(): BackendStatus[] {
    return this.#all().map((served) => served.status);
  }

  /** Their names. */
  names(): string[] {
    return this.#all().map(({ name }) => name);
  }

  /** What the ledgers of one say of loads; undefined where none has that name. @throws {LoadError} */
  async pastLoads(
    name: string,
    question: PastLoadsQuestion,
  ): Promise<readonly PastLoad[] | undefined> {
    return await this.#all().find((served) => served.name === name)?.pastLoads(question);
  }

  /** Those that cannot be had, or are not well. */
  unhealthy(): string[] {
    return this.#all().filter((served) => !served.isHealthy).map(({ name }) => name);
  }

  /** Another plugin answers for a type now, or none does. */
  changed({ backend, before, kind }: RegistryEvent): void {
    if (kind === "refused") return;
    for (const served of this.#all()) {
      const { type } = served.status;
      if (type === undefined || type === backend.type || type === before?.type) served.renew();
    }
  }

  /** Ends all of them, each once its last load has let go of it. */
  async close(): Promise<void> {
    for (const served of this.#all()) this.#leave(served);
    this.#named.clear();
    this.#own.clear();
    await Promise.all(this.#leaving);
  }

  #all(): ServedBackend[] {
    return [...this.#named.values(), ...this.#own.values()].map(({ served }) => served);
  }

  #leave(served: ServedBackend): void {
    const leaving: Promise<void> = served.close().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #serveNamed(name: string): ServedBackend {
    const target = (): Target => {
      const backend: NamedBackend = this.#config.backends.get(name)!;
      return { kind: "named", name, backend };
    };
    return this.#serve(name, target, () => defined({ connections: this.#connectionsOf(name) }));
  }

  /** As many as the load wants that wants the most: its pool has to hold them. */
  #connectionsOf(name: string): number | undefined {
    const wanted = [...this.#config.loads.values()]
      .filter(({ to }) => to === undefined || targetsIn(to).includes(name))
      .map(({ connections }) => connections ?? 0);
    return Math.max(0, ...wanted) || undefined;
  }

  #serve(name: string, target: () => Target, settings: () => OpenSettings): ServedBackend {
    const { world, connect, typeOf, tell, redact } = this.#context;
    return new ServedBackend({
      name,
      world,
      connect: () => connect(target(), settings()),
      type: () => {
        try {
          return typeOf(target());
        } catch {
          return undefined;
        }
      },
      tell: (text) => tell(text, { kind: "backend", backend: name }),
      redact: (text) => redact(text, this.#config),
    });
  }
}
