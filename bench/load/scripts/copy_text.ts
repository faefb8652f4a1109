/**
 * Rows as the text format of COPY, the way one writes it by hand: see
 * https://www.postgresql.org/docs/current/sql-copy.html, "Text Format". Runs under Deno and Node.
 */
import { createReadStream } from "node:fs";
import type { Job, JobColumn, JsonRow } from "./job.ts";

/** What has a meaning of its own within a field. */
const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
/** Bytes that are read at once: each piece becomes one write of about a third of it. */
const READ_BYTES = 1024 * 1024;

/** The whole file, piece by piece. `count` is told of the rows of each. */
export async function* copyPieces(
  { file, columns }: Job,
  count: (rows: number) => void,
): AsyncGenerator<string> {
  const line = lineWriter(columns);
  let rest = "";
  for await (
    const text of createReadStream(file, { encoding: "utf8", highWaterMark: READ_BYTES })
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    let piece = "";
    for (const json of lines) piece += line(JSON.parse(json) as JsonRow);
    count(lines.length);
    yield piece;
  }
  if (rest !== "") {
    count(1);
    yield line(JSON.parse(rest) as JsonRow);
  }
}

function lineWriter(columns: readonly JobColumn[]): (row: JsonRow) => string {
  const fields = columns.map(({ name, type }) => ({ name, write: fieldWriter(type) }));
  return (row) => {
    let line = "";
    for (const { name, write } of fields) {
      const value = row[name];
      line += line === "" ? "" : "\t";
      line += value === null || value === undefined ? "\\N" : write(value);
    }
    return line + "\n";
  };
}

function fieldWriter(type: string): (value: unknown) => string {
  switch (type) {
    case "text":
      return (value) => escaped(value as string);
    case "json":
      return (value) => escaped(JSON.stringify(value));
    case "boolean":
      return (value) => value ? "t" : "f";
    default:
      return (value) => String(value);
  }
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (c) => ESCAPES[c]!) : text;
}
