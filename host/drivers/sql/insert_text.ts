import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import {
  type Bound,
  parseTemplate,
  renderTemplate,
  type SlotNames,
} from "../../../src/plan_policy/slot.ts";
import type { Cell } from "../../codec/codec.ts";
import type { SqlWords } from "./words.ts";

/** One text for all full slices, and some for the last ones of batches and of parts. */
const TEXTS_MAX = 16;

/** The text of a plan's INSERT for any number of rows, and the values that it binds. */
export interface InsertText {
  /** Rows of one statement. */
  readonly rowsMax: number;
  /** The statement for so many rows. */
  text(rows: number): string;
  /**
   * Its values, from the cells of so many rows; the cells themselves where they are just these. The
   * ordinal is asked for by the row's place among them, from 0.
   */
  args(cells: readonly Cell[], ordinalOf: (row: number) => number): readonly Cell[];
}

/** @throws {LoadError} `plan_refused` on a slot without meaning, or a row that binds nothing. */
export function insertText(words: SqlWords, write: PlannedWrite, names: SlotNames): InsertText {
  const width = names.columns.length;
  const statement = parseTemplate(write.sql, width);
  const row = parseTemplate(write.row, width);
  /** What one row binds, in the order of its placeholders. */
  const bound: Bound[] = [];
  renderTemplate(row, names, { placeholder: (each) => words.placeholder(bound.push(each)) });
  if (bound.length === 0) {
    throw new LoadError(`Row of a plan's insert binds no value: ${write.row.slice(0, 200)}`, {
      code: "plan_refused",
      blame: "plugin",
    });
  }
  const inOrder = bound.length === width && bound.every((column, i) => column === i);
  const texts = new Map<number, string>();

  function make(rows: number): string {
    let parameters = 0;
    const placeholder = () => words.placeholder(++parameters);
    const list = Array.from({ length: rows }, () => renderTemplate(row, names, { placeholder }));
    return renderTemplate(statement, names, { rows: list.join(", ") });
  }

  return {
    rowsMax: insertRowsMax(write, {
      parametersMax: words.parametersMax,
      parametersOfRow: bound.length,
    }),
    text(rows) {
      const known = texts.get(rows);
      if (known !== undefined) return known;
      const text = make(rows);
      if (texts.size < TEXTS_MAX) texts.set(rows, text);
      return text;
    },
    args(cells, ordinalOf) {
      if (inOrder) return cells;
      const args: Cell[] = [];
      for (let at = 0; at < cells.length; at += width) {
        for (const each of bound) {
          args.push(each === "ordinal" ? BigInt(ordinalOf(at / width)) : cells[at + each]!);
        }
      }
      return args;
    },
  };
}

/**
 * As many rows as the plan says, as the database takes parameters, and as keep the text within a
 * bound: a row template may be blanks for the most part, and thousands of it too long for any text.
 */
export function insertRowsMax(
  write: PlannedWrite,
  { parametersMax, parametersOfRow }: {
    readonly parametersMax: number;
    readonly parametersOfRow: number;
  },
): number {
  const bound = Math.floor(parametersMax / parametersOfRow);
  const written = Math.floor(LIMITS.insertBytesMax / write.row.length);
  return Math.max(1, Math.min(write.rowsMax, bound, written));
}
