/** The loads of a configuration, each with what makes it begin. */
import { unitOf } from "../../src/config/destination.ts";
import { WriteGate } from "../../src/load/write_gate.ts";
import type { ConfigFile } from "../../src/config/config_content.ts";
import type { NamedLoad } from "../../src/config/load_settings.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { RegistryEvent } from "../../src/registry/event.ts";
import type { LoadDetails, LoadStatus, LoadTrigger } from "../api/load_schema.ts";
import { replayCommand } from "./replay_command.ts";
import { Schedule } from "./schedule.ts";
import type { ServeContext } from "./serve_context.ts";
import type { ServedBackends } from "./served_backends.ts";
import { ServedLoad } from "./served_load.ts";
import { SourceWatch } from "./source_watch.ts";
import type { StateFile } from "./state_file.ts";

interface Entry {
  readonly served: ServedLoad;
  /** Its settings in one line. */
  readonly key: string;
  readonly schedule: Schedule | undefined;
  readonly watch: SourceWatch | undefined;
}

/** What it works on. */
export interface ServedLoadsOptions {
  readonly context: ServeContext;
  readonly backends: ServedBackends;
  readonly state: StateFile;
  /** Aborted, with a `cancelled` error, where no load is to go on. */
  readonly signal: AbortSignal;
}

/** The loads of a configuration, each with what makes it begin. */
export class ServedLoads {
  readonly #options: ServedLoadsOptions;
  readonly #entries = new Map<string, Entry>();
  /** Those that have left the configuration, or were changed, and still run. */
  readonly #leaving = new Map<
    string,
    { readonly served: ServedLoad; readonly left: Promise<unknown> }
  >();
  #config: ConfigFile;

  /** Those of a configuration: watched ones begin once their source was looked at. */
  constructor(options: ServedLoadsOptions, config: ConfigFile) {
    this.#options = options;
    this.#config = config;
    this.configure(config);
    for (const name of options.state.leftOver) {
      const entry = this.#entries.get(name);
      if (entry) this.#request(name, "unfinished");
      else void this.#forget(name);
    }
    for (const name of options.state.pausedNames) {
      if (!this.#entries.has(name)) void this.#forget(name);
    }
  }

  /** Takes another configuration: a load that is the same stays, with what it has under way. */
  configure(config: ConfigFile): void {
    this.#config = config;
    for (const name of this.#entries.keys()) {
      if (!config.loads.has(name)) this.#leave(name);
    }
    const gates = new Map<string, WriteGate>();
    const again: string[] = [];
    for (const [name, load] of config.loads) {
      const group = groupOf(load);
      const key = JSON.stringify(
        group === undefined ? load : this.#together(name).map((one) => config.loads.get(one)),
      );
      if (group !== undefined && !gates.has(group)) gates.set(group, new WriteGate());
      const known = this.#entries.get(name);
      if (known?.key === key) {
        // What it failed over may be another route, or another backend, now.
        const { failure, isActive } = known.served;
        if (failure?.blame === "config" && !isActive) again.push(name);
        continue;
      }
      const left = this.#leave(name);
      const entry = this.#begin(name, load, { key, gate: gates.get(group ?? "") });
      this.#entries.set(name, entry);
      void left.then((isUnfinished) => {
        if (isUnfinished && this.get(name) === entry.served) this.#request(name, "configuration");
      });
    }
    for (const name of again) this.#request(name, "configuration");
  }

  /** A load by its name. */
  get(name: string): ServedLoad | undefined {
    return this.#entries.get(name)?.served;
  }

  /** Asks for a run by hand; resolves once that is written down, so that no kill undoes it. */
  async request(names: readonly string[]): Promise<void> {
    const asked = this.#allOf(names);
    for (const name of asked) this.get(name)?.request("request");
    for (const name of asked) await this.#record(() => this.#options.state.begun(name));
  }

  /**
   * Pauses loads, for good: what runs commits what it has in hand. Of a load that has the other rows of
   * its source in other targets, all are paused: a row that has changed its target would else get into
   * both.
   *
   * @throws {LoadError} `resource_exhausted` where that cannot be written down; they are paused all the same
   */
  async pause(names: readonly string[]): Promise<void> {
    const { state, context: { world } } = this.#options;
    const since = new Date(world.now()).toISOString();
    const all = this.#allOf(names);
    const paused = all.filter((name) => this.get(name)?.pause(since));
    for (const name of paused) this.#tell(name, "is paused");
    // Those that were paused already may not have been written down.
    await written("paused", () => state.paused(all, since));
  }

  /** Resumes loads that were paused, and those that these were paused with. @throws as above */
  async resume(names: readonly string[]): Promise<void> {
    const { state } = this.#options;
    const all = this.#allOf(names);
    const resumed = this.paused(all);
    const triggers = resumed.map((name) => [name, this.get(name)?.resume()] as const);
    for (const name of resumed) this.#tell(name, "is resumed");
    // All of them are paused no more by then.
    for (const [name, trigger] of triggers) if (trigger) this.#request(name, trigger);
    await written("resumed", () => state.resumed(all));
  }

  /** Those of the names that are paused. */
  paused(names: readonly string[]): string[] {
    return names.filter((name) => this.#options.state.pausedSince(name) !== undefined);
  }

  /** The names there are. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** What is known of each. */
  status(): LoadStatus[] {
    return [...this.#entries].map(([name, { served }]) => ({
      ...served.status,
      ...this.#next(name),
    }));
  }

  /** One in every detail; undefined where none has that name. */
  details(name: string): LoadDetails | undefined {
    const served = this.get(name);
    return served && { ...served.details, ...this.#next(name) };
  }

  /** A plugin was replaced: what failed over it is tried again. */
  changed({ backend }: RegistryEvent): void {
    for (const [name, { served }] of this.#entries) {
      const isItsFault = served.failure?.blame === "plugin" && !served.isActive;
      if (isItsFault && served.backend?.status.type === backend.type) this.#request(name, "plugin");
    }
  }

  /** Resolves once nothing runs any more; nothing is to begin by then. */
  async settled(): Promise<void> {
    const active = [...this.#entries.values()].map(({ served }) => served.settled());
    await Promise.all([...active, ...[...this.#leaving.values()].map(({ left }) => left)]);
  }

  /** Ends what makes loads begin. */
  async stop(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(ends));
  }

  /**
   * Asks for a run of a load, and of those that have the other rows of its source: each of them waits for
   * the others before it writes.
   */
  #request(name: string, trigger: LoadTrigger): void {
    for (const one of this.#together(name)) this.get(one)?.request(trigger);
  }

  #next(name: string): Pick<LoadStatus, "next"> {
    const next = this.#entries.get(this.#together(name)[0]!)?.schedule?.next;
    return next === undefined ? {} : { next: new Date(next).toISOString() };
  }

  #tell(name: string, what: string): void {
    this.#options.context.tell(`Load ${name} ${what}`, { kind: "load", load: name });
  }

  /** Loads, and those that have the other rows of their sources. */
  #allOf(names: readonly string[]): string[] {
    return [...new Set(names.flatMap((name) => this.#together(name)))];
  }

  /** A load, and those that have the other rows of its source. */
  #together(name: string): string[] {
    const group = groupOf(this.#config.loads.get(name));
    if (group === undefined) return [name];
    return [...this.#config.loads].filter(([, load]) => groupOf(load) === group)
      .map(([name]) => name);
  }

  #begin(
    name: string,
    load: NamedLoad,
    { key, gate }: { readonly key: string; readonly gate: WriteGate | undefined },
  ): Entry {
    const { context, backends, state, signal } = this.#options;
    const { host, world, redact } = context;
    const served = new ServedLoad({
      ...{ name, load, world, signal, gate },
      tell: (text) => context.tell(text, { kind: "load", load: name }),
      predecessor: this.#leaving.get(name)?.served,
      pausedSince: state.pausedSince(name),
      vacated: () => this.#vacated(name, load),
      prepare: async () => {
        const { target, ...read } = await context.readLoad(load, this.#config);
        const backend = backends.of(target, name, load);
        const { endpoint } = backend.status;
        const about = { target, endpoint, options: read.options, configFile: context.configFile };
        // Settings of one load alone may be secret.
        const replay = load.set ? undefined : replayCommand(about);
        return { ...read, backend, replay };
      },
      run: ({ source }, { backend }, options) => host.load(source, backend, options),
      other: (other) => this.get(other),
      begun: () => this.#record(() => state.begun(name)),
      ended: () => this.#record(() => state.ended(name)),
      onComplete: () => this.#completed(name),
      redact: (text) => redact(text, this.#config),
    });
    const request = (trigger: "source" | "schedule") => {
      // Another one may have its place by now.
      if (this.get(name) === served) this.#request(name, trigger);
    };
    // One watch and one clock for all that run together.
    const isFirst = this.#together(name)[0] === name;
    const watch = load.watch && isFirst
      ? new SourceWatch({
        sources: load.source,
        watches: () => [...this.#entries.values()].filter(({ watch }) => watch).length,
        onChange: () => request("source"),
        onFailure: (error) =>
          context.tell(`The source of load ${name} cannot be watched: ${messageOf(error)}`, {
            kind: "load",
            load: name,
          }),
      })
      : undefined;
    // What changes after this look makes it run once more.
    void watch?.ready().then(() => request("source"));
    const schedule = load.schedule === undefined || !isFirst
      ? undefined
      : new Schedule(load.schedule, { world, onDue: () => request("schedule") });
    return { served, key, watch, schedule };
  }

  /** Resolves once none runs that had the place of a load, or of one with the other rows of its source. */
  #vacated(name: string, load: NamedLoad): Promise<unknown> | undefined {
    const group = groupOf(load);
    const before = [...this.#leaving].filter(([one, { served }]) =>
      one === name || (group !== undefined && groupOf(served.load) === group)
    );
    return before.length === 0 ? undefined : Promise.all(before.map(([, { left }]) => left));
  }

  /** Takes a load out; whether it is to be run by whoever takes its place. */
  #leave(name: string): Promise<boolean> {
    const entry = this.#entries.get(name);
    if (!entry) return Promise.resolve(false);
    this.#entries.delete(name);
    void ends(entry);
    const before = this.#leaving.get(name)?.left;
    const left = Promise.all([entry.served.retire(), before]).then(([isUnfinished]) =>
      isUnfinished
    );
    this.#leaving.set(name, { served: entry.served, left });
    void left.then(async () => {
      if (this.#leaving.get(name)?.left === left) this.#leaving.delete(name);
      // Nobody goes on with it.
      if (!this.#entries.has(name) && !this.#options.signal.aborted) await this.#forget(name);
    });
    return left;
  }

  /** A load is in the configuration no more. */
  #forget(name: string): Promise<void> {
    const { state } = this.#options;
    return this.#record(async () => {
      await state.ended(name);
      if (state.pausedSince(name) !== undefined) await state.resumed([name]);
    });
  }

  #completed(name: string): void {
    for (const [one, { served }] of this.#entries) {
      if (served.blockedBy === name) this.#request(one, "after");
    }
  }

  /** What cannot be written down is known for as long as this program lives. */
  async #record(write: () => Promise<void>): Promise<void> {
    const { context: { tell } } = this.#options;
    try {
      await write();
    } catch (error) {
      tell(`What is unfinished cannot be written down: ${messageOf(error)}`, { kind: "program" });
    }
  }
}

/** What loads have in common whose rows are those of one source, by a column's value. */
function groupOf(load: NamedLoad | undefined): string | undefined {
  const unit = load && "unit" in load ? unitOf(load) : undefined;
  return unit?.share && unit.name.slice(0, -` to ${unit.label}`.length);
}

/** Writes down what has become of loads. @throws {LoadError} `resource_exhausted` where that cannot be */
async function written(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new LoadError(
      `It is ${what}, and only for as long as this program lives, since that cannot be written down: ` +
        messageOf(error),
      { code: "resource_exhausted", blame: "host" },
    );
  }
}

async function ends({ schedule, watch }: Entry): Promise<void> {
  schedule?.[Symbol.dispose]();
  await watch?.[Symbol.asyncDispose]();
}
