/**
 * The writing end of a COPY by postgres.js: `sql\`copy …\`.writable()` of its README ("Copy to/from
 * as Streams"), over a Unix socket, where no delay of TCP has to be switched off.
 */
import postgres from "postgres";
import { type Job, postgresOf } from "./job.ts";

/** The writing end of a COPY by postgres.js. */
export interface CopyWriter {
  /** Waits until there is room for more. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Ends the COPY and the connection. @throws what the server says of the rows */
  finish(): Promise<void>;
}

/** Connects, and begins the COPY of all columns. */
export async function copyWriter(job: Job): Promise<CopyWriter> {
  const { host, port, user, database } = postgresOf(job);
  const path = `${host}/.s.PGSQL.${port}`;
  const sql = postgres({ path, user, database, max: 1, fetch_types: false });
  const columns = job.columns.map((c) => c.name).join(", ");
  const writable = await sql.unsafe(`COPY ${job.table} (${columns}) FROM STDIN`).writable();
  const finished = Promise.withResolvers<void>();
  writable.once("error", finished.reject).once("finish", () => finished.resolve());
  return {
    write: async (piece) => {
      if (writable.write(piece)) return;
      const drained = new Promise<void>((resolve) => writable.once("drain", resolve));
      await Promise.race([drained, finished.promise]);
    },
    finish: async () => {
      writable.end();
      await finished.promise;
      await sql.end();
    },
  };
}
