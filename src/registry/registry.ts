/**
 * The registry of backends.
 *
 * Invariants
 * - What is registered is one immutable snapshot; a change makes a new one and swaps it in, whole or
 *   not at all.
 * - An entry that was leased stays valid until it is released, whatever happens to the registry.
 * - A deregistered or replaced entry is listed as `draining` for as long as somebody holds it.
 * - Every change is an event, told after the swap, in order.
 */
import type { GenericSchema } from "valibot";
import { type BackendInfo, type DatabaseBackend, DEFAULT_CAPABILITIES } from "../model/backend.ts";
import type { BackendPlace } from "../model/backend_place.ts";
import type { BackendCapabilities } from "../model/backend.ts";
import { compileConfigSchema, type Config, type ConfigSchema } from "../model/config_schema.ts";
import { LoadError } from "../model/errors.ts";
import { checkCapabilities, checkConfigSchema, checkImplementation } from "./compliance.ts";
import type { RegistryEvent, RegistryListener } from "./event.ts";

/** A backend that can be created. */
export interface BackendEntry {
  readonly info: BackendInfo;
  /** Holds settings to the schema of `info`. */
  readonly schema: GenericSchema<unknown, Config>;
  /** Makes an instance that is not connected. */
  create(): DatabaseBackend;
  /** Where settings lead to; left out where nothing is known of that. @throws {LoadError} */
  place?(config: Config): BackendPlace;
}

/** An entry in use. Release it once, when the backend is closed. */
export interface BackendLease {
  readonly entry: BackendEntry;
  release(): void;
}

/** What stands beside an implementation when it is registered. */
export interface RegisterOptions {
  /** Semantic version; `0.0.0` by default. */
  readonly version?: string;
  /** URL schemes that it answers to; none by default. */
  readonly schemes?: readonly string[];
  /** Features and limits; `DEFAULT_CAPABILITIES` by default. */
  readonly capabilities?: BackendCapabilities;
}

interface Snapshot {
  readonly version: number;
  readonly entries: ReadonlyMap<string, BackendEntry>;
  /** What `entries` tell of themselves, sorted by type. */
  readonly infos: readonly BackendInfo[];
  readonly refused: ReadonlyMap<string, BackendInfo>;
}

const TYPE = /^[a-z][a-z0-9_-]{0,62}$/;

/** The registry of backends. */
export class Registry {
  #snapshot: Snapshot = { version: 0, entries: new Map(), infos: [], refused: new Map() };
  #discovered: readonly BackendInfo[] | undefined;
  readonly #leases = new Map<BackendEntry, number>();
  /** Entries that were set aside, by their types. */
  readonly #aside = new Map<string, BackendEntry>();
  readonly #listeners = new Set<RegistryListener>();

  /**
   * Registers a class under a type.
   *
   * @throws {LoadError} `backend_invalid` if a required member is missing or the schema is none;
   * `backend_exists` if the type or one of its schemes is taken
   */
  registerBackend(
    type: string,
    implementation: new () => DatabaseBackend,
    configSchema: ConfigSchema,
    options: RegisterOptions = {},
  ): BackendInfo {
    const Implementation = checkImplementation(type, implementation);
    const schema = checkConfigSchema(type, configSchema);
    const capabilities = checkCapabilities(type, options.capabilities ?? DEFAULT_CAPABILITIES);
    return this.register({
      info: Object.freeze({
        type,
        version: options.version ?? "0.0.0",
        status: "available",
        schemes: options.schemes ?? [],
        capabilities,
        configSchema: schema,
      }),
      schema: compileConfigSchema(schema),
      create: () => new Implementation(),
    });
  }

  /** Registers an entry. @throws {LoadError} `backend_exists`, `backend_invalid` */
  register(entry: BackendEntry, kind: "registered" | "released" = "registered"): BackendInfo {
    return this.#put(entry, kind);
  }

  /**
   * Puts an entry in the place of another, which drains: that of the same type by default. Another type
   * may take its place; there is no moment at which neither is there, or both.
   *
   * @throws {LoadError} `backend_unknown` where it is not there, `backend_exists` on a taken type or
   * scheme; nothing has changed then
   */
  replace(entry: BackendEntry, old: BackendEntry = this.#entry(entry.info.type)): BackendInfo {
    if (this.#entry(old.info.type) !== old) {
      throw new LoadError(`Backend was replaced meanwhile: ${old.info.type}`, {
        code: "backend_unknown",
        blame: "config",
      });
    }
    return this.#put(entry, "replaced", old);
  }

  /** Takes a type out. Backends made of it work on. @throws {LoadError} `backend_unknown` */
  deregisterBackend(type: string): void {
    const { info } = this.#entry(type);
    const entries = new Map(this.#snapshot.entries);
    entries.delete(type);
    const infos = this.#snapshot.infos.filter((other) => other !== info);
    this.#swap({ entries, infos }, { kind: "deregistered", backend: info });
  }

  /** Lists a plugin that was not let in, under its file, with the reason. */
  refuse(file: string, info: BackendInfo): void {
    const refused = new Map(this.#snapshot.refused).set(file, info);
    this.#swap({ refused }, { kind: "refused", backend: info });
  }

  /**
   * Takes all that another registry has in the place of what is here, at once. What is in both stays as it
   * is; what goes drains. Returns what has changed, of which the listeners have heard: what goes first.
   */
  adopt(other: Registry): readonly Omit<RegistryEvent, "snapshot">[] {
    const before = this.#snapshot;
    const { entries, infos, refused } = other.#snapshot;
    const gone = [...before.entries.values()].filter(({ info }) => !entries.has(info.type));
    const events: Omit<RegistryEvent, "snapshot">[] = [
      ...gone.map(({ info }) => ({ kind: "deregistered" as const, backend: info })),
      ...[...entries.values()].flatMap(({ info }) => {
        const old = before.entries.get(info.type)?.info;
        if (old === info) return [];
        return [
          old
            ? { kind: "replaced" as const, backend: info, before: old }
            : { kind: "registered" as const, backend: info },
        ];
      }),
      ...[...refused.values()].flatMap((info) => {
        if (isTold(before.refused, info)) return [];
        const kind = info.status === "quarantined" ? "quarantined" as const : "refused" as const;
        return [{ kind, backend: info }];
      }),
    ];
    this.#aside.clear();
    for (const [type, entry] of other.#aside) this.#aside.set(type, entry);
    this.#swap({ entries: new Map(entries), infos, refused: new Map(refused) }, ...events);
    return events;
  }

  /** Forgets that a file was refused or quarantined: it is there no more, or as it should be. */
  forget(file: string): void {
    const refused = this.#refusedWithout(file);
    if (refused.size < this.#snapshot.refused.size) this.#swap({ refused });
  }

  /**
   * Takes a backend out that must not be used any more, and lists it with the reason. Backends made of
   * it work on as far as they can. Nothing happens where the type is no longer the one that was meant.
   */
  setAside(entry: BackendEntry, reason: string): void {
    const { type } = entry.info;
    if (this.#snapshot.entries.get(type) !== entry) return;
    const entries = new Map(this.#snapshot.entries);
    entries.delete(type);
    const infos = this.#snapshot.infos.filter((other) => other !== entry.info);
    const backend: BackendInfo = Object.freeze({ ...entry.info, status: "quarantined", reason });
    const refused = new Map(this.#snapshot.refused).set(type, backend);
    this.#aside.set(type, entry);
    this.#swap({ entries, infos, refused }, { kind: "quarantined", backend });
  }

  /** Puts a backend back that was set aside. @throws {LoadError} `backend_unknown`, `backend_exists` */
  release(type: string): BackendEntry {
    const entry = this.#aside.get(type);
    if (!entry) {
      throw new LoadError(`No plugin ${type} is quarantined`, {
        code: "backend_unknown",
        blame: "config",
      });
    }
    this.register(entry, "released");
    return entry;
  }

  /** Every backend: available, draining, refused or quarantined, in this order, each sorted by type. */
  discoverAvailableBackends(): readonly BackendInfo[] {
    if (this.#discovered) return this.#discovered;
    const byType = (a: BackendInfo, b: BackendInfo) =>
      a.type < b.type ? -1 : a.type > b.type ? 1 : 0;
    const draining = [...this.#leases.keys()]
      .filter((e) => this.#snapshot.entries.get(e.info.type) !== e)
      .map((e): BackendInfo => ({ ...e.info, status: "draining" })).sort(byType);
    const refused = [...this.#snapshot.refused.values()].sort(byType);
    this.#discovered = Object.freeze([...this.#snapshot.infos, ...draining, ...refused]);
    return this.#discovered;
  }

  /** Takes an entry for use. @throws {LoadError} `backend_unknown`, listing what is there */
  lease(type: string): BackendLease {
    const entry = this.#entry(type);
    this.#leases.set(entry, (this.#leases.get(entry) ?? 0) + 1);
    let held = true;
    return {
      entry,
      release: () => {
        if (!held) return;
        held = false;
        const left = this.#leases.get(entry)! - 1;
        if (left > 0) this.#leases.set(entry, left);
        else {
          this.#leases.delete(entry);
          if (this.#snapshot.entries.get(type) !== entry) this.#discovered = undefined;
        }
      },
    };
  }

  /** The type that answers to a URL scheme, if one does. */
  typeOfScheme(scheme: string): string | undefined {
    for (const { info } of this.#snapshot.entries.values()) {
      if (info.schemes.includes(scheme)) return info.type;
    }
    return undefined;
  }

  /** Types that can be created, sorted. */
  types(): readonly string[] {
    return [...this.#snapshot.entries.keys()].sort();
  }

  /** Entries that can be created. */
  entries(): readonly BackendEntry[] {
    return [...this.#snapshot.entries.values()];
  }

  /** Calls the listener on every change from now on. Returns what ends that. */
  subscribe(listener: RegistryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #entry(type: string): BackendEntry {
    const entry = this.#snapshot.entries.get(type);
    if (entry) return entry;
    const refused = [...this.#snapshot.refused.values()].find((info) => info.type === type);
    throw new LoadError(
      refused
        ? `Backend is ${refused.status}: ${type}: ${refused.reason}`
        : `Unknown backend: ${type}, available are: ${this.types().join(", ") || "none"}`,
      { code: "backend_unknown", blame: "config" },
    );
  }

  #put(
    entry: BackendEntry,
    kind: "registered" | "released" | "replaced",
    old?: BackendEntry,
  ): BackendInfo {
    const { info } = entry;
    const there = this.#snapshot.entries.get(info.type);
    if (there && there !== old) throw exists(info.type);
    if (!TYPE.test(info.type)) {
      throw new LoadError(
        `Backend type is not valid: ${JSON.stringify(info.type)}, expected ${TYPE}`,
        {
          code: "backend_invalid",
          blame: "config",
        },
      );
    }
    for (const scheme of info.schemes) {
      const holder = this.typeOfScheme(scheme);
      if (holder !== undefined && holder !== info.type && holder !== old?.info.type) {
        throw new LoadError(`URL scheme is taken: ${scheme}, backend ${holder} answers to it`, {
          code: "backend_exists",
          blame: "config",
        });
      }
    }
    const entries = new Map(this.#snapshot.entries);
    if (old) entries.delete(old.info.type);
    entries.set(info.type, entry);
    const infos = placed(this.#snapshot.infos.filter((other) => other !== old?.info), info);
    const refused = this.#refusedWithout(info.plugin?.file);
    // What was quarantined under this type is replaced.
    if (this.#aside.delete(info.type)) refused.delete(info.type);
    const before = old && { before: old.info };
    this.#swap({ entries, infos, refused }, { kind, backend: info, ...before });
    return info;
  }

  /** What is refused or quarantined, but for a file that is neither any more. */
  #refusedWithout(file: string | undefined): Map<string, BackendInfo> {
    const refused = new Map(this.#snapshot.refused);
    for (const [key, { plugin }] of this.#snapshot.refused) {
      if (file === undefined || plugin?.file !== file) continue;
      refused.delete(key);
      this.#aside.delete(key);
    }
    return refused;
  }

  #swap(change: Partial<Snapshot>, ...events: readonly Omit<RegistryEvent, "snapshot">[]): void {
    const version = this.#snapshot.version + 1;
    this.#snapshot = { ...this.#snapshot, ...change, version };
    this.#discovered = undefined;
    for (const event of events) {
      for (const listener of this.#listeners) {
        try {
          listener({ ...event, snapshot: version });
        } catch {
          // The change stands; a listener cannot undo it.
        }
      }
    }
  }
}

/** Whether a file is refused already, for the same reason. */
function isTold(refused: ReadonlyMap<string, BackendInfo>, info: BackendInfo): boolean {
  return [...refused.values()].some(({ status, reason, plugin }) =>
    status === info.status && reason === info.reason && plugin?.file === info.plugin?.file
  );
}

/** The list with the backend in its place, or in the place of the one of its type. */
function placed(infos: readonly BackendInfo[], info: BackendInfo): readonly BackendInfo[] {
  let at = 0;
  for (let end = infos.length; at < end;) {
    const middle = (at + end) >> 1;
    if (infos[middle]!.type < info.type) at = middle + 1;
    else end = middle;
  }
  return infos.toSpliced(at, infos[at]?.type === info.type ? 1 : 0, info);
}

function exists(type: string): LoadError {
  return new LoadError(`Backend type is registered already: ${type}`, {
    code: "backend_exists",
    blame: "config",
  });
}
