/** SQLite's authorizer on every session statement that the patterns let stand. */
import { assert, assertEquals } from "@std/assert";
import { constants, DatabaseSync } from "node:sqlite";
import { LIBSQL_RECIPES } from "../../host/drivers/libsql/recipes.ts";
import { statementsOf } from "./session_statement.ts";

Deno.test("session statements of SQLite set a few pragmas, or probe", () => {
  const statements = statementsOf(LIBSQL_RECIPES);
  assert(statements.length > 20, `${statements.length}`);
  const asked = new Set<string>();
  using database = new DatabaseSync(":memory:");
  database.setAuthorizer((action, first, second) => {
    if (action === constants.SQLITE_PRAGMA) asked.add(`PRAGMA ${first?.toLowerCase()}`);
    else if (action === constants.SQLITE_FUNCTION) asked.add(`FUNCTION ${second}`);
    else asked.add(action === constants.SQLITE_SELECT ? "SELECT" : `${action} ${first}`);
    return constants.SQLITE_OK;
  });
  for (const text of statements) database.prepare(text);
  assertEquals([...asked].sort(), [
    "FUNCTION sqlite_version",
    "PRAGMA cache_size",
    "PRAGMA foreign_keys",
    "PRAGMA journal_mode",
    "PRAGMA journal_size_limit",
    "PRAGMA mmap_size",
    "PRAGMA optimize",
    "PRAGMA synchronous",
    "PRAGMA temp_store",
    "SELECT",
  ]);
});
