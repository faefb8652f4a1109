/** DuckDB files under trial, each in a folder of its own. */
import { join } from "@std/path";
import { filePlaces, removeFiles } from "../../crash/file_places.ts";
import type { Place } from "../../crash/place.ts";
import type { CrashFamily } from "../crash_family.ts";
import { runOn } from "./family.ts";

/** See {@linkcode CrashFamily}. */
export const crash: CrashFamily = {
  alone: "One process at a time has the file",
  faults: [
    { kind: "refuse", moment: "before", code: "TRANSACTIONCONTEXT", passes: true },
    {
      kind: "refuse",
      moment: "before",
      code: "DISK_FULL",
      passes: false,
      error: "resource_exhausted",
    },
    { kind: "refuse", moment: "after", code: "TRANSACTIONCONTEXT", passes: true },
    { kind: "refuse", moment: "after", code: "IO", passes: false },
    { kind: "refuse", moment: "before", code: "DAMAGED", passes: false },
  ],
  commitFaults: [
    { kind: "refuse", moment: "before", code: "TRANSACTIONCONTEXT" },
    { kind: "refuse", moment: "after", code: "TRANSACTIONCONTEXT" },
  ],
  ...filePlaces(placeIn),
};

/** A file in a folder that is there already; removing it leaves the folder. */
function placeIn(folder: string): Place {
  const path = join(folder, "target.duckdb");
  const rows = async (sql: string) =>
    (await runOn(path, sql)).map((row) =>
      Object.values(row).map((value) => value === null ? null : String(value))
    );
  const execute = async (sql: string) => void await runOn(path, sql);
  return {
    url: `duckdb:${path}`,
    table: "t",
    rejects: join(folder, "rejects"),
    columns: "id BIGINT NOT NULL, label VARCHAR, amount BIGINT CHECK (amount >= 0)",
    sqlName: (table) => table,
    tables: async () =>
      (await rows("SELECT table_name FROM duckdb_tables() WHERE NOT temporary"))
        .map(([name]) => name!),
    rows,
    execute,
    executeAll: (statements) => execute(`BEGIN; ${statements.join("; ")}; COMMIT`),
    remove: () => removeFiles([path, `${path}.wal`, join(folder, "rejects")]),
  };
}
