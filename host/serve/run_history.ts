/** The runs of a load that have ended in this program. */
import { LIMITS } from "../../src/model/limits.ts";
import type { RunOutcome } from "../api/load_schema.ts";

/** The runs of a load that have ended: how many, and the last ones. */
export class RunHistory {
  #count = 0;
  /** The last one first. */
  #outcomes: readonly RunOutcome[] = [];

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** The last ones, the very last first. */
  get outcomes(): readonly RunOutcome[] {
    return this.#outcomes;
  }

  /** One more. */
  add(outcome: RunOutcome): void {
    this.#count++;
    this.#outcomes = [outcome, ...this.#outcomes].slice(0, LIMITS.runsMax);
  }

  /** Those that were before the ones here. */
  putBefore({ count, outcomes }: RunHistory): void {
    this.#count += count;
    this.#outcomes = [...this.#outcomes, ...outcomes].slice(0, LIMITS.runsMax);
  }
}
