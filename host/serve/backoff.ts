/** How long to wait before a further attempt, for things that are tried for ever. */
import type { LoadError } from "../../src/model/errors.ts";
import type { World } from "../../src/model/world.ts";

const FIRST_MS = 1_000;
/** What comes back is found after so long at the latest. */
const LAST_MS = 30_000;

/** Doubling waits, each shorter by up to a half, by chance: what failed together does not come together. */
export class Backoff {
  readonly #world: World;
  #failures = 0;

  /** Begins with a second. */
  constructor(world: World) {
    this.#world = world;
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const whole = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(this.#failures++, 16));
    return Math.round(whole * (1 - this.#world.random() / 2));
  }

  /** It went well: the next wait is the first again. */
  reset(): void {
    this.#failures = 0;
  }
}

/**
 * Whether the same load may succeed later without anything else that is known here: of a full disk,
 * somebody makes room; a password is changed in the database and in its file, one after the other.
 */
export function isTransient({ retry, code }: LoadError): boolean {
  return retry || PASSING.includes(code);
}

const PASSING: readonly string[] = [
  "resource_exhausted",
  "connection_failed",
  "authentication_failed",
];
