// A dialect of SQL with the plans that most databases take: the table that a load creates where there is
// none, an append, and a replace. A plugin says what differs, and how it merges.

import { Column, columnCount, columns, keyColumns, plainColumns } from "./column";
import { fail, OK } from "./entry";
import { Mode, mode, shapeBatch, sql } from "./plan";

/** A dialect of SQL: a plugin extends it by what differs in its database. */
export abstract class Dialect {
  constructor(
    /** The batch that the database takes best, in rows and in bytes of the source. */
    readonly batchRows: i32,
    readonly batchBytes: i32,
    /** Bound parameters of one statement. */
    readonly parametersMax: i32,
    /** Where more rows in one statement stop paying. */
    readonly rowsPerStatement: i32,
  ) {}

  /** Plans for the shape at hand. Return what it returns from `write_batch`. */
  plan(): i32 {
    shapeBatch(this.batchRows, this.batchBytes);
    sql.create(this.createTable());
    switch (mode()) {
      case Mode.Append:
        return this.insert("{table} ({columns})");
      case Mode.Upsert:
        return keyColumns().length > 0 ? this.upsert() : fail("an upsert needs a key column");
      case Mode.Replace:
        return this.replace();
      default:
        return fail("a mode that this plugin does not know");
    }
  }

  /** A column's type in the database's words. */
  abstract typeOf(column: Column): string;

  /** What stands behind the columns of a table that is created. */
  tableOptions(): string {
    return "";
  }

  /** Plans an upsert of a shape that has a key: of rows with one key the last stays, and each counts. */
  abstract upsert(): i32;

  /** What makes a table of no rows from a SELECT. */
  noRows(): string {
    return "WHERE 0";
  }

  /**
   * Rows gather in a table beside the target and are moved over at the end. The target itself stays, and
   * with it views, indexes and grants.
   */
  replace(): i32 {
    sql.prepare("CREATE TABLE {aside} AS SELECT {columns} FROM {table} " + this.noRows());
    sql.finish("DELETE FROM {table}");
    sql.finish("INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}");
    return this.insert("{aside} ({columns})");
  }

  /** Where rows go, what each of them looks like, and what stands behind them. */
  insert(into: string, row: string = "({values})", clause: string = ""): i32 {
    const fitting = this.parametersMax / this.parametersOfRow();
    const rows = max(1, min(this.rowsPerStatement, fitting));
    sql.insert("INSERT INTO " + into + " VALUES {rows}" + clause, row, rows);
    return OK;
  }

  /** Parameters of one row, at the most. */
  parametersOfRow(): i32 {
    return columnCount();
  }

  private createTable(): string {
    const all = columns();
    const definitions = new Array<string>();
    for (let i = 0; i < all.length; i++) {
      const column = all[i];
      definitions.push(column.slot + " " + this.typeOf(column) + (column.isNullable ? "" : " NOT NULL"));
    }
    if (keyColumns().length > 0) definitions.push("PRIMARY KEY ({keys})");
    return "CREATE TABLE IF NOT EXISTS {table} (" + definitions.join(", ") + ")" + this.tableOptions();
  }
}

/**
 * What an upsert sets, by what stands for a column of the row that comes. Where every column is a key, one
 * is set to itself: a row that nothing is done with would not count.
 */
export function updates(value: (column: Column) => string): string {
  const plain = plainColumns();
  const set = plain.length > 0 ? plain : keyColumns().slice(0, 1);
  const pieces = new Array<string>();
  for (let i = 0; i < set.length; i++) pieces.push(set[i].slot + " = " + value(set[i]));
  return pieces.join(", ");
}
