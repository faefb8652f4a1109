/** SQLite files under trial, each in a folder of its own. */
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { filePlaces, removeFiles } from "../../crash/file_places.ts";
import { type Place, readAsText } from "../../crash/place.ts";
import type { CrashFamily } from "../crash_family.ts";

/** See {@linkcode CrashFamily}. */
export const crash: CrashFamily = {
  faults: [
    { kind: "refuse", moment: "before", code: "SQLITE_BUSY", passes: true },
    { kind: "refuse", moment: "before", code: "SQLITE_LOCKED", passes: true },
    {
      kind: "refuse",
      moment: "before",
      code: "SQLITE_FULL",
      passes: false,
      error: "resource_exhausted",
    },
    { kind: "refuse", moment: "after", code: "SQLITE_IOERR", passes: false },
    { kind: "refuse", moment: "before", code: "SQLITE_CORRUPT", passes: false },
  ],
  // A file's COMMIT cannot be answered and not be heard: the engine says that it does not know.
  commitFaults: [
    { kind: "refuse", moment: "before", code: "SQLITE_BUSY" },
    { kind: "refuse", moment: "after", code: "SQLITE_IOERR" },
  ],
  hold: lockFile,
  impatient: (waitMs) => ["--set", `busyTimeoutMs=${waitMs}`],
  ...filePlaces(placeIn),
};

/** A file in a folder that is there already; removing it leaves the folder. */
function placeIn(folder: string): Place {
  const path = join(folder, "target.db");
  const look = <T>(use: (db: DatabaseSync) => T): Promise<T> => {
    const db = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return Promise.resolve(use(db));
    } finally {
      db.close();
    }
  };
  const rows = (sql: string) =>
    look((db) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return readAsText(statement.all() as unknown as unknown[][]);
    });
  const execute = (sql: string) => look((db) => db.exec(sql));
  return {
    url: `libsql:${path}`,
    table: "t",
    rejects: join(folder, "rejects"),
    columns: "id INTEGER NOT NULL, label TEXT, amount INTEGER CHECK (amount >= 0)",
    sqlName: (table) => table,
    tables: async () => {
      const found = await rows("SELECT name FROM sqlite_schema WHERE type = 'table'");
      return found.map(([name]) => name!).filter((name) => !name.startsWith("sqlite_"));
    },
    rows,
    execute,
    executeAll: (statements) => execute(`BEGIN; ${statements.join("; ")}; COMMIT`),
    remove: () =>
      removeFiles([
        ...["", "-wal", "-shm", "-journal"].map((suffix) => path + suffix),
        join(folder, "rejects"),
      ]),
  };
}

async function lockFile(place: Place): Promise<() => Promise<void>> {
  const db = new DatabaseSync(place.url.replace(/^libsql:/, ""), { timeout: 0 });
  for (;;) {
    try {
      db.exec("BEGIN IMMEDIATE");
      break;
    } catch {
      // The load has it; without a pause in the engine, this thread stays free.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  let held = true;
  return () => {
    if (held) {
      db.exec("ROLLBACK");
      db.close();
    }
    held = false;
    return Promise.resolve();
  };
}
