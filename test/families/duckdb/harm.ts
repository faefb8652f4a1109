/** DuckDB as a world for hostile plans: an engine in memory, whose working folder is one of its own. */
import { DuckDBInstance } from "@duckdb/node-api";
import type { Found, HarmBench, World } from "../harm_bench.ts";

/** What stands beside the target. */
const LAYOUT = `CREATE TABLE other (id BIGINT, a VARCHAR, b VARCHAR, secret VARCHAR);
  INSERT INTO other VALUES (5, 'five', NULL, 'kept'), (6, 'six', NULL, 'too');
  CREATE TABLE _snakepipe_load (id VARCHAR, complete BOOLEAN);
  INSERT INTO _snakepipe_load VALUES ('kept', false);
  CREATE TABLE _snakepipe_batch (id VARCHAR, rows BIGINT);
  INSERT INTO _snakepipe_batch VALUES ('kept', 1);
  CREATE TABLE "t""t" (id BIGINT); CREATE TABLE "id""a" (id BIGINT);
  CREATE SCHEMA evil; CREATE TABLE evil.t (id BIGINT, a VARCHAR, b VARCHAR);`;

function target(found: Found): string {
  if (found === "absent") return "";
  const key = found === "keyed" || found === "referred" ? " PRIMARY KEY" : "";
  const columns = found === "reordered"
    ? "id BIGINT, b VARCHAR, a VARCHAR"
    : `id BIGINT${key}, a VARCHAR, b VARCHAR`;
  return `CREATE TABLE t (${columns});
    INSERT INTO t (id, a, b) VALUES (1, 'one', 'eins'), (2, 'two', 'zwei');`;
}

const SETTINGS = {
  threads: "1",
  memory_limit: "128MiB",
  autoinstall_known_extensions: "false",
  max_temp_directory_size: "0MiB",
};

const LOOKS: Readonly<Record<string, readonly string[]>> = {
  "rows of the table": ["SELECT * FROM main.t ORDER BY 1, 2, 3"],
  "another table": ["SELECT * FROM main.other ORDER BY 1"],
  "the ledger": ["SELECT * FROM main._snakepipe_load", "SELECT * FROM main._snakepipe_batch"],
  "the table itself": [
    "SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() WHERE table_name = 't' AND schema_name = 'main' ORDER BY column_index",
    "SELECT constraint_text FROM duckdb_constraints() WHERE table_name = 't' ORDER BY 1",
    "SELECT index_name FROM duckdb_indexes() WHERE table_name = 't'",
    "SELECT comment FROM duckdb_tables() WHERE table_name = 't'",
  ],
  "other objects": [
    "SELECT schema_name, table_name FROM duckdb_tables() WHERE table_name NOT LIKE '%aside%' AND table_name <> 't' AND NOT temporary ORDER BY 1, 2",
    "SELECT view_name FROM duckdb_views() WHERE NOT internal",
    "SELECT function_name FROM duckdb_functions() WHERE NOT internal",
    "SELECT type_name FROM duckdb_types() WHERE NOT internal",
    "SELECT sequence_name FROM duckdb_sequences()",
    "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal ORDER BY 1",
    "SELECT database_name FROM duckdb_databases() WHERE NOT internal ORDER BY 1",
    "SELECT name FROM duckdb_secrets()",
    "SELECT extension_name FROM duckdb_extensions() WHERE loaded ORDER BY 1",
  ],
  "the server": [
    "SELECT name, value FROM duckdb_settings() WHERE scope <> 'LOCAL' OR name IN ('search_path') ORDER BY 1",
  ],
};

/** What lies in the folder. */
const LAID = ["secret.csv", "secret.json", "in"];

/** Opens a bench in a folder, to which the process changes until it is closed. */
export function duckdbBench(): HarmBench {
  const before = Deno.cwd();
  const folder = Deno.makeTempDirSync({ prefix: "snakepipe_harm_" });
  Deno.chdir(folder);
  Deno.writeTextFileSync("secret.csv", "id,a,b\n70,of,disk\n");
  Deno.writeTextFileSync("secret.json", '{"id":71,"a":"of","b":"json"}\n');
  Deno.mkdirSync("in");
  Deno.writeTextFileSync("in/schema.sql", "CREATE TABLE imported (x INTEGER);\n");
  Deno.writeTextFileSync("in/load.sql", "");
  let instance: DuckDBInstance | undefined;
  /** Whether all but the target stands there as it was laid out. */
  let isLaid = false;
  return {
    begin: "BEGIN",
    endless: /interrupt|out of memory|too large|stack|max expression depth|exceed/i,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    tables: {
      table: '"main"."t"',
      staging: '"temp"."_snakepipe_staging"',
      aside: '"main"."_snakepipe_aside"',
    },
    async open(found, { hurried }): Promise<World> {
      for (const { name } of Deno.readDirSync(folder)) {
        if (!LAID.includes(name)) Deno.removeSync(`${folder}/${name}`, { recursive: true });
      }
      instance ??= await DuckDBInstance.create(":memory:", SETTINGS);
      const engine = instance;
      const connection = await engine.connect();
      const watcher = await engine.connect();
      if (isLaid) {
        await watcher.run("DROP TABLE IF EXISTS _snakepipe_aside; DROP TABLE IF EXISTS t");
      }
      await watcher.run(`${isLaid ? "" : LAYOUT} ${target(found)}`);
      isLaid = true;
      const rowsOf = async (sql: string, by = watcher) => {
        try {
          return JSON.stringify((await by.runAndReadAll(sql)).getRowsJson());
        } catch (error) {
          return (error as Error).message.split("\n")[0]!;
        }
      };
      return {
        async run(text) {
          const deadline = setTimeout(() => connection.interrupt(), hurried ? 400 : 60_000);
          try {
            const [row] = (await connection.runAndReadAll(text)).getRowsJson();
            return row?.map(String).join(", ");
          } finally {
            clearTimeout(deadline);
          }
        },
        lookWithin: async () => ({
          "the session": await rowsOf(
            "SELECT name, value FROM duckdb_settings() WHERE scope = 'LOCAL' AND name NOT LIKE '%ordering%' ORDER BY 1",
            connection,
          ) +
            await rowsOf("SELECT current_schema(), current_database()", connection) +
            await rowsOf("SELECT name FROM pragma_database_list ORDER BY 1", connection) +
            await rowsOf("SELECT name FROM duckdb_prepared_statements()", connection) +
            await rowsOf("SELECT name FROM duckdb_variables()", connection) +
            await rowsOf(
              "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name NOT LIKE '%staging%'",
              connection,
            ),
        }),
        async look(aspects = Object.keys(LOOKS)) {
          // Whatever else was changed: the next one has an engine of its own.
          isLaid = aspects.join() === "rows of the table";
          const seen: Record<string, string> = {};
          for (const [aspect, texts] of Object.entries(LOOKS)) {
            if (!aspects.includes(aspect)) continue;
            seen[aspect] = (await Promise.all(texts.map((sql) => rowsOf(sql)))).join(" ");
          }
          seen["files"] = [...Deno.readDirSync(folder)].map(({ name }) => name).sort().join(", ");
          return seen;
        },
        close() {
          connection.closeSync();
          watcher.closeSync();
          if (!isLaid) {
            engine.closeSync();
            instance = undefined;
          }
          return Promise.resolve();
        },
      };
    },
    [Symbol.asyncDispose]() {
      instance?.closeSync();
      Deno.chdir(before);
      return Deno.remove(folder, { recursive: true });
    },
  };
}
