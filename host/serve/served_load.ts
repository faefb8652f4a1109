/**
 * One load of the configuration, for as long as the configuration has it.
 *
 * Invariants
 * - It runs once at a time. What asks for it while it runs, makes it run once more afterwards: what it has
 *   loaded is skipped then.
 * - What may pass by itself is tried again until it passes: a database that is down, a disk that is full.
 *   What will not pass waits for what could change it: its source, its settings, its plugin, somebody.
 * - A run that is under way ends as it began, whatever the configuration says meanwhile.
 * - It is written down as unfinished before it begins, and until it has ended.
 * - While it is paused, nothing begins it. What asks for it meanwhile, and what was not at its end, makes it
 *   run once it is resumed.
 */
import type { NamedLoad } from "../../src/config/load_settings.ts";
import { defined } from "../../src/model/defined.ts";
import { LoadError, loadErrorOf } from "../../src/model/errors.ts";
import { aborted } from "../../src/model/timer.ts";
import type { World } from "../../src/model/world.ts";
import { type LoadReport, LoadStoppedError } from "../../src/load/report.ts";
import type { WriteGate } from "../../src/load/write_gate.ts";
import { lanesByDefault } from "../lane/lanes.ts";
import type { LoadOptions } from "../load/load.ts";
import type { Source } from "../sources/source.ts";
import { Backoff, isTransient } from "./backoff.ts";
import type { LoadDetails, LoadState, LoadStatus, LoadTrigger } from "../api/load_schema.ts";
import { LoadMonitor } from "../api/load_monitor.ts";
import { pausedDetail } from "../api/paused_detail.ts";
import { RunHistory } from "./run_history.ts";
import type { ReadLoad } from "./serve_context.ts";
import { completeText, outcomeOf, seconds } from "./run_outcome.ts";
import type { BackendUse, ServedBackend } from "./served_backend.ts";

/** A load that can begin. */
export interface PreparedLoad extends Omit<ReadLoad, "target"> {
  readonly backend: ServedBackend;
  /** The command that loads what it leaves out, once that is corrected; absent where there is none. */
  readonly replay: string | undefined;
}

/** What it is made of. */
export interface ServedLoadOptions {
  readonly name: string;
  readonly load: NamedLoad;
  readonly world: World;
  /** Aborted, with a `cancelled` error, where no load is to go on. */
  readonly signal: AbortSignal;
  /** The load that had its place, which may still run. */
  readonly predecessor?: ServedLoad | undefined;
  /** Resolves once none runs that had its place, or one's with the other rows; undefined where none does. */
  vacated(): Promise<unknown> | undefined;
  /** What it shares with loads that have the other rows of its source. */
  readonly gate?: WriteGate | undefined;
  /** Since when it is paused, in ISO 8601, where it is. */
  readonly pausedSince?: string | undefined;
  /** Finds its source and its backend as they are now. @throws {LoadError} */
  prepare(): Promise<PreparedLoad>;
  /** Loads it. @throws {LoadStoppedError} */
  run(prepared: PreparedLoad, use: BackendUse, options: LoadOptions): Promise<LoadReport>;
  /** A load that it comes after, by its name. */
  other(name: string): ServedLoad | undefined;
  /** Is told that a run begins, and that it has ended for good. Never rejects. */
  begun(): Promise<void>;
  ended(): Promise<void>;
  /** Hears that a run is complete. */
  onComplete(): void;
  tell(text: string): void;
  redact(text: string): string;
}

/** One load of the configuration, for as long as the configuration has it. */
export class ServedLoad {
  readonly #options: Omit<ServedLoadOptions, "predecessor" | "pausedSince">;
  readonly #backoff: Backoff;
  #predecessor: ServedLoad | undefined;
  /** Aborted where another one takes its place: what waits ends, what runs does not. */
  readonly #retired = new AbortController();
  #pausedSince: string | undefined;
  /** Aborted where it is paused. */
  #pause = new AbortController();
  #wanted: LoadTrigger | undefined;
  #working: Promise<void> | undefined;
  #wake = new AbortController();
  #state: LoadState = "idle";
  #detail: string | undefined;
  #target: { readonly backend: ServedBackend; readonly table: string | undefined } | undefined;
  readonly #monitor: LoadMonitor;
  readonly #history = new RunHistory();
  #lastError: LoadError | undefined;
  #told: string | undefined;
  #isUnfinished = false;
  #blockedBy: string | undefined;

  /** Makes one that nothing has asked for. */
  constructor({ predecessor, pausedSince, ...options }: ServedLoadOptions) {
    this.#options = options;
    if (pausedSince !== undefined) this.pause(pausedSince);
    this.#backoff = new Backoff(options.world);
    this.#monitor = new LoadMonitor(options.world);
    this.#predecessor = predecessor;
    void predecessor?.settled().then(() => {
      this.#history.putBefore(predecessor.#history);
      this.#predecessor = undefined;
    });
  }

  /** Its settings. */
  get load(): NamedLoad {
    return this.#options.load;
  }

  /** Whether it runs, or is about to. */
  get isActive(): boolean {
    return this.#working !== undefined;
  }

  /** Why its last run failed, where it did. */
  get failure(): LoadError | undefined {
    return this.#lastError;
  }

  /** Whether it is paused, and is to run once it is resumed. */
  get isHeld(): boolean {
    return this.#pausedSince !== undefined && (this.#wanted !== undefined || this.#isUnfinished);
  }

  /** The load that it comes after, and could not run because of. */
  get blockedBy(): string | undefined {
    return this.#blockedBy;
  }

  /** Where its rows go, once that is known. */
  get backend(): ServedBackend | undefined {
    return this.#target?.backend;
  }

  /** What is known of it; when it is due, its schedule knows. */
  get status(): Omit<LoadStatus, "next"> {
    const { name, load: { source, watch = false, schedule } } = this.#options;
    const predecessor = this.#predecessor;
    // What is under way is what people want to know of.
    if (predecessor?.isActive) {
      return { ...predecessor.status, source, watch, ...defined({ schedule }) };
    }
    const isPaused = this.#pausedSince !== undefined && !this.isActive;
    const { progress, rate, rejects } = this.#monitor;
    return {
      ...{ name, source, state: isPaused ? "paused" : this.#state, watch },
      runs: this.#history.count,
      ...defined({
        ...{ schedule, backend: this.#target?.backend.name, table: this.#target?.table },
        ...{ detail: this.#detailNow(isPaused), progress, rate, rejects },
        last: this.#history.outcomes[0],
      }),
    };
  }

  /** What is known of it in every detail; when it is due, its schedule knows. */
  get details(): Omit<LoadDetails, "next"> {
    const shown = this.#predecessor?.isActive ? this.#predecessor : this;
    const [samples, history] = [shown.#monitor.samples, shown.#history.outcomes];
    return { ...this.status, samples, history };
  }

  /** Asks for a run; while one is under way, for one more. */
  request(trigger: LoadTrigger): void {
    if (this.#retired.signal.aborted || this.#options.signal.aborted) return;
    this.#wanted = trigger;
    if (this.#pausedSince !== undefined) return;
    const { gate, name } = this.#options;
    if (!this.#working) gate?.begin(name);
    // A pause before a further attempt is not waited for by who asks now.
    this.#wake.abort();
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      gate?.end(name);
      // It was asked for in the last moment.
      if (this.#wanted) this.request(this.#wanted);
    });
  }

  /** Ends what waits; what runs commits what it has in hand, and stops. False where it is paused already. */
  pause(since: string): boolean {
    if (this.#pausedSince !== undefined) return false;
    this.#pausedSince = since;
    this.#pause.abort(cancelled("The load is paused"));
    this.#wake.abort();
    this.#predecessor?.pause(since);
    return true;
  }

  /** Lets it begin again: why it is to run now, where it is. */
  resume(): LoadTrigger | undefined {
    if (this.#pausedSince === undefined) return undefined;
    this.#pausedSince = undefined;
    this.#pause = new AbortController();
    return this.#wanted ?? (this.#isUnfinished ? "resumed" : undefined);
  }

  /** Resolves once it is neither running nor about to. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Ends what waits; resolves once nothing runs: whether it is to be run by whoever takes its place. */
  async retire(): Promise<boolean> {
    const isWanted = this.#wanted !== undefined;
    this.#wanted = undefined;
    this.#retired.abort(cancelled("The configuration has changed"));
    this.#wake.abort();
    await this.#working;
    return isWanted || this.#isUnfinished;
  }

  async #work(): Promise<void> {
    const before = this.#options.vacated();
    if (before) this.#set("queued", "what began with other settings ends first");
    await before;
    while (this.#wanted && !this.#isStopped) {
      const trigger = this.#wanted;
      this.#wanted = undefined;
      this.#isUnfinished = true;
      this.#set("queued");
      await this.#options.begun();
      if (await this.#attempts(trigger)) {
        this.#isUnfinished = false;
        // What was asked for meanwhile is unfinished as well.
        if (!this.#wanted) await this.#options.ended();
      }
    }
  }

  get #isStopped(): boolean {
    return this.#options.signal.aborted || this.#retired.signal.aborted ||
      this.#pausedSince !== undefined;
  }

  /** Runs it until it has ended for good; false where it was stopped before. */
  async #attempts(trigger: LoadTrigger): Promise<boolean> {
    const { world, name } = this.#options;
    while (!this.#isStopped) {
      const error = await this.#once(trigger);
      this.#lastError = error;
      if (!error) return true;
      if (error.code === "cancelled") return false;
      const isWaiting = error.code === "source_missing" && this.#options.load.watch === true;
      if (!isTransient(error)) {
        this.#set(isWaiting ? "waiting" : "failed", this.#options.redact(error.message));
        this.#tellOnce(`Load ${name} ${isWaiting ? "waits" : "failed"}: ${this.#detail}`);
        return true;
      }
      // What got on is not slowed down by what was before.
      if (error instanceof LoadStoppedError && error.report.batches > 0) this.#backoff.reset();
      const waitMs = this.#backoff.next();
      this.#set("retrying", this.#options.redact(error.message));
      this.#tellOnce(`Load ${name} is tried again, first in ${seconds(waitMs)}: ${this.#detail}`);
      this.#wake = new AbortController();
      await world.sleep(waitMs, AbortSignal.any([this.#wake.signal, this.#options.signal]))
        .catch(() => {});
    }
    return false;
  }

  /** One attempt; the error that it ended with. */
  async #once(trigger: LoadTrigger): Promise<LoadError | undefined> {
    const { world, gate, name } = this.#options;
    const signal = AbortSignal.any([this.#options.signal, this.#pause.signal]);
    const waiting = AbortSignal.any([signal, this.#retired.signal]);
    let error: LoadError | undefined;
    try {
      this.#set("queued");
      gate?.begin(name);
      await this.#afterOthers(waiting);
      let prepared = await this.#options.prepare();
      this.#target = { backend: prepared.backend, table: prepared.options.table };
      const since = world.monotonic();
      using use = await prepared.backend.acquire(
        this.#lanesWanted(prepared.source),
        waiting,
        () => gate?.release(name),
      );
      gate?.begin(name);
      // Much may have come meanwhile.
      if (world.monotonic() - since > STALE_MS) prepared = await this.#options.prepare();
      this.#set("running");
      const kept = defined({ file: prepared.options.rejects, replay: prepared.replay });
      const report = await this.#options.run(prepared, use, {
        ...prepared.options,
        ...{ name, connections: use.connections, signal },
        ...this.#monitor.begin(kept),
        ...gate?.hooksOf(name, signal),
      });
      this.#ended(report, trigger, prepared.notes());
    } catch (thrown) {
      error = loadErrorOf(thrown);
      this.#stopped(error, trigger);
    }
    gate?.end(name, error);
    this.#monitor.end();
    return error;
  }

  #ended(report: LoadReport, trigger: LoadTrigger, notes: readonly string[]): void {
    const { name, tell, onComplete } = this.#options;
    this.#backoff.reset();
    this.#told = undefined;
    this.#history.add(outcomeOf(report, { ...this.#about(trigger), notes }));
    this.#set("complete");
    tell(`Load ${name} is complete: ${completeText(report)}`);
    onComplete();
  }

  #stopped(error: LoadError, trigger: LoadTrigger): void {
    const { code } = error;
    const report = error instanceof LoadStoppedError ? error.report : undefined;
    if (code === "cancelled" && !report) return;
    const message = this.#options.redact(error.message);
    this.#history.add(outcomeOf(report, { ...this.#about(trigger), error: { code, message } }));
    if (code === "cancelled") this.#set("queued", "it was stopped, and goes on at the next start");
  }

  #about(trigger: LoadTrigger) {
    const at = new Date(this.#options.world.now()).toISOString();
    return { trigger, at, ...defined({ backend: this.#target?.backend.name }) };
  }

  /** @throws {LoadError} `usage` where one of them has failed */
  async #afterOthers(signal: AbortSignal): Promise<void> {
    const { load: { after = [] }, other, name } = this.#options;
    this.#blockedBy = undefined;
    for (const before of after) {
      const load = other(before);
      if (!load) continue;
      this.#detail = load.isActive ? `it comes after load ${before}` : undefined;
      await Promise.race([load.settled(), aborted(signal)]);
      signal.throwIfAborted();
      if (load.isHeld || load.failure) {
        this.#blockedBy = before;
        const why = load.isHeld ? "which is paused" : "whose last run is not complete";
        throw new LoadError(`Load ${name} comes after load ${before}, ${why}`, {
          code: "usage",
          blame: "config",
        });
      }
    }
    this.#detail = undefined;
  }

  #lanesWanted({ plainBytes }: Source): number {
    const { mode, connections } = this.#options.load;
    return mode === "upsert" ? 1 : connections ?? lanesByDefault({}, plainBytes);
  }

  #detailNow(isPaused: boolean): string | undefined {
    if (isPaused) return pausedDetail(this.#pausedSince!);
    if (this.#pausedSince !== undefined) return "it is being paused";
    return (this.#state === "queued" ? this.#obstacle() : undefined) ?? this.#detail;
  }

  #obstacle(): string | undefined {
    const backend = this.#target?.backend;
    const why = this.#detail === undefined ? backend?.obstacle : undefined;
    return why === undefined ? undefined : `backend ${backend!.name}: ${why}`;
  }

  #tellOnce(text: string): void {
    // How long it is waited for is not what it is about.
    const about = `${this.#state}: ${this.#detail}`;
    if (this.#told === about) return;
    this.#told = about;
    this.#options.tell(text);
  }

  #set(state: LoadState, detail?: string): void {
    this.#state = state;
    this.#detail = detail;
  }
}

/** What was found out about a source so long ago is found out again. */
const STALE_MS = 1_000;

function cancelled(message: string): LoadError {
  return new LoadError(message, { code: "cancelled", blame: "config" });
}
