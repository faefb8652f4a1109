/** DuckDB's own reader: https://duckdb.org/docs/stable/data/json/loading_json */
import { DuckDBInstance } from "@duckdb/node-api";
import { databaseOf, type Job, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const instance = await DuckDBInstance.create(databaseOf(job));
  const connection = await instance.connect();
  const described = await connection.runAndReadAll(
    `SELECT column_name, column_type FROM (DESCRIBE ${job.table})`,
  );
  const columns = described.getRows().map(([name, type]) => `${name}: '${type}'`).join(", ");
  const { rowsChanged } = await connection.run(
    `INSERT INTO ${job.table} SELECT * FROM ` +
      `read_json('${job.file}', format = 'newline_delimited', columns = {${columns}})`,
  );
  connection.closeSync();
  instance.closeSync();
  return rowsChanged;
});
