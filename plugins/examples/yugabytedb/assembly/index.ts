// YugabyteDB: PostgreSQL's own plans, since its SQL is PostgreSQL's. How many tablets a table begins with is an
// option that PostgreSQL does not know: the manifest asks for it. Not tried on a server.

import {
  Column,
  columnCount,
  describe,
  Dialect,
  Manifest,
  Mode,
  OK,
  setting,
  sql,
} from "@snakepipe/kit";
import { mergeStaged } from "../../shared/merge";
import { usualType } from "../../shared/column_type";

export { checkHealth as health_check } from "@snakepipe/kit";

export function manifest(): i32 {
  return describe(
    new Manifest("yugabytedb", "0.1.0")
      .driver("postgres")
      .scheme("yugabytedb")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      .limits(65533, 65535, 63)
      .tableOption("split into #1-1000 tablets")
      .integer(
        "tablets",
        "Tablets that a table begins with which a load creates; 0 leaves it to the server",
        0,
        0,
        1000,
      )
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  return OK;
}

export function write_batch(): i32 {
  return new Yugabyte(20000, 4 * 1024 * 1024, 65533, 1000).plan();
}

class Yugabyte extends Dialect {
  typeOf(column: Column): string {
    return usualType(column);
  }

  tableOptions(): string {
    const tablets = setting.integer("tablets");
    return tablets > 0 ? " SPLIT INTO " + (tablets as i32).toString() + " TABLETS" : "";
  }

  upsert(): i32 {
    return mergeStaged(this);
  }

  /** Not unlogged: there is no such table there. */
  replace(): i32 {
    sql.prepare("CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA");
    sql.finish("TRUNCATE TABLE {table}");
    sql.finish(
      "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}",
    );
    return this.insert("{aside} ({columns})");
  }

  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
