/**
 * Names of columns where the database does not tell upper and lower case apart: fields of the source
 * mean the columns that they only differ from in that, and a load goes by the source's spelling. A
 * field that is spelled as a column is means that one, and no other field does.
 */
import type { LiveTable } from "../model/backend.ts";
import type { ShapeSources } from "./shape.ts";

/** What is known of a load, with the table's columns, and the key's, as the source spells them. */
export function spelledAlike<T extends ShapeSources>(from: T): T {
  const { live, key } = from;
  if (!live?.caseInsensitive) return from;
  const given = (from.known ?? from.inferred ?? []).map(({ name }) => name);
  const columns = new Set(live.columns.map(({ name }) => name));
  const fields = new Map(
    given.filter((name) => !columns.has(name)).reverse().map((name) => [folded(name), name]),
  );
  const exact = new Set(given);
  const spelled = (name: string): string =>
    exact.has(name) ? name : fields.get(folded(name)) ?? name;
  const keyed = new Map(live.columns.map(({ name }) => [folded(name), spelled(name)]));
  return {
    ...from,
    live: spelledTable(live, spelled),
    key: key.map((name) => exact.has(name) ? name : keyed.get(folded(name)) ?? name),
  };
}

/** Whether two names differ in the case of ASCII letters alone, or not at all. */
export function sameLetters(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function spelledTable(live: LiveTable, spelled: (name: string) => string): LiveTable {
  return {
    ...live,
    columns: live.columns.map((column) => ({ ...column, name: spelled(column.name) })),
    uniqueKeys: live.uniqueKeys.map((names) => names.map(spelled)),
  };
}

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
