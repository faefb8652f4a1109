/**
 * A folder of plugins that is looked at while loads run: files that are added, replaced or removed are
 * taken as they stand, each whole or not at all.
 *
 * Invariants
 * - A file is taken once it stands still, or is the one that the lock knows: what is still being written
 *   is looked at again.
 * - A file that takes another's place has planned first what the other has planned; where it cannot, or
 *   is refused for any reason, the other stays, and discovery lists the file beside it with the reason.
 * - What is in use keeps the entry that it was made of, until it lets go of it.
 * - A file that did not change goes out of use where its terms did: the lock knows it no more, or grants
 *   it less than it needs.
 * - Names belong to the file that has them: another one that claims them is refused, and not recorded.
 * - A folder or a lock that cannot be read changes nothing.
 * - What this program places itself is placed between two looks, and looked at before anybody is told.
 */
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import type { BackendEntry, Registry } from "../../../src/registry/registry.ts";
import { ChangeWatch } from "../../platform/change_watch.ts";
import { sha256 } from "../../platform/sha256.ts";
import { refusedInfo } from "../refused_info.ts";
import type { Plugin } from "../sandbox/plugin.ts";
import type { PluginFolder } from "../store/admission.ts";
import { LOCK_FILE } from "../store/plugin_lock.ts";
import { pathOf, pluginNames } from "../store/store.ts";
import type { PluginChange } from "./plugin_change.ts";
import { type PlannedBefore, type Rehearsal, rehearse } from "./rehearsal.ts";
import { type SeenFile, stampOf, writtenAt } from "./seen_file.ts";
import { type Turn, Turns } from "./turns.ts";
import type {
  PlacedPlugin,
  PlacePluginOptions,
  RemovedPlugin,
  WatchedPlugins,
} from "./watched_plugins.ts";

/** How a folder is watched. */
export interface LiveFolderOptions {
  /** Hears of every change, after it was made. What it throws is swallowed. */
  readonly onChange?: (change: PluginChange) => void;
  /**
   * How long a file that cannot be taken, or that is gone, has to stay so before it is told, in
   * milliseconds; 500 by default.
   */
  readonly settleMs?: number;
  /** Between looks where the system tells of no change, in milliseconds; 2 s by default. */
  readonly pollMs?: number;
}

/** What it works on. */
export interface LiveFolderContext extends PlannedBefore {
  /** The folder's path. */
  readonly path: string;
  readonly folder: PluginFolder;
  readonly registry: Registry;
  readonly entryOf: (plugin: Plugin) => Promise<BackendEntry>;
}

/** What a look has found. */
interface Look {
  /** When it began, by `performance.now()`. */
  readonly started: number;
  /** Names of files that are there no more. */
  readonly gone: readonly string[];
}

const NOTHING: Rehearsal = { asked: 0, changes: [] };
/** A file that was written so shortly ago may be written again without a trace in its times. */
const RACY_MS = 50;
/** When a file is looked at again that did not stand still. */
const AGAIN_MS = 40;
/** What a program does to a file in one go is one change: writing a plugin takes less than a millisecond. */
const QUIET_MS = 5;
/** How long a file has to stand still of which nobody knows when it is whole. */
const STILL_MS = 30;

/** A folder of plugins that is looked at while loads run. */
export class LiveFolder implements WatchedPlugins {
  readonly #context: LiveFolderContext;
  readonly #options: LiveFolderOptions;
  readonly #seen = new Map<string, SeenFile>();
  readonly #watch: ChangeWatch;
  readonly #first = Promise.withResolvers<void>();
  readonly #turns = new Turns();
  #unreadable: string | undefined;

  /** Begins to watch. */
  constructor(context: LiveFolderContext, options: LiveFolderOptions) {
    this.#context = context;
    this.#options = options;
    const { pollMs } = options;
    this.#watch = new ChangeWatch({
      folders: () => [context.path],
      concerns: (path) => /\.wasm(\.sig)?$/.test(path) || path.endsWith(LOCK_FILE),
      look: () => this.#lookInTurn().finally(() => this.#first.resolve()),
      onFailure: (error) => this.#tellUnreadable(messageOf(error)),
      quietMs: QUIET_MS,
      ...(pollMs === undefined ? {} : { pollMs, blindMs: Math.min(pollMs, 500) }),
    });
  }

  /** Resolves after the first look. */
  ready(): Promise<void> {
    return this.#first.promise;
  }

  /** See {@linkcode WatchedPlugins.place}. */
  async place(
    name: string,
    bytes: Uint8Array,
    options: PlacePluginOptions = {},
  ): Promise<PlacedPlugin> {
    const { placePlugin } = await import("./place_plugin.ts");
    return await placePlugin({ ...options, name, bytes }, this.#context, (turn) => this.#do(turn));
  }

  /** See {@linkcode WatchedPlugins.remove}. */
  async remove(name: string): Promise<RemovedPlugin> {
    const { removePlugin } = await import("./place_plugin.ts");
    return await removePlugin(name, this.#context, (turn) =>
      this.#do({
        ...turn,
        act: async () => {
          await turn.act();
          // It is not about to come back under another name.
          const seen = this.#seen.get(name);
          if (seen) seen.goneSince = -Infinity;
        },
      }));
  }

  /** Ends the watch, once what is being taken is taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
    this.#turns.close();
  }

  /** Changes a file while nothing is looked at; resolves with what the look has found that follows. */
  #do(turn: Turn): Promise<PluginChange | undefined> {
    const answer = this.#turns.wait(turn);
    this.#watch.nudge();
    return answer;
  }

  async #lookInTurn(): Promise<void> {
    await this.#turns.make();
    try {
      await this.#look();
    } catch (error) {
      this.#turns.fail(error);
      if (!(error instanceof LoadError)) throw error;
      return this.#tellUnreadable(error.message);
    }
    const isSettled = (name: string) => this.#seen.get(name)?.state !== "unsettled";
    if (this.#turns.answer(isSettled)) this.#watch.nudge();
  }

  /** @throws {LoadError} where the folder or its lock cannot be read */
  async #look(): Promise<void> {
    const started = performance.now();
    const { folder, path } = this.#context;
    const names = await pluginNames(path);
    const changedTerms = await folder.refresh();
    this.#unreadable = undefined;
    const there = new Set(names);
    const gone = [...this.#seen.keys()].filter((name) => !there.has(name));
    const stamps = new Map(
      await Promise.all(
        names.map(async (name) => [name, await stampOf(this.#pathOf(name))] as const),
      ),
    );
    const isNew = (name: string) => this.#seen.get(name)?.stamp !== stamps.get(name);
    const anyChange = gone.length > 0 || changedTerms.size > 0 || names.some(isNew);
    const due = names.filter((name) => {
      const state = this.#seen.get(name)?.state;
      return isNew(name) || changedTerms.has(name) || state === "unsettled" ||
        (state === "refused" && anyChange);
    });
    const isKnown = (name: string) => folder.knownHash(name) !== undefined;
    for (const name of [...due.filter(isKnown), ...due.filter((name) => !isKnown(name))]) {
      await this.#take(name, {
        ...{ stamp: stamps.get(name)!, started, gone },
        hasNewTerms: changedTerms.has(name),
      });
    }
    for (const name of gone) this.#remove(name);
  }

  async #take(
    name: string,
    { stamp, hasNewTerms, ...look }: Look & {
      readonly stamp: string;
      readonly hasNewTerms: boolean;
    },
  ): Promise<void> {
    const { folder, registry, entryOf, kept } = this.#context;
    const seen = this.#noted(name, stamp);
    const file = this.#pathOf(name);
    const stored = await folder.read(name);
    // Its folder may be gone, which changes nothing.
    if ("error" in stored) await pluginNames(this.#context.path);
    const hash = "bytes" in stored ? await sha256(stored.bytes.slice()) : "";
    const current = holderOf(file, this.#context);
    const isSame = current !== undefined && current.info.plugin?.sha256 === hash;
    const isQuarantined = !current && this.#quarantined(file)?.plugin?.sha256 === hash;
    if (!hasNewTerms && (isQuarantined || (isSame && seen.terms === folder.termsOf(name)))) {
      if (isSame) registry.forget(file);
      return this.#settle(seen, name, "taken");
    }
    const wasKnown = folder.knownHash(name) !== undefined;
    // Of what the lock does not know, the first part could be taken for all of it.
    const stillMs = Math.max(performance.now() - seen.since, Date.now() - writtenAt(stamp));
    if (!wasKnown && stillMs < STILL_MS) return this.#again(seen, STILL_MS - stillMs);
    // What fails before the file was read as a plugin may be half of one.
    let isWhole = false;
    try {
      const plugin = await folder.admit(stored, kept);
      isWhole = true;
      const entry = await entryOf(plugin);
      const rehearsal = current && !isSame ? await this.#rehearse(plugin, current, seen) : NOTHING;
      if (await stampOf(file) !== stamp) {
        if (!wasKnown) folder.forget(file);
        return this.#again(seen);
      }
      this.#put(entry, { file, ...rehearsal, ...look });
      if (plugin.faults.verdict !== undefined) registry.setAside(entry, plugin.faults.verdict);
      this.#settle(seen, name, "taken");
      await this.#save();
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      if (isWhole && !wasKnown) folder.forget(file);
      const mayBeHalf = !isWhole && !isSame && !hasNewTerms;
      if (mayBeHalf && performance.now() - seen.since < this.#settleMs) return this.#again(seen);
      this.#refuse(name, error, { current, isSame });
      this.#settle(seen, name, "refused");
    }
  }

  /** What cannot be recorded now, as on a full disk, is recorded with what comes next. */
  async #save(): Promise<void> {
    try {
      await this.#context.folder.save();
    } catch (error) {
      this.#tellUnreadable(`${LOCK_FILE} cannot be written: ${messageOf(error)}`);
    }
  }

  /** Asks for the plans in use, once for the same bytes: what was refused counts as a fault. */
  async #rehearse(plugin: Plugin, current: BackendEntry, seen: SeenFile): Promise<Rehearsal> {
    const predecessor = current.info.plugin!.sha256;
    const question = `${plugin.sha256} ${predecessor}`;
    if (seen.failed === question && seen.told !== undefined) {
      throw new LoadError(seen.told, { code: "plugin_refused", blame: "plugin" });
    }
    delete seen.failed;
    try {
      return await rehearse(plugin, predecessor, this.#context);
    } catch (error) {
      seen.failed = question;
      throw error;
    }
  }

  /** Puts an entry in the place of the one that its file has, or that a file had which is gone. */
  #put(
    entry: BackendEntry,
    { file, gone, started, asked, changes }: Look & Rehearsal & { readonly file: string },
  ): void {
    const { registry } = this.#context;
    const leftBehind = gone.map((name) => this.#pathOf(name));
    const old = holderOf(file, this.#context) ??
      registry.entries().find(({ info: { type, schemes, plugin } }) =>
        plugin !== undefined && leftBehind.includes(plugin.file) &&
        (type === entry.info.type ||
          schemes.some((scheme) => entry.info.schemes.includes(scheme)))
      );
    const backend = old ? registry.replace(entry, old) : registry.register(entry);
    const taken = { file, backend, milliseconds: performance.now() - started };
    this.#tell(
      old
        ? { kind: "replaced", ...taken, before: old.info, asked, plans: changes }
        : { kind: "added", ...taken },
    );
  }

  #refuse(
    name: string,
    { message }: LoadError,
    { current, isSame }: { readonly current: BackendEntry | undefined; readonly isSame: boolean },
  ): void {
    const { folder, registry } = this.#context;
    const file = this.#pathOf(name);
    const seen = this.#seen.get(name)!;
    const known = folder.knownHash(name);
    // The lock may be there before the file that it knows: until then the old one stays.
    const isTakenBack = isSame && (known === undefined || known === current?.info.plugin?.sha256);
    if (current && isTakenBack) registry.deregisterBackend(current.info.type);
    if (seen.told === message && !isTakenBack) return;
    seen.told = message;
    registry.refuse(file, refusedInfo(file, message, undefined));
    const kept = isTakenBack ? undefined : current?.info;
    this.#tell({ kind: "refused", file, reason: message, ...(kept ? { kept } : {}) });
  }

  /** Takes out what a file was that is gone, once it is sure to be gone for good. */
  #remove(name: string): void {
    const { registry } = this.#context;
    const seen = this.#seen.get(name)!;
    const goneMs = performance.now() - (seen.goneSince ??= performance.now());
    if (goneMs < this.#settleMs) return this.#watch.nudge(this.#settleMs - goneMs);
    this.#seen.delete(name);
    const file = this.#pathOf(name);
    registry.forget(file);
    const entry = holderOf(file, this.#context);
    if (!entry) return;
    registry.deregisterBackend(entry.info.type);
    this.#tell({ kind: "removed", file, backend: entry.info });
  }

  #noted(name: string, stamp: string): SeenFile {
    const known = this.#seen.get(name);
    if (!known) {
      const terms = this.#context.folder.termsOf(name);
      const seen: SeenFile = { stamp, since: performance.now(), state: "unsettled", terms };
      this.#seen.set(name, seen);
      return seen;
    }
    delete known.goneSince;
    // What has to be read again, though nothing may have changed, is as old as it was.
    if (known.stamp !== stamp && known.stamp !== "") known.since = performance.now();
    known.stamp = stamp;
    return known;
  }

  #settle(seen: SeenFile, name: string, state: "taken" | "refused"): void {
    seen.state = state;
    if (state === "taken") {
      seen.terms = this.#context.folder.termsOf(name);
      delete seen.told;
    }
    if (Math.abs(Date.now() - writtenAt(seen.stamp)) > RACY_MS) return;
    seen.stamp = "";
    this.#watch.nudge(2 * RACY_MS);
  }

  #again(seen: SeenFile, ms = AGAIN_MS): void {
    seen.state = "unsettled";
    this.#watch.nudge(ms);
  }

  get #settleMs(): number {
    return this.#options.settleMs ?? 500;
  }

  #quarantined(file: string): BackendInfo | undefined {
    return this.#context.registry.discoverAvailableBackends()
      .find(({ status, plugin }) => status === "quarantined" && plugin?.file === file);
  }

  #pathOf(name: string): string {
    return pathOf(this.#context.path, name);
  }

  #tellUnreadable(reason: string): void {
    if (this.#unreadable === reason) return;
    this.#unreadable = reason;
    this.#tell({ kind: "unreadable", reason });
  }

  #tell(change: PluginChange): void {
    this.#turns.hear(change);
    try {
      this.#options.onChange?.(change);
    } catch {
      // The change stands; a listener cannot undo it.
    }
  }
}

/** What is registered of a file. */
export function holderOf(
  file: string,
  { registry }: Pick<LiveFolderContext, "registry">,
): BackendEntry | undefined {
  return registry.entries().find(({ info }) => info.plugin?.file === file);
}
