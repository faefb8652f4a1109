/** Runs the suite on one database, and judges what it finds. */
import { messageOf } from "../../src/model/errors.ts";
import type { Quirk, Quirks, Value } from "../drivers/family_conformance.ts";
import { type Experiment, matches } from "./experiment.ts";
import { SUITE } from "./suite.ts";
import { type OpenDatabase, Trial } from "./trial.ts";

/** One case of the suite. */
export interface CaseName {
  /** What it is about, in a word. */
  readonly group: string;
  /** What holds, as a sentence, or what is tried. */
  readonly name: string;
  /** In which way it is tried, where it is tried in several: `append`, `append, CSV`. */
  readonly way?: string;
}

/** What became of one case. */
export interface CaseOutcome extends CaseName {
  /**
   * `passed`; `differs` as a quirk says; `failed`, also where what is said to differ does not;
   * `untried`, since the plugin does not promise the mode.
   */
  readonly kind: "passed" | "differs" | "failed" | "untried";
  /** What is wrong, or in what it differs, or why it was not tried; absent where it has passed. */
  readonly message?: string;
}

/** How the suite is run. */
export interface SuiteOptions {
  /** What the names of its tables and sources begin with. */
  readonly prefix: string;
  /** In what the database differs; in nothing by default. */
  readonly quirks?: Quirks;
  /** Only these groups; all by default. */
  readonly groups?: readonly string[];
  /** Hears of each case as it is judged. */
  readonly onOutcome?: (outcome: CaseOutcome) => void;
  /** Ends it between two experiments. */
  readonly signal?: AbortSignal;
}

/** All cases, in the order in which they are run. */
export function casesOf(experiments: readonly Experiment[] = SUITE): CaseName[] {
  return experiments.flatMap(({ group, way, expected }) =>
    Object.keys(expected).map((name) => ({ group, name, ...(way === undefined ? {} : { way }) }))
  );
}

/** The groups of cases, in the order in which they are run. */
export function groupsOf(): string[] {
  return [...new Set(SUITE.map(({ group }) => group))];
}

/** Runs it. What a case makes is removed before the next one begins, whatever happens. */
export async function runSuite(
  database: OpenDatabase,
  { prefix, quirks = {}, groups, onOutcome, signal }: SuiteOptions,
): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const [i, experiment] of SUITE.entries()) {
    if (signal?.aborted) break;
    if (groups && !groups.includes(experiment.group)) continue;
    for (const outcome of await runOne(database, `${prefix}${i}_`, { experiment, quirks })) {
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
  }
  return outcomes;
}

async function runOne(
  database: OpenDatabase,
  prefix: string,
  { experiment, quirks }: { readonly experiment: Experiment; readonly quirks: Quirks },
): Promise<CaseOutcome[]> {
  const { group, way, expected, modes = [] } = experiment;
  const trial = new Trial(database, prefix);
  const lacking = modes.find((mode) => !trial.capabilities.modes.includes(mode));
  const outcome = (name: string, what: Pick<CaseOutcome, "kind" | "message">) => {
    return { group, name, ...(way === undefined ? {} : { way }), ...what };
  };
  if (lacking !== undefined) {
    const message = `the plugin does not promise ${lacking}`;
    return Object.keys(expected).map((name) => outcome(name, { kind: "untried", message }));
  }
  let found: Readonly<Record<string, Value>> = {};
  let broken: string | undefined;
  try {
    found = await experiment.run(trial);
  } catch (error) {
    broken = messageOf(error);
  }
  try {
    await trial.end();
    const left = await trial.leftOver();
    if (left.length > 0) broken ??= `left over: ${left.join(", ")}`;
  } catch (error) {
    broken ??= `its tables cannot be removed: ${messageOf(error)}`;
  }
  return Object.entries(expected).map(([name, value]) =>
    outcome(
      name,
      broken === undefined
        ? judged(found[name], value, quirkOf(quirks, { group, name, ...(way ? { way } : {}) }))
        : { kind: "failed", message: broken },
    )
  );
}

function judged(
  found: Value | undefined,
  expected: Value,
  quirk: Quirk | undefined,
): Pick<CaseOutcome, "kind" | "message"> {
  if (quirk && matches(found, quirk.is)) return { kind: "differs", message: quirk.why };
  if (!matches(found, expected)) {
    const [is, was] = difference(found, quirk?.is ?? expected);
    const says = quirk ? ", as its quirk says" : "";
    return { kind: "failed", message: `${shown(is)} was found for ${shown(was)}${says}` };
  }
  if (!quirk) return { kind: "passed" };
  return { kind: "failed", message: `no quirk is needed any more, but there is one: ${quirk.why}` };
}

/** The quirk of a case. */
export function quirkOf(quirks: Quirks, { group, name, way }: CaseName): Quirk | undefined {
  const label = `${group}: ${name}`;
  return quirks[`${label} (${way})`] ?? quirks[label];
}

/** The first part in which two values differ. */
function difference(found: Value | undefined, expected: Value): [Value | undefined, Value] {
  if (found && expected && typeof found === "object" && typeof expected === "object") {
    for (const [name, value] of Object.entries(expected) as [string, Value][]) {
      const part = (found as Record<string, Value>)[name];
      if (!matches(part, value)) return difference(part, value);
    }
  }
  return [found, expected];
}

/** A value in few words: a text of 1 MB is cut. */
function shown(value: Value | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}
