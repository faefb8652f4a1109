// Amazon Redshift: appends alone. It has no ON CONFLICT, its keys are not held, and TRUNCATE commits, so that
// neither an upsert nor a replace would be whole. COPY reads from S3 there and not from the connection:
// the driver's setting bulk=insert sends statements. What rows lie beside and in what order are options that
// PostgreSQL does not know, and types of its own: the manifest asks for them. Not tried on a server, whose
// catalog is older than the one that the driver asks: see plugins/README.md.

import {
  Column,
  columnCount,
  ColumnType,
  describe,
  Dialect,
  fail,
  keyColumns,
  Manifest,
  Mode,
  OK,
  setting,
} from "@snakepipe/kit";
import { usualType } from "../../shared/column_type";

export { checkHealth as health_check } from "@snakepipe/kit";

export function manifest(): i32 {
  return describe(
    new Manifest("redshift", "0.1.0")
      .driver("postgres")
      .scheme("redshift")
      .mode(Mode.Append)
      .limits(32000, 10000, 127)
      .sqlType("varbyte(#1024000)")
      .tableOption("diststyle <auto | even | all>")
      .tableOption("sortkey ( {keys} )")
      .choice("distStyle", "Where rows of a table lie that a load creates", [
        "unsaid",
        "auto",
        "even",
        "all",
      ], "unsaid")
      .flag("sortByKey", "Whether its rows are kept in the order of the key", false)
      .degradedAfter(5000),
  );
}

export function connect(): i32 {
  return OK;
}

export function write_batch(): i32 {
  return new Redshift(100000, 8 * 1024 * 1024, 32000, 5000).plan();
}

class Redshift extends Dialect {
  typeOf(column: Column): string {
    switch (column.type) {
      case ColumnType.Decimal:
        // Without digits, it has none behind the point.
        return "numeric(38, 9)";
      case ColumnType.Bytes:
        return "varbyte(64000)";
      case ColumnType.Uuid:
        return "varchar(36)";
      case ColumnType.Text:
      case ColumnType.Json:
      case ColumnType.Other:
        // What is called text has 256 bytes.
        return "varchar(65535)";
      default:
        return usualType(column);
    }
  }

  tableOptions(): string {
    const style = setting.text("distStyle");
    return (style == "unsaid" ? "" : " DISTSTYLE " + style) +
      (setting.flag("sortByKey") && keyColumns().length > 0 ? " SORTKEY ({keys})" : "");
  }

  upsert(): i32 {
    return fail("Redshift has no ON CONFLICT, and holds no key");
  }

  parametersOfRow(): i32 {
    return columnCount();
  }
}
