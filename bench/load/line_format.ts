/** Rows as the lines of the three kinds of files that are loaded. */
import type { Column } from "../../mod.ts";
import type { Row } from "./dataset_rows.ts";

/** NDJSON; CSV as RFC 4180 has it, with a header; the text format of PostgreSQL's COPY. */
export const LINE_FORMATS = ["ndjson", "csv", "text"] as const;

/** See {@linkcode LINE_FORMATS}. */
export type LineFormat = (typeof LINE_FORMATS)[number];

/** What a file begins with. */
export function headOf(format: LineFormat, columns: readonly Column[]): string {
  return format === "csv" ? columns.map((c) => c.name).join(",") + "\n" : "";
}

/** One row. */
export function lineOf(row: Row, format: LineFormat, columns: readonly Column[]): string {
  switch (format) {
    case "ndjson":
      return JSON.stringify(row) + "\n";
    case "csv":
      return columns.map((c) => csvField(row[c.name], c)).join(",") + "\n";
    case "text":
      return columns.map((c) => textField(row[c.name], c)).join("\t") + "\n";
  }
}

/** NULL is an empty field, the empty text a quoted one; MariaDB takes NULL without quotes for one, too. */
function csvField(value: unknown, column: Column): string {
  if (value === null || value === undefined) return "";
  const text = cellText(value, column);
  return text === "" || text === "NULL" || /[",\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function textField(value: unknown, column: Column): string {
  if (value === null || value === undefined) return "\\N";
  return cellText(value, column).replace(/[\\\n\r\t]/g, (character) => ESCAPES[character]!);
}

/** Booleans are 1 and 0, which SQLite and PostgreSQL both take. */
function cellText(value: unknown, { type }: Column): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return type === "json" ? JSON.stringify(value) : String(value);
}
