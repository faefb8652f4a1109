/** What a load would do, for people. */
import { format as formatBytes } from "@std/fmt/bytes";
import { counted } from "../../../src/model/counted.ts";
import type { PreviewReport } from "../../load/preview.ts";
import { tableLines } from "./text_table.ts";

/** The same with further notes. */
export function withNotes(preview: PreviewReport, notes: readonly string[]): PreviewReport {
  return { ...preview, notes: [...preview.notes, ...notes] };
}

/** Lines of a preview. */
export function previewLines(preview: PreviewReport): string[] {
  const { source, table, mode, backend, there, columns, statements, notes } = preview;
  const made = columns.length === 0 ? "" : there ? ", which is there" : ", which would be made";
  return [
    `${mode} of ${source} to ${table}${made}: backend ${backend}`,
    ...columns.length === 0 ? [] : [
      "",
      ...tableLines([
        ["COLUMN", "TYPE", "NULL", "KEY", "WHY"],
        ...columns.map(({ name, type, nullable, key, because }) => [
          name,
          type,
          nullable ? "yes" : "no",
          key ? "yes" : "no",
          because,
        ]),
      ]),
    ],
    ...statements.length === 0
      ? []
      : ["", ...tableLines(statements.map(({ phase, sql }) => [phase, inOneLine(sql)]))],
    "",
    ...skippedLines(preview),
    ...transactionLines(preview),
    "Nothing was changed",
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function skippedLines({ earlier, ledger: { batches, rows } }: PreviewReport): string[] {
  if (!earlier) {
    return [
      "Nothing of this source is in this table by an earlier load: all of it would be loaded",
    ];
  }
  const state = earlier.complete ? ", which was complete" : "";
  return [
    `Load ${earlier.id} would go on${state}: ${counted(rows, "row")} of ${
      counted(batches, "batch", "batches")
    } would be held against the source and skipped`,
  ];
}

function transactionLines({ transactions }: PreviewReport): string[] {
  if (!transactions) return [];
  const { about, bytesMax, rowsMax, connections } = transactions;
  if (about === 0) return ["There is nothing further to write, unless the source has grown"];
  const count = about === undefined ? "transactions" : `about ${counted(about, "transaction")}`;
  const rows = rowsMax === undefined ? "" : ` or ${counted(rowsMax, "row")}`;
  return [
    `Would write ${count} of at most ${formatBytes(bytesMax, { binary: true })}${rows} through ${
      counted(connections, "connection")
    }`,
  ];
}

function inOneLine(sql: string): string {
  return sql.replace(/\s*\n\s*/g, " ").trim();
}
