/** What the host's own table of loads says of a table's columns: which types were inferred. */
import type { LiveColumn } from "../../src/model/backend.ts";
import type { Column } from "../../src/model/batch.ts";
import { HOST_NAME_PREFIX } from "../../src/plan_policy/slot.ts";

/** Name of that table. */
export const LOAD_TABLE: string = `${HOST_NAME_PREFIX}load`;

/** Loads that are looked at: enough to find each column, also where the latest loads lack some. */
export const LOADS_MAX = 20;

/**
 * The columns, with those marked whose type is the one that a load inferred for them. `loads` are the
 * columns of the latest loads into the table, as JSON, the last one first.
 */
export function withInferredTypes(
  columns: readonly LiveColumn[],
  loads: readonly string[],
): readonly LiveColumn[] {
  const latest = new Map<string, Column>();
  for (const json of loads) {
    for (const column of JSON.parse(json) as readonly Column[]) {
      if (!latest.has(column.name)) latest.set(column.name, column);
    }
  }
  return columns.map((column) => {
    const known = latest.get(column.name);
    return known?.inferred && known.type === column.type ? { ...column, inferred: true } : column;
  });
}
