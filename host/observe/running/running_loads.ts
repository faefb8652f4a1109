/**
 * The loads that a host has under way, told to whoever looks from another shell.
 *
 * Invariants
 * - A load that takes no longer than half a second costs a timer, and nothing is loaded or written for it.
 * - No load fails, waits or asks for a permission because of it: what cannot be told is not.
 */
import { after } from "../../../src/model/timer.ts";
import type { World } from "../../../src/model/world.ts";
import { type AboutLoad, RunningLoad } from "./running_load.ts";
import type { StatusFile } from "./status_file.ts";
import type { ToldLoads } from "./told_program.ts";

/** Before this nothing is told: such a load is over before anybody looks. */
const FIRST_MS = 500;
const EVERY_MS = 1_000;

/** The loads that a host has under way, told to whoever looks from another shell. */
export class RunningLoads {
  readonly #program: string;
  readonly #world: World;
  readonly #since: number;
  readonly #loads = new Set<RunningLoad>();
  #beside: (() => ToldLoads) | undefined;
  #cancel: (() => void) | undefined;
  #file: StatusFile | undefined;
  /** What is done with the file, one after the other. */
  #work: Promise<void> = Promise.resolve();

  /** `program` is what it is called. */
  constructor(program: string, world: World) {
    this.#program = program;
    this.#world = world;
    this.#since = world.now();
  }

  /** A load begins. */
  begin(about: AboutLoad): RunningLoad {
    const load = new RunningLoad(about, this.#world);
    this.#loads.add(load);
    this.#wait(FIRST_MS);
    return load;
  }

  /** It has ended. A second time does nothing. */
  end(load: RunningLoad): void {
    if (this.#loads.delete(load) && !this.#isNeeded) this.#rest();
  }

  /** Tells of loads that do not run, too, until the host is closed. */
  tellBeside(beside: () => ToldLoads): void {
    this.#beside = beside;
    this.#wait(FIRST_MS);
  }

  /** Ends it; resolves once nothing is left. */
  async close(): Promise<void> {
    this.#loads.clear();
    this.#beside = undefined;
    this.#rest();
    await this.#work;
  }

  get #isNeeded(): boolean {
    return this.#loads.size > 0 || this.#beside !== undefined;
  }

  #wait(ms: number): void {
    this.#cancel ??= after(ms, () => {
      this.#cancel = undefined;
      this.#do(async () => {
        if (this.#isNeeded) await this.#tell();
        if (this.#isNeeded) this.#wait(EVERY_MS);
      });
    });
  }

  #rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#do(async () => {
      // Another load may have begun meanwhile.
      if (this.#isNeeded) return;
      const file = this.#file;
      this.#file = undefined;
      await file?.remove();
    });
  }

  async #tell(): Promise<void> {
    try {
      this.#file ??= await (await import("./status_file.ts")).StatusFile.open({
        ...{ program: this.#program, since: this.#since },
        now: () => this.#world.now(),
      });
      const { loads, ...beside } = this.#beside?.() ?? { loads: [] };
      await this.#file.write({
        ...beside,
        loads: [...[...this.#loads].map(({ status }) => status), ...loads],
      });
    } catch {
      // It is tried again: a disk may have been full.
    }
  }

  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(() => {});
  }
}
