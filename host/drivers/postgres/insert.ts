/**
 * The `insert` form of a plan: statements of many rows, their values bound as text. The types of
 * the parameters are left to the server, which takes them from the target's columns.
 */
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import { LoadError } from "../../../src/errors.ts";
import { parseTemplate, renderTemplate, type SlotNames } from "../../../src/policy/slot.ts";
import type { Cell, CellReader } from "../../codec/codec.ts";
import { insertRowsMax } from "../insert_rows.ts";
import { PARAMETERS_MAX } from "./session.ts";

/** A statement with its values. */
export interface BoundStatement {
  readonly text: string;
  readonly parameters: readonly (string | null)[];
}

/** A plan's insert, cut for any number of rows. */
export interface PreparedInsert {
  /** Rows in one statement. */
  readonly rowsMax: number;
  /** The statement for so many rows. */
  text(rows: number): string;
  /**
   * The statements of a batch, one at a time. Once more rows are rejected than may be left out, there
   * are no more of them, and the cells are read to their end for the other rejects.
   */
  statements(cells: CellReader, rejectsMax: number): Iterable<BoundStatement>;
}

/** @throws {LoadError} `plan_refused` on a slot without meaning, or a row that binds nothing. */
export function prepareInsert(
  write: PlannedWrite & { readonly kind: "insert" },
  names: SlotNames,
): PreparedInsert {
  const columnCount = names.columns.length;
  const statement = parseTemplate(write.sql, columnCount);
  const row = parseTemplate(write.row, columnCount);
  /** The columns that one row binds, in the order of its placeholders. */
  const bound: number[] = [];
  renderTemplate(row, names, { placeholder: (column) => `$${bound.push(column)}` });
  if (bound.length === 0) {
    throw new LoadError(`Row of a plan's insert binds no value: ${write.row.slice(0, 200)}`, {
      code: "plan_refused",
      blame: "plugin",
    });
  }
  const rowsMax = insertRowsMax(write, {
    parametersMax: PARAMETERS_MAX,
    parametersOfRow: bound.length,
  });
  const texts = new Map<number, string>();

  /** One text for all full slices, one for the last. */
  function textFor(rows: number): string {
    let text = texts.get(rows);
    if (text === undefined) {
      let parameters = 0;
      const placeholder = () => `$${++parameters}`;
      const list = Array.from({ length: rows }, () => renderTemplate(row, names, { placeholder }));
      text = renderTemplate(statement, names, { rows: list.join(", ") });
      texts.set(rows, text);
    }
    return text;
  }

  function* statements(cells: CellReader, rejectsMax: number): Generator<BoundStatement> {
    for (;;) {
      const values: Cell[] = [];
      const rows = cells.read(rowsMax, values, []);
      if (rows === 0) return;
      if (cells.rejects.length > rejectsMax) continue;
      const parameters: (string | null)[] = [];
      for (let at = 0; at < values.length; at += columnCount) {
        for (const column of bound) parameters.push(cellText(values[at + column]!));
      }
      yield { text: textFor(rows), parameters };
    }
  }

  return { rowsMax, text: textFor, statements };
}

/** A cell as Postgres reads it. `0` and `1` are booleans too. */
function cellText(cell: Cell): string | null {
  if (cell === null) return null;
  if (cell instanceof Uint8Array) return `\\x${cell.toHex()}`;
  // The one number that String() does not keep.
  if (Object.is(cell, -0)) return "-0";
  return String(cell);
}
