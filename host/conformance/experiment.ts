/** What the suite consists of: experiments, each of which answers for one case or for several. */
import type { WriteMode } from "../../src/model/batch.ts";
import type { Value } from "../drivers/family_conformance.ts";
import type { Trial } from "./trial.ts";

/** Some work on a database, and what is found by it. */
export interface Experiment {
  /** What its cases are about, in a word. */
  readonly group: string;
  /** In which of several ways the same cases are tried here: `append`, `upsert by CSV`. */
  readonly way?: string;
  /** Modes that it loads by; it is not tried where a plugin does not promise one of them. */
  readonly modes?: readonly WriteMode[];
  /** What is expected of each case, by its name. */
  readonly expected: Readonly<Record<string, Value>>;
  /** Finds it, by the same names. What it throws fails all of its cases. */
  run(trial: Trial): Promise<Readonly<Record<string, Value>>>;
}

/** Whether a value is the one that is expected; a text with `…` is compared to the JSON of anything. */
export function matches(found: Value | undefined, expected: Value): boolean {
  if (typeof expected === "string" && expected.includes("…") && found !== undefined) {
    const parts = expected.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    const text = typeof found === "string" ? found : JSON.stringify(found);
    return new RegExp(`^${parts.join("[^]*")}$`).test(text);
  }
  if (Array.isArray(expected)) {
    return Array.isArray(found) && found.length === expected.length &&
      expected.every((one, i) => matches(found[i], one));
  }
  if (expected === null || typeof expected !== "object") return found === expected;
  if (found === null || typeof found !== "object" || Array.isArray(found)) return false;
  const names = Object.keys(expected);
  return names.length === Object.keys(found).length &&
    names.every((name) =>
      matches((found as Record<string, Value>)[name], (expected as Record<string, Value>)[name]!)
    );
}
