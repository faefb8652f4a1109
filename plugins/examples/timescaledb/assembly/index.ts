// TimescaleDB: PostgreSQL with an extension, so an append and an upsert are PostgreSQL's own. A hypertable is
// made by a function, or by options that PostgreSQL reads too, and no plan calls or sets either: make it
// first, and load into it. The key of an upsert has to have the column by which it is partitioned. No
// replace: the host refuses a table that others inherit from. Not tried on a server.

import {
  Column,
  columnCount,
  describe,
  Dialect,
  fail,
  Manifest,
  Mode,
  OK,
  sql,
} from "@snakepipe/kit";
import { mergeStaged } from "../../shared/merge";
import { usualType } from "../../shared/column_type";

export { checkHealth as health_check } from "@snakepipe/kit";

export function manifest(): i32 {
  return describe(
    new Manifest("timescaledb", "0.1.0")
      .driver("postgres")
      .scheme("timescaledb")
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
  const planned = new Timescale(100000, 16 * 1024 * 1024, 65533, 1000).plan();
  // Chunks that have just been filled have no statistics of their own.
  if (planned == OK) sql.finish("ANALYZE {table}");
  return planned;
}

class Timescale extends Dialect {
  typeOf(column: Column): string {
    return usualType(column);
  }

  upsert(): i32 {
    return mergeStaged(this);
  }

  replace(): i32 {
    return fail("a hypertable is not replaced: load into a table beside it");
  }

  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
