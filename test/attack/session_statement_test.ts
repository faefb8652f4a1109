/**
 * Statements outside of loads carry no slot, so the forms let few of them stand: the databases' own
 * parsers read each of them here, and none does more than to set what a session may set, or to probe.
 */
import { assert, assertEquals } from "@std/assert";
import { constants, DatabaseSync } from "node:sqlite";
import { loadModule, parseSync } from "libpg-query";
import { LIBSQL_FORMS } from "../../host/drivers/libsql/forms.ts";
import { POSTGRES_FORMS } from "../../host/drivers/postgres/forms.ts";
import type { Dialect } from "../../src/policy/dialect.ts";
import { type Form, parseForm } from "../../src/policy/form.ts";

/** Numbers that stand for all that a form lets stand. */
function numbers(valueMax = Number.MAX_SAFE_INTEGER): string[] {
  return ["0", "1", String(valueMax)];
}

/** Every statement that fits a form, but for its numbers. */
function sentences(form: Form): string[] {
  switch (form.kind) {
    case "word":
    case "sign":
      return [form.text];
    case "number":
      return form.value === undefined ? numbers(form.valueMax) : [String(form.value)];
    case "sequence":
      return form.parts.map(sentences).reduce(
        (heads, tails) => heads.flatMap((head) => tails.map((tail) => `${head} ${tail}`.trim())),
        [""],
      );
    case "either":
      return form.parts.flatMap(sentences);
    case "optional":
      return ["", ...sentences(form.part)];
    case "slot":
    case "each":
    case "plain":
      throw new Error(`A ${form.kind} where there is no table`);
  }
}

function statementsOf({ session, teardown, health, named }: Dialect): string[] {
  return [...session, ...teardown, ...health].flatMap((text) => sentences(parseForm(text, named)));
}

Deno.test("session statements of PostgreSQL set three settings, or probe", async () => {
  await loadModule();
  const statements = statementsOf(POSTGRES_FORMS);
  assert(statements.length > 20, `${statements.length}`);
  const kinds = new Set<string>();
  for (const text of statements) {
    const { stmts } = parseSync(text) as { stmts: { stmt: Record<string, Tree> }[] };
    assertEquals(stmts.length, 1, text);
    const [[kind, tree]] = Object.entries(stmts[0]!.stmt) as [[string, Tree]];
    if (kind === "VariableSetStmt") {
      assertEquals([tree.kind, tree.is_local], ["VAR_SET_VALUE", undefined], text);
      kinds.add(`SET ${tree.name}`);
    } else {
      assertEquals(Object.keys(tree).sort(), ["limitOption", "op", "targetList"], text);
      const { funcname } = tree.targetList![0]!.ResTarget.val.FuncCall ?? {};
      kinds.add(`${kind} ${funcname?.[0]?.String.sval ?? ""}`);
    }
  }
  assertEquals([...kinds].sort(), [
    "SET jit",
    "SET maintenance_work_mem",
    "SET synchronous_commit",
    "SET work_mem",
    "SelectStmt ",
    "SelectStmt pg_is_in_recovery",
    "SelectStmt version",
  ]);
});

/** As much of a parse tree as is looked at. */
interface Tree {
  readonly kind?: string;
  readonly name?: string;
  readonly is_local?: boolean;
  readonly targetList?: readonly {
    readonly ResTarget: {
      readonly val: {
        readonly FuncCall?: { readonly funcname: readonly { String: { sval: string } }[] };
      };
    };
  }[];
}

Deno.test("session statements of SQLite set a few pragmas, or probe", () => {
  const statements = statementsOf(LIBSQL_FORMS);
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
