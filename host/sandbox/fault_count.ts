/**
 * How often a plugin has misbehaved: trapped, overstepped its bounds, or not come to an end. What it
 * says of itself, that it cannot plan a shape for instance, is no fault.
 */
import { LoadError } from "../../src/errors.ts";

/** Faults after which a plugin is not asked any more. */
export const FAULTS_MAX = 3;

/** See the head of this file. */
export class FaultCount {
  readonly #plugin: string;
  readonly #listeners: ((reason: string) => void)[] = [];
  #count = 0;
  #last = "";

  /** Of the plugin of that name. */
  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Calls the listener when there are too many faults, with a sentence that says so. */
  onLimit(listener: (reason: string) => void): void {
    this.#listeners.push(listener);
  }

  /** One fault more. */
  add(what: string): void {
    this.#last = what;
    if (++this.#count !== FAULTS_MAX) return;
    for (const listener of this.#listeners) listener(this.#reason());
  }

  /** Forgets them: the operator trusts the plugin again. */
  forget(): void {
    this.#count = 0;
  }

  /** @throws {LoadError} `plugin_quarantined` once there are too many */
  check(): void {
    if (this.#count < FAULTS_MAX) return;
    throw new LoadError(this.#reason(), { code: "plugin_quarantined", blame: "plugin" });
  }

  #reason(): string {
    return `Plugin ${this.#plugin} stands aside after ${FAULTS_MAX} faults; the last: ${this.#last}`;
  }
}
