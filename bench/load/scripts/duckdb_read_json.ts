/** DuckDB's own reader: https://duckdb.org/docs/stable/data/json/loading_json */
import { DuckDBInstance } from "@duckdb/node-api";
import { databaseOf, type Job, runJob } from "./job.ts";

const TYPES: Readonly<Record<string, string>> = {
  int64: "BIGINT",
  int32: "INTEGER",
  text: "VARCHAR",
  boolean: "BOOLEAN",
  float64: "DOUBLE",
  json: "JSON",
};

await runJob(async (job: Job): Promise<number> => {
  const instance = await DuckDBInstance.create(databaseOf(job));
  const connection = await instance.connect();
  const columns = job.columns.map(({ name, type }) => `${name}: '${TYPES[type]}'`).join(", ");
  const { rowsChanged } = await connection.run(
    `INSERT INTO ${job.table} SELECT * FROM ` +
      `read_json('${job.file}', format = 'newline_delimited', columns = {${columns}})`,
  );
  connection.closeSync();
  instance.closeSync();
  return rowsChanged;
});
