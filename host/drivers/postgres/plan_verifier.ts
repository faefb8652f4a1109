/**
 * PostgreSQL's own parser (libpg_query) verifies plans. Each statement is filled with
 * the names that it will be sent with, and parsed as the server would parse it. Its tree has to be that
 * of a statement which may stand in its place, written by us: the same tables, in the same role, and
 * the same columns in the same order. So a syntax that we have never met is refused, whatever it means.
 */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import { type Shape, updatedColumns } from "../../../src/model/batch.ts";
import { messageOf } from "../../../src/model/errors.ts";
import type { AskedWord } from "../../../src/plugin_api/words.ts";
import { withoutOptions } from "../../../src/plan_policy/dialect_words.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../../src/plan_policy/plan_verifier.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import { render, slotNames } from "../sql/names.ts";
import { type Phase, refusalOf, ROWS } from "../sql/planned_statements.ts";
import { POSTGRES_WORDS, quoteName } from "./names_and_types.ts";
import { POSTGRES_RECIPES } from "./recipes.ts";

/** What parses: the part of the package that is used here. */
interface Parser {
  parseSync(text: string): unknown;
}

/** The schema and the load are known once the plan is run; what they are called decides nothing. */
const STAND_IN = { schema: "public", loadId: "00000000" };
/** How much of a statement of ours is shown. */
const SHOWN_MAX = 200;

let loading: Promise<PlanVerifier> | undefined;

/** Loads the parser, once. */
export function loadPlanVerifier(): Promise<PlanVerifier> {
  return loading ??= (async () => {
    const parser = await import("libpg-query");
    await parser.loadModule();
    return { refusalOf: (plan, shape, words) => refusalIn(plan, shape, { parser, words }) };
  })();
}

/** A parser, and what a plan may say beside the recipes. */
interface Reader {
  readonly parser: Parser;
  readonly types: ReadonlySet<string>;
}

function refusalIn(
  plan: Plan,
  shape: Shape,
  { parser, words: granted = [] }: {
    readonly parser: Parser;
    readonly words: readonly AskedWord[] | undefined;
  },
): Refusal | undefined {
  const { loadId, schema } = STAND_IN;
  const words = POSTGRES_WORDS;
  const names = slotNames(words, shape, { schema: shape.table.schema ?? schema, loadId });
  const isUnlogged = granted.some(({ kind, name }) => kind === "option" && name === "unlogged");
  const expected = expectedOf(shape, names, isUnlogged);
  const types = granted.filter(({ kind }) => kind === "type").map(({ name }) => name);
  const reader = { parser, types: new Set(types) };
  const columnCount = shape.columns.length;
  const create: string[] = [];
  for (const [i, sql] of plan.create.entries()) {
    const plain = withoutOptions(sql, granted, { dialect: POSTGRES_RECIPES, columnCount });
    create.push(plain.sql);
    const [option] = plain.options;
    // What PostgreSQL itself reads may have a table take anything.
    if (option && isRead(render(sql, names), parser)) {
      return { at: `create[${i}]`, why: `to PostgreSQL the option ${option.name} is of its own` };
    }
  }
  return refusalOf(
    { ...plan, create },
    { words, names },
    (sql, phase) => denial(sql, expected[phase], reader),
  );
}

function isRead(text: string, parser: Parser): boolean {
  try {
    parser.parseSync(text);
    return true;
  } catch {
    return false;
  }
}

function denial(text: string, expected: readonly string[], reader: Reader): string | undefined {
  let tree: string;
  try {
    tree = treeOf(text, reader);
  } catch (error) {
    return `PostgreSQL cannot read it: ${messageOf(error).slice(0, 200)}`;
  }
  if (expected.some((one) => treeOf(one, reader) === tree)) return undefined;
  const [first = "nothing"] = expected;
  return `to PostgreSQL it is another statement than what may stand there, as ${
    first.slice(0, SHOWN_MAX)
  }`;
}

/**
 * The tree as a text, which is the same for all statements that may stand for each other. That a
 * statement ends before the text does, for another one behind it, stands in it.
 */
function treeOf(text: string, { parser, types }: Reader): string {
  return JSON.stringify(parser.parseSync(text), function (this: object, field, value) {
    if (field === "typeName" && "colname" in this && isOneOf(types, value)) return undefined;
    return mayDiffer(field, value, this) ? undefined : value;
  });
}

/** Whether a type is one of these, by its name alone and with nothing but numbers and words in brackets. */
function isOneOf(types: ReadonlySet<string>, type: unknown): boolean {
  const [, name] = GRANTED.exec(plain(type)) ?? [];
  return name !== undefined && types.has(name);
}

const GRANTED = new RegExp(
  '^{"names":\\[(?:{"String":{"sval":"pg_catalog"}},)?{"String":{"sval":"([a-z0-9_]+)"}}\\]' +
    '(,"typmods":\\[(({"A_Const":{"ival":{("ival":\\d+)?}}}|' +
    '{"ColumnRef":{"fields":\\[{"String":{"sval":"[a-z0-9_]+"}}\\]}}),?)+\\])?,"typemod":-1}$',
);

/** Types by the names that the parser gives to the words that may stand for them. */
const TYPE_NAME =
  "pg_catalog|bool|int[248]|float[48]|numeric|text|varchar|bpchar|jsonb?|bytea|date|" +
  "uuid|timestamp|timestamptz|time|timetz";
/** What stands behind a column's name, and behind its table, as JSON without places. */
const TYPE = new RegExp(
  `^{"names":\\[({"String":{"sval":"(${TYPE_NAME})"}},?)+\\]` +
    `(,"typmods":\\[({"A_Const":{"ival":{("ival":\\d+)?}}},?)+\\])?,"typemod":-1}$`,
);
const NULLABLE = new RegExp(
  '^\\[({"Constraint":{"contype":"CONSTR_(NOT)?NULL"(,"(is_enforced|initially_valid)":true)*}},?)+\\]$',
);
const FILLFACTOR = new RegExp(
  '^\\[{"DefElem":{"defname":"fillfactor","arg":{"Integer":{("ival":\\d+)?}},' +
    '"defaction":"DEFELEM_UNSPEC"}}\\]$',
);

/**
 * Whether a field says nothing that matters: where in the text something stands, or what a plan is free
 * to say. What nodes and fields mean: src/include/nodes/parsenodes.h of PostgreSQL.
 */
function mayDiffer(field: string, value: unknown, node: object): boolean {
  switch (field) {
    case "location":
    case "stmt_location":
    case "missing_ok":
      return true;
    case "if_not_exists":
      // Not of a table that is made from a query.
      return "tableElts" in node;
    case "override":
      return value === "OVERRIDING_NOT_SET" || value === "OVERRIDING_SYSTEM_VALUE";
    case "typeName":
      return "colname" in node && isLike(TYPE, value);
    case "constraints":
      return isLike(NULLABLE, value);
    case "options":
      return isLike(FILLFACTOR, value);
    default:
      return false;
  }
}

function isLike(form: RegExp, value: unknown): boolean {
  return form.test(plain(value));
}

/** A part of a tree, without places. */
function plain(part: unknown): string {
  return JSON.stringify(part, (field, value) => field === "location" ? undefined : value);
}

/** What may stand in each place, the usual statement first. */
function expectedOf(
  shape: Shape,
  { table, staging, aside, ordinal, columns, keys }: SlotNames,
  isUnlogged: boolean,
): Readonly<Record<Phase, readonly string[]>> {
  const { mode } = shape;
  const list = columns.join(", ");
  const key = keys.join(", ");
  const definitions = columns.map((name) => `${name} text`).join(", ");
  const kinds = isUnlogged ? ["TABLE", "UNLOGGED TABLE"] : ["TABLE"];
  const own = kinds.map((kind) => `CREATE ${kind} ${table} (${definitions}`);
  const values = (width: number) => {
    const row = (first: number) => Array.from({ length: width }, (_, i) => `$${first + i}`);
    const rows = Array.from({ length: ROWS }, (_, i) => `(${row(1 + i * width).join(", ")})`);
    return `VALUES ${rows.join(", ")}`;
  };
  const copyOf = (what: string, from: string, onCommit = "") =>
    `CREATE ${what} ${onCommit} AS SELECT ${from} FROM ${table} WITH NO DATA`;
  const like = `LIKE ${table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY`;
  const staged = `TEMP TABLE ${staging}`;
  const emptied = "ON COMMIT DELETE ROWS";
  const analyze = `ANALYZE ${table}`;
  const set = updatedColumns(shape).map(({ name }) => quoteName(name))
    .map((name) => `${name} = excluded.${name}`);
  const conflict = mode === "upsert" ? `ON CONFLICT (${key}) DO UPDATE SET ${set.join(", ")}` : "";
  const insert = `INSERT INTO ${table} (${list})`;
  const merge = `${insert} SELECT ${list} FROM ${staging}`;
  const into = mode === "replace" ? aside : table;
  return {
    create: own.flatMap((begin) => [
      ...key === "" ? [] : [`${begin}, PRIMARY KEY (${key}))`],
      `${begin})`,
    ]),
    prepare: mode === "replace"
      ? ["TABLE", "UNLOGGED TABLE"].flatMap((what) => [
        copyOf(`${what} ${aside}`, list),
        `CREATE ${what} ${aside} (${like})`,
      ])
      : [],
    stage: [
      copyOf(staged, `${list}, CAST(0 AS bigint) AS ${ordinal}`, emptied),
      `DROP TABLE ${staging}`,
      copyOf(staged, list, emptied),
      `CREATE ${staged} (${like}, ${ordinal} bigint) ${emptied}`,
      `CREATE ${staged} (${like}) ${emptied}`,
    ],
    write: [
      `INSERT INTO ${into} (${list}) ${values(columns.length)} ${conflict}`,
      `INSERT INTO ${staging} (${list}, ${ordinal}) ${values(columns.length + 1)}`,
      `INSERT INTO ${staging} (${list}) ${values(columns.length)}`,
    ],
    merge: {
      append: [merge, `${merge} ORDER BY ${ordinal}`],
      // Of rows with one key the last one, which comes first in the order of falling ordinals.
      upsert: [
        `${insert} SELECT DISTINCT ON (${key}) ${list} FROM ${staging} ` +
        `ORDER BY ${key}, ${ordinal} DESC ${conflict}`,
      ],
      replace: [],
    }[mode],
    finish: mode === "replace"
      ? [`${insert} SELECT ${list} FROM ${aside}`, `TRUNCATE TABLE ${table}`, analyze]
      : [analyze],
  };
}
