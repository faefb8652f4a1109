// CockroachDB: an append, and an upsert by INSERT alone, since its temporary tables are not emptied by COMMIT
// and are switched off unless somebody switches them on. No replace: what TRUNCATE and CREATE TABLE do in a
// transaction is done after it there, and a replace counts on both. Not tried on a server.

import {
  Column,
  columnCount,
  describe,
  Dialect,
  Manifest,
  Mode,
  OK,
  sql,
  updates,
} from "@snakepipe/kit";
import { usualType } from "../../shared/column_type";

export { checkHealth as health_check } from "@snakepipe/kit";

export function manifest(): i32 {
  return describe(
    new Manifest("cockroachdb", "0.1.0")
      .driver("postgres")
      .scheme("cockroachdb")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .limits(65533, 65535, 63)
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  return OK;
}

export function write_batch(): i32 {
  // A transaction that is small is soon tried again.
  return new Cockroach(10000, 1024 * 1024, 65533, 1000).plan();
}

class Cockroach extends Dialect {
  typeOf(column: Column): string {
    return usualType(column);
  }

  /** One row a statement: a batch may have a key twice, and no statement touches a row twice. */
  upsert(): i32 {
    const set = updates((column) => "EXCLUDED." + column.slot);
    sql.insert(
      "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET " + set,
      "({values})",
      1,
    );
    return OK;
  }

  parametersOfRow(): i32 {
    return columnCount();
  }
}
