/** A parser of MySQL's SQL on every session statement that the patterns let stand. */
import { assert, assertEquals } from "@std/assert";
import { MYSQL_RECIPES } from "../../host/drivers/mysql/recipes.ts";
import { statementsOf } from "./session_statement.ts";

/** Trees without what is null or empty, and without the numbers. */
const TREES = [
  '{"type":"select","columns":[{"expr":{"type":"function","name":{"name":[{"type":"default","value":"VERSION"}]},"args":{"type":"expr_list"}}}]}',
  '{"type":"select","columns":[{"expr":{"type":"number"}}]}',
  '{"type":"set","keyword":"SESSION","expr":[{"type":"assign","left":{"type":"var",' +
  '"name":"INNODB_LOCK_WAIT_TIMEOUT"},"symbol":"=","right":{"type":"number"}}]}',
];

Deno.test("session statements of MySQL set how long a lock is waited for, or probe", async () => {
  const module = await import("node-sql-parser/build/mysql");
  const { Parser } = (module as unknown as { readonly default: typeof module }).default;
  const parser = new Parser();
  const statements = statementsOf(MYSQL_RECIPES);
  assert(statements.length > 6, `${statements.length}`);
  const trees = statements.map((text) => written(parser.astify(text, { database: "mysql" })));
  assertEquals([...new Set(trees)].sort(), TREES);
});

function written(tree: unknown): string {
  return JSON.stringify(tree, (_, value) => {
    if (value?.type === "number" || value?.type === "bigint") return { type: "number" };
    const empty = value === null || value.length === 0 || isEmpty(value);
    return empty ? undefined : value;
  });
}

/** `{"position": null}`, for one. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.values(value!).every((each) => each === null);
}
