/** SQLite as a world for hostile plans: a file in a folder of its own, which is the working folder. */
import { DatabaseSync } from "node:sqlite";
import type { Found, HarmBench, World } from "../harm_bench.ts";

const PRAGMAS = [
  "journal_mode",
  "synchronous",
  "cache_size",
  "mmap_size",
  "temp_store",
  "foreign_keys",
  "ignore_check_constraints",
  "locking_mode",
  "query_only",
  "trusted_schema",
  "recursive_triggers",
  "defer_foreign_keys",
  "writable_schema",
  "case_sensitive_like",
  "cell_size_check",
  "read_uncommitted",
  "reverse_unordered_selects",
  "automatic_index",
  "busy_timeout",
  "secure_delete",
  "wal_autocheckpoint",
  "max_page_count",
  "hard_heap_limit",
  "soft_heap_limit",
  "journal_size_limit",
  "legacy_alter_table",
  "cache_spill",
  "checkpoint_fullfsync",
  "threads",
  "analysis_limit",
];

function layout(found: Found): string {
  const key = found === "keyed" || found === "referred" ? " PRIMARY KEY" : "";
  const columns = found === "reordered"
    ? "id INTEGER, b TEXT, a TEXT"
    : `id INTEGER${key}, a TEXT, b TEXT`;
  return `CREATE TABLE other (id INTEGER, a TEXT, b TEXT, secret TEXT);
    INSERT INTO other VALUES (5, 'five', NULL, 'kept'), (6, 'six', NULL, 'too');
    CREATE TABLE _snakepipe_load (id TEXT, complete INTEGER); INSERT INTO _snakepipe_load VALUES ('kept', 0);
    CREATE TABLE _snakepipe_batch (id TEXT, rows INTEGER); INSERT INTO _snakepipe_batch VALUES ('kept', 1);
    CREATE TABLE "t""t" (id INTEGER); CREATE TABLE "id""a" (id INTEGER);
    ${
    found === "absent" ? "" : `CREATE TABLE t (${columns});
    INSERT INTO t (id, a, b) VALUES (1, 'one', 'eins'), (2, 'two', 'zwei');
    CREATE TRIGGER noted AFTER INSERT ON t BEGIN SELECT 1; END;` +
      (found === "referred"
        ? "CREATE TABLE child (t_id INTEGER REFERENCES t (id) ON DELETE CASCADE); INSERT INTO child VALUES (1);"
        : "")
  }`;
}

/** Opens a bench in a folder, to which the process changes until it is closed. */
export function libsqlBench(): HarmBench {
  const before = Deno.cwd();
  const folder = Deno.makeTempDirSync({ prefix: "snakepipe_harm_" });
  Deno.chdir(folder);
  return {
    begin: "BEGIN",
    endless: /interrupted|too big|out of memory|string or blob|stack overflow|too deep|depth/i,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    tables: { table: '"t"', staging: 'temp."_snakepipe_staging"', aside: '"_snakepipe_aside"' },
    open(found, { mode, hurried }): Promise<World> {
      for (const { name } of Deno.readDirSync(folder)) {
        Deno.removeSync(`${folder}/${name}`, { recursive: true });
      }
      Deno.writeTextFileSync("secret", "of the disk");
      const file = `${folder}/target.db`;
      const db = new DatabaseSync(file, { allowExtension: true });
      db.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
      db.exec(
        "ATTACH ':memory:' AS _snakepipe_image; CREATE TABLE _snakepipe_image._snakepipe_rows (id, a, b); INSERT INTO _snakepipe_image._snakepipe_rows VALUES (80, 'image', NULL)",
      );
      db.exec(`BEGIN; ${layout(found)} COMMIT; PRAGMA journal_mode = DELETE`);
      // A replace empties a table that others refer to, and fills it again: keys are looked at in the end.
      const first = (text: string) => {
        // A driver would run one; whoever sends a text runs them all.
        if (/;/.test(text)) return void db.exec(text);
        const statement = db.prepare(text);
        statement.setReturnArrays(true);
        const rows: unknown[] = [];
        const until = performance.now() + (hurried ? 300 : 60_000);
        for (const row of statement.iterate()) {
          if (rows.length === 0) rows.push(row);
          if (performance.now() > until) throw new Error("interrupted: it does not end");
        }
        return rows[0] === undefined ? undefined : (rows[0] as unknown[]).map(String).join(", ");
      };
      if (mode === "replace") db.exec("PRAGMA foreign_keys = OFF");
      db.enableDefensive?.(false);
      const rowsOf = (table: string, order: string) => {
        try {
          return JSON.stringify(peek.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all());
        } catch (error) {
          return (error as Error).message;
        }
      };
      let peek: DatabaseSync;
      return Promise.resolve({
        run: (text) => Promise.try(() => first(text)),
        lookWithin: () =>
          Promise.try(() => {
            const settings = PRAGMAS.map((name) => {
              const row = db.prepare(`PRAGMA ${name}`).get();
              return `${name} = ${row && Object.values(row)[0]}`;
            });
            const temporary = db.prepare(
              "SELECT name FROM sqlite_temp_master WHERE name NOT LIKE '%_snakepipe%'",
            ).all();
            return {
              "the session": `${settings.join(", ")} ${JSON.stringify(temporary)} ${
                JSON.stringify(db.prepare("PRAGMA database_list").all().map((d) => d.name))
              }`,
            };
          }),
        look: () =>
          Promise.try(() => {
            db.close();
            peek = new DatabaseSync(file);
            try {
              return {
                "rows of the table": rowsOf("t", "1, 2, 3"),
                "another table": rowsOf("other", "1") + rowsOf("child", "1"),
                "the ledger": rowsOf("_snakepipe_load", "1") + rowsOf("_snakepipe_batch", "1"),
                "the table itself": rowsOf("sqlite_schema WHERE tbl_name = 't'", "name").replace(
                  /"rootpage":\d+,?/g,
                  "",
                ),
                "other objects": rowsOf(
                  "sqlite_schema WHERE tbl_name <> 't' AND name NOT LIKE '%aside%'",
                  "name",
                ).replace(/"rootpage":\d+,?/g, ""),
                "the server": JSON.stringify([
                  peek.prepare("PRAGMA user_version").get(),
                  peek.prepare("PRAGMA application_id").get(),
                  peek.prepare("PRAGMA journal_mode").get(),
                  peek.prepare("PRAGMA page_size").get(),
                  peek.prepare("PRAGMA auto_vacuum").get(),
                ]),
                "files": [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
                  !/^target\.db/.test(name)
                ).sort().join(", "),
              };
            } finally {
              peek.close();
            }
          }),
        close: () => Promise.resolve(),
      });
    },
    [Symbol.asyncDispose]() {
      Deno.chdir(before);
      return Deno.remove(folder, { recursive: true });
    },
  };
}
