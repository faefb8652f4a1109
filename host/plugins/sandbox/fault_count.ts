/**
 * How often a plugin has misbehaved: trapped, overstepped its bounds, or not come to an end. What it
 * says of itself, that it cannot plan a shape for instance, is no fault.
 */
import { LoadError } from "../../../src/model/errors.ts";

/** Faults after which a plugin is not asked any more. */
export const FAULTS_MAX = 3;

const NONE: Faults = { count: 0, last: "" };

/** How many faults there were, and what the last of them was. */
export interface Faults {
  readonly count: number;
  readonly last: string;
}

/** How often a plugin has misbehaved: trapped, overstepped its bounds, or not come to an end. */
export class FaultCount {
  readonly #plugin: string;
  readonly #listeners: ((faults: Faults) => void)[] = [];
  #faults: Faults;

  /** Of the plugin of that name; `faults` are those of before. */
  constructor(plugin: string, faults: Faults = NONE) {
    this.#plugin = plugin;
    this.#faults = faults;
  }

  /** How many there were. */
  get count(): number {
    return this.#faults.count;
  }

  /** Why it is not to be asked any more, in a sentence; undefined while it may. */
  get verdict(): string | undefined {
    const { count, last } = this.#faults;
    if (count < FAULTS_MAX) return undefined;
    return `Plugin ${this.#plugin} is quarantined after ${FAULTS_MAX} faults, until it is released, ` +
      `granted again by snakepipe grant, or replaced; the last: ${last}`;
  }

  /** Calls the listener on every change. */
  onChange(listener: (faults: Faults) => void): void {
    this.#listeners.push(listener);
  }

  /** One fault more. */
  add(what: string): void {
    this.#set({ count: this.count + 1, last: what });
  }

  /** Forgets them: the operator trusts the plugin again. */
  forget(): void {
    if (this.count > 0) this.#set(NONE);
  }

  /** @throws {LoadError} `plugin_quarantined` once there are too many */
  check(): void {
    const { verdict } = this;
    if (verdict === undefined) return;
    throw new LoadError(verdict, { code: "plugin_quarantined", blame: "plugin" });
  }

  #set(faults: Faults): void {
    this.#faults = faults;
    for (const listener of this.#listeners) listener(faults);
  }
}
