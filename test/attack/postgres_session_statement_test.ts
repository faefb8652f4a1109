/** PostgreSQL's parser on every session statement that the patterns let stand. */
import { assert, assertEquals } from "@std/assert";
import { loadModule, parseSync } from "libpg-query";
import { POSTGRES_RECIPES } from "../../host/drivers/postgres/recipes.ts";
import { statementsOf } from "./session_statement.ts";

Deno.test("session statements of PostgreSQL set three settings, or probe", async () => {
  await loadModule();
  const statements = statementsOf(POSTGRES_RECIPES);
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
