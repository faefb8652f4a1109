/** An appender, as https://duckdb.org/docs/stable/clients/node_neo/overview#append-to-table has it. */
import { type DuckDBAppender, DuckDBInstance } from "@duckdb/node-api";
import { databaseOf, type Job, type JobColumn, rowChunks, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const instance = await DuckDBInstance.create(databaseOf(job));
  const connection = await instance.connect();
  await connection.run("BEGIN");
  const appender = await connection.createAppender(job.table);
  let count = 0;
  for await (const rows of rowChunks(job.file, 10_000)) {
    for (const row of rows) {
      for (const column of job.columns) append(appender, column, row[column.name]);
      appender.endRow();
    }
    count += rows.length;
  }
  appender.closeSync();
  await connection.run("COMMIT");
  connection.closeSync();
  instance.closeSync();
  return count;
});

function append(appender: DuckDBAppender, { type }: JobColumn, value: unknown): void {
  if (value === null || value === undefined) return appender.appendNull();
  switch (type) {
    case "int64":
      return appender.appendBigInt(BigInt(value as number));
    case "int32":
      return appender.appendInteger(value as number);
    case "float64":
      return appender.appendDouble(value as number);
    case "boolean":
      return appender.appendBoolean(value as boolean);
    case "json":
      return appender.appendVarchar(JSON.stringify(value));
    default:
      return appender.appendVarchar(value as string);
  }
}
