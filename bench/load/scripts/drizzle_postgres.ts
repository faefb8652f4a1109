/** drizzle, as https://orm.drizzle.team/docs/insert#insert-multiple-rows has it, in one transaction. */
import { drizzle } from "drizzle-orm/node-postgres";
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  text,
} from "drizzle-orm/pg-core";
import pg from "pg";
import { type Job, type JobColumn, postgresOf, rowChunks, runJob } from "./job.ts";

/** 500 and as many as the protocol takes were no faster. */
const ROWS_PER_STATEMENT = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const pool = new pg.Pool({ ...postgresOf(job), max: 1 });
  const table = pgTable(
    job.table,
    Object.fromEntries(job.columns.map((c) => [c.name, builder(c)])),
  );
  let count = 0;
  await drizzle({ client: pool }).transaction(async (transaction) => {
    for await (const rows of rowChunks(job.file, ROWS_PER_STATEMENT)) {
      await transaction.insert(table).values(rows);
      count += rows.length;
    }
  });
  await pool.end();
  return count;
});

function builder({ type }: JobColumn) {
  switch (type) {
    case "int64":
      return bigint({ mode: "number" });
    case "int32":
      return integer();
    case "boolean":
      return boolean();
    case "float64":
      return doublePrecision();
    case "json":
      return jsonb();
    default:
      return text();
  }
}
