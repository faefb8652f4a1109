/**
 * Tries a plan on a shadow, a database in memory, with a few rows. Afterwards the table has to hold what a
 * load of these rows in that mode is to leave there, and nothing else may have changed.
 */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import { insertText } from "./insert_text.ts";
import { render } from "./names.ts";
import type { Phase } from "./planned_statements.ts";
import { rehearsalOf, type Row, type Value } from "./rehearsed_rows.ts";
import type { SqlWords } from "./words.ts";

/** A database in memory. What is wrong is told as a clause. */
export interface Shadow {
  /** Runs a statement of a plan; returns why it is denied, if it is. */
  run(
    sql: string,
    phase: Phase,
    values?: readonly Value[],
  ): Promise<string | undefined> | string | undefined;
  /**
   * Makes the target where the plan has not, and puts rows into it; `after` is what it is to hold in
   * the end. Returns what is wrong with it where the plan has made it.
   */
  makeTarget(
    before: readonly Row[],
    after: readonly Row[],
  ): Promise<string | undefined> | string | undefined;
  /** What else is wrong with a phase whose statements were run. */
  check?(phase: Phase): Promise<string | undefined> | string | undefined;
  /** What is wrong with what the database holds in the end. */
  difference(after: readonly Row[]): Promise<string | undefined> | string | undefined;
  /** Whether the target takes one row of each key. */
  isKeyed(): Promise<boolean> | boolean;
}

/** What the database has against a plan. */
export async function rehearsePlan(
  plan: Plan,
  shape: Shape,
  { words, names, shadow, database }: {
    readonly words: SqlWords;
    readonly names: SlotNames;
    readonly shadow: Shadow;
    /** Its name, for people. */
    readonly database: string;
  },
): Promise<Refusal | undefined> {
  const run = async (phase: Exclude<Phase, "write">) => {
    for (const [i, sql] of plan[phase].entries()) {
      const why = await shadow.run(render(sql, names), phase);
      if (why !== undefined) return { at: `${phase}[${i}]`, why };
    }
    const why = await shadow.check?.(phase);
    return why === undefined ? undefined : { at: `${phase}[0]`, why };
  };
  const { before, loaded, after } = rehearsalOf(shape);
  const refused = await run("create");
  if (refused) return refused;
  const differs = await shadow.makeTarget(before, after);
  if (differs !== undefined) return { at: "create[0]", why: differs };
  const unprepared = await run("prepare") ?? await run("stage");
  if (unprepared) return unprepared;
  const at = "insert.sql";
  const insert = insertText(words, plan.write, names);
  const sent = shape.mode === "upsert" ? [earlierOf(loaded, shape), ...loaded] : loaded;
  const text = insert.text(sent.length);
  const values = insert.args(sent.flat(), (row) => row);
  const why = await shadow.run(text, "write", values);
  if (why !== undefined) return { at, why };
  const unfinished = await run("merge") ?? await run("finish");
  if (unfinished) return unfinished;
  const wrong = await shadow.difference(after);
  if (wrong !== undefined) return { at, why: `in a rehearsal, ${database} ${wrong}` };
  if (shape.mode !== "append" || !await shadow.isKeyed()) return undefined;
  // What an append finds there already it has to leave alone, and to say so.
  const again = await shadow.run(text, "write", values) ?? await run("merge");
  return again
    ? undefined
    : { at, why: `in a rehearsal, ${database} takes rows whose keys are there already` };
}

/** A row of the first one's key, which the first one replaces. */
function earlierOf([first, second]: readonly Row[], { columns }: Shape): Row {
  return first!.map((cell, i) => columns[i]!.key ? cell : second![i]!);
}
