/** What the types of a table's columns change without a word, as the user is told of it. */
import type { LiveTable, NarrowColumn } from "../../../src/model/backend.ts";
import type { Shape } from "../../../src/model/batch.ts";

/** Columns that a note names. */
const NAMED_MAX = 5;

const NOTES: Readonly<Record<NarrowColumn["what"], string>> = {
  digits: "The database rounds numbers to what their columns are declared as",
  fraction: "The database rounds times to what their columns are declared as",
  blanks:
    "The database cuts blanks at the end of texts, or adds some, as their columns are declared",
  text: "The database cuts texts to what their columns hold",
};

/** One sentence for each kind of change, with the columns of the shape that it may befall. */
export function narrowNotes(live: LiveTable, { columns }: Pick<Shape, "columns">): string[] {
  const names = new Set(columns.map(({ name }) => name));
  return (Object.keys(NOTES) as NarrowColumn["what"][]).flatMap((what) => {
    const narrow = live.columns.flatMap(({ name, narrow }) =>
      narrow?.what === what && names.has(name) ? [`${name} ${narrow.declared}`] : []
    );
    if (narrow.length === 0) return [];
    const more = narrow.length - NAMED_MAX;
    const named = narrow.slice(0, NAMED_MAX).join(", ");
    return [`${NOTES[what]}: ${named}${more > 0 ? `, and ${more} more` : ""}`];
  });
}
