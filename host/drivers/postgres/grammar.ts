/**
 * PostgreSQL's own parser (libpg_query) as a second opinion on plans. Each statement is filled with
 * the names that it will be sent with, parsed as the server would parse it, and its tree held to what
 * may stand in its place: which tables, in which role, and which columns in which order. What nodes
 * and fields mean: src/include/nodes/parsenodes.h of PostgreSQL.
 */
import type { Plan } from "../../../src/abi/plan.ts";
import { type Shape, updatedColumns } from "../../../src/batch.ts";
import { messageOf } from "../../../src/errors.ts";
import type { Refusal } from "../../../src/policy/dialect.ts";
import type { Grammar } from "../../../src/policy/grammar.ts";
import { insertText } from "../sql/insert_text.ts";
import { asideName, ORDINAL_NAME, render, slotNames, STAGING_NAME } from "../sql/names.ts";
import { POSTGRES_WORDS } from "./dialect.ts";
import { anything, either, fields, node, type Rule, sequence } from "./parse_tree.ts";
import {
  columnRule,
  conflictRule,
  copyOfRule,
  createRule,
  dropRule,
  insertRule,
  ordinalRule,
  plain,
  selectRule,
  sortRule,
  truncateRule,
  valuesRule,
} from "./statement_rules.ts";

/** What parses: the part of the package that is used here. */
interface Parser {
  parseSync(text: string): unknown;
}

/** Where a statement of a plan stands. */
type Place = "create" | "prepare" | "stage" | "write" | "merge" | "finish";

/** The schema and the load are known once the plan is run; what they are called decides nothing. */
const STAND_IN = { schema: "public", loadId: "00000000" };
/** Rows of an INSERT whose text is looked at: every further one is like the second. */
const ROWS = 2;

let loading: Promise<Grammar> | undefined;

/** Loads the parser, once. */
export function loadGrammar(): Promise<Grammar> {
  return loading ??= (async () => {
    const parser = await import("libpg-query");
    await parser.loadModule();
    return { refusalOf: (plan, shape) => refusalOf(plan, shape, parser) };
  })();
}

function refusalOf(plan: Plan, shape: Shape, parser: Parser): Refusal | undefined {
  const schema = shape.table.schema ?? STAND_IN.schema;
  const { loadId } = STAND_IN;
  const names = slotNames(POSTGRES_WORDS, shape, { schema, loadId });
  const rules = placeRules(shape, {
    schema,
    aside: asideName(POSTGRES_WORDS, shape.table.name, loadId),
  });
  for (const phase of ["create", "prepare", "stage", "merge", "finish"] as const) {
    for (const [i, sql] of plan[phase].entries()) {
      const why = denial(render(sql, names), rules[phase], parser);
      if (why !== undefined) return { at: `${phase}[${i}]`, why };
    }
  }
  const text = insertText(POSTGRES_WORDS, plan.write, names).text(ROWS);
  const why = denial(text, rules.write, parser);
  return why === undefined ? undefined : { at: "insert.sql", why };
}

function denial(text: string, rule: Rule, parser: Parser): string | undefined {
  let tree: unknown;
  try {
    tree = parser.parseSync(text);
  } catch (error) {
    return `PostgreSQL cannot read it: ${messageOf(error).slice(0, 200)}`;
  }
  // Where it begins is behind spaces; that it ends before the text does, is for another one behind it.
  const statement = fields({ stmt: rule, stmt_location: anything }, ["stmt"]);
  const one = fields({ version: anything, stmts: sequence([statement]) });
  const why = one(tree);
  return why === undefined ? undefined : `to PostgreSQL it has ${why}`;
}

function placeRules(
  shape: Shape,
  { schema, aside }: { readonly schema: string; readonly aside: string },
): Readonly<Record<Place, Rule>> {
  const columns = shape.columns.map(({ name }) => name);
  const keys = shape.columns.filter(({ key }) => key).map(({ name }) => name);
  const ordered = [...columns, ORDINAL_NAME];
  const target = { schema, name: shape.table.name };
  const besides = { schema, name: aside };
  const staging = { schema: "pg_temp", name: STAGING_NAME };
  const conflict = {
    onConflictClause: conflictRule(keys, updatedColumns(shape).map(({ name }) => name)),
  };
  const upsert = shape.mode === "upsert";
  const replace = shape.mode === "replace";
  const into = replace ? besides : target;
  const write = node({
    InsertStmt: either(
      insertRule(into, columns, {
        source: valuesRule(columns.length),
        more: upsert ? conflict : {},
      }),
      insertRule(staging, columns, { source: valuesRule(columns.length), more: {} }),
      insertRule(staging, ordered, { source: valuesRule(ordered.length), more: {} }),
    ),
  });
  // Of rows with one key the last one, which comes first in the order of falling ordinals.
  const staged = selectRule(columns.map(plain), staging, {
    sortClause: upsert
      ? sequence([...keys.map((name) => sortRule(name)), sortRule(ORDINAL_NAME, "SORTBY_DESC")])
      : sequence([sortRule(ORDINAL_NAME)]),
    ...(upsert ? { distinctClause: sequence(keys.map((name) => columnRule(name))) } : {}),
  }, upsert ? ["sortClause", "distinctClause"] : []);
  return {
    create: node({ CreateStmt: createRule(target, columns, keys) }),
    prepare: replace
      ? node({
        CreateTableAsStmt: copyOfRule(besides, ["p", "u"], {
          query: selectRule(columns.map(plain), target),
          onCommit: "ONCOMMIT_NOOP",
        }),
      })
      : node({}),
    stage: node({
      DropStmt: dropRule(staging),
      CreateTableAsStmt: copyOfRule(staging, ["t"], {
        query: either(
          selectRule(columns.map(plain), target),
          selectRule([...columns.map(plain), ordinalRule()], target),
        ),
        onCommit: "ONCOMMIT_DELETE_ROWS",
      }),
    }),
    write,
    merge: replace ? node({}) : node({
      InsertStmt: insertRule(target, columns, { source: staged, more: upsert ? conflict : {} }),
    }),
    finish: replace
      ? node({
        TruncateStmt: truncateRule(target),
        InsertStmt: insertRule(target, columns, {
          source: selectRule(columns.map(plain), besides),
          more: {},
        }),
      })
      : node({}),
  };
}
