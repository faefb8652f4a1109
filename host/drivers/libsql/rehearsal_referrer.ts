/**
 * Tables that refer to the target of a rehearsal: whatever a plan does to the target, they are to hold
 * what they held.
 *
 * An append and an upsert may meet any action of a foreign key. A replace empties its table, so the
 * driver refuses it where that has an action (`target_check.ts`), and defers the other keys: those are
 * what it is rehearsed with.
 */
import type { Shape, WriteMode } from "../../../src/model/batch.ts";
import { quote } from "./names_and_types.ts";
import type { Row } from "../sql/rehearsed_rows.ts";

/** Columns that they refer by: SQLite looks a foreign key up by an expression, no deeper than 1,000. */
const COLUMNS_MAX = 100;

/** Begins the names of these tables. */
const PREFIX = "_snakepipe_referrer_";
const ACTIONS: Readonly<Record<WriteMode, readonly string[]>> = {
  append: ["CASCADE", "SET NULL", "SET DEFAULT"],
  upsert: ["CASCADE", "SET NULL", "SET DEFAULT"],
  replace: ["NO ACTION", "RESTRICT"],
};

/** A table that refers to the target. */
export interface RehearsalReferrer {
  readonly name: string;
  /** Makes what the foreign key needs, and the table. */
  readonly statements: readonly string[];
  /** What it holds, in every column a value of the target's row that it refers to. */
  readonly row: Row | undefined;
}

/** Whether a name is that of such a table. */
export function isReferrer(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * The tables for a mode, which refer to that row of the target by its key; by its columns where it has
 * none.
 */
export function rehearsalReferrers(shape: Shape, row: Row | undefined): RehearsalReferrer[] {
  const { columns, mode, table } = shape;
  const keyed = columns.some(({ key }) => key);
  const at = columns.flatMap(({ key }, i) => key || !keyed ? [i] : []).slice(0, COLUMNS_MAX);
  const names = at.map((i) => quote(columns[i]!.name)).join(", ");
  const target = quote(table.name);
  return ACTIONS[mode].map((action, i) => {
    const name = `${PREFIX}${i}`;
    return {
      name,
      statements: [
        `CREATE UNIQUE INDEX IF NOT EXISTS "${PREFIX}key" ON ${target} (${names})`,
        `CREATE TABLE "${name}" (${names}, FOREIGN KEY (${names}) REFERENCES ${target} (${names}) ` +
        `ON DELETE ${action})`,
      ],
      row: row && at.map((column) => row[column]!),
    };
  });
}
