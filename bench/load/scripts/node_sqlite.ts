/**
 * SQLite by hand, in JavaScript: `node:sqlite` of the runtime, one prepared statement of many rows,
 * one transaction, as https://www.sqlite.org/faq.html#q19 advises.
 */
import { createReadStream } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { databaseOf, type Job, type JsonRow, runJob } from "./job.ts";
import { insertStatement, type SqliteValue, sqliteValue } from "./sqlite_values.ts";

/** Where more rows in one statement stop paying. */
const ROWS_PER_STATEMENT = 30;
const READ_BYTES = 1024 * 1024;

await runJob(async (job: Job): Promise<number> => {
  using database = new DatabaseSync(databaseOf(job));
  database.exec("PRAGMA synchronous = NORMAL; BEGIN");
  const names = job.columns.map((c) => c.name);
  const many = database.prepare(insertStatement(job, ROWS_PER_STATEMENT));
  let cells: SqliteValue[] = [];
  const full = ROWS_PER_STATEMENT * names.length;
  let count = 0;
  let rest = "";
  const add = (line: string): void => {
    const row = JSON.parse(line) as JsonRow;
    for (const name of names) cells.push(sqliteValue(row[name]));
    count++;
    if (cells.length < full) return;
    many.run(...cells);
    cells = [];
  };
  const file = createReadStream(job.file, { encoding: "utf8", highWaterMark: READ_BYTES });
  for await (const text of file) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) add(line);
  }
  if (rest !== "") add(rest);
  if (cells.length > 0) {
    database.prepare(insertStatement(job, cells.length / names.length)).run(...cells);
  }
  database.exec("COMMIT");
  return count;
});
