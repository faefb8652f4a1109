/**
 * A parser of MySQL's SQL verifies plans: what it makes of a statement is what it makes
 * of the one that a load of this shape and mode needs in that place, written by us. Names are not the
 * shape's but plain ones: the driver quotes them, and a plan has none.
 */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import { type Shape, updatedColumns } from "../../../src/model/batch.ts";
import type { AskedWord } from "../../../src/plugin_api/words.ts";
import { withPlainTypes } from "../../../src/plan_policy/dialect_words.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../../src/plan_policy/plan_verifier.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import { insertText } from "../sql/insert_text.ts";
import { checkShape } from "../sql/names.ts";
import { type Phase, refusalOf } from "../sql/planned_statements.ts";
import { mysqlWords } from "./names_and_types.ts";

/** A tree of the parser's. */
type Tree = Readonly<Record<string, unknown>>;
type Parse = (sql: string) => unknown;

const WORDS = { ...mysqlWords({ isMariaDb: true }), placeholder: () => "?" };

/** What a column of a table that a plan makes may have beside its name. */
const OF_COLUMNS = new Set(["definition", "resource", "nullable", "collate", "character_set"]);
const OPTIONS = new Set(["engine", "character set", "collate"]);
/** Types that keep what they are given, or refuse it. */
const TYPES =
  /^(BOOLEAN|(TINY|SMALL|BIG)?INT|MEDIUMINT|INTEGER|FLOAT|DOUBLE|DECIMAL|(VAR)?CHAR|VARBINARY|(MEDIUM|LONG)?(TEXT|BLOB)|JSON|DATE|(DATE)?TIME|TIMESTAMP)$/;

let loading: Promise<PlanVerifier> | undefined;

/** Loads the parser, once. */
export function loadPlanVerifier(): Promise<PlanVerifier> {
  return loading ??= (async () => {
    const module = await import("node-sql-parser/build/mysql");
    // A module of another system, whose names are not found.
    const { Parser } = (module as unknown as { readonly default: typeof module }).default;
    const parser = new Parser();
    const parse: Parse = (sql) => parser.astify(sql, { database: "mysql" });
    return {
      refusalOf: (plan, shape, words = []) =>
        refusalIn(withOwnTypes(plan, words, shape.columns.length), shape, parse),
    };
  })();
}

/** The plan as a parser can read it that does not know the types which were granted. */
function withOwnTypes(plan: Plan, words: readonly AskedWord[], columnCount: number): Plan {
  const create = plan.create.map((sql) => withPlainTypes(sql, words, { type: "INT", columnCount }));
  return { ...plan, create };
}

function refusalIn(plan: Plan, shape: Shape, parse: Parse): Refusal | undefined {
  checkShape(WORDS, shape);
  const names = namesOf(shape);
  const keyed = names.keys.length > 0 && /\bPRIMARY\b/i.test(plan.create[0] ?? "");
  if (plan.create.length > 0 && shape.mode === "upsert" && !keyed) {
    return { at: "create[0]", why: "it makes no key, and without one no row would be updated" };
  }
  const expected = expectedOf(shape, keyed ? names : { ...names, keys: [] });
  const refusal = refusalOf(plan, { words: WORDS, names }, (sql, phase, i) => {
    const [usual, ...others] = [expected[phase][i] ?? []].flat();
    if (usual === undefined) return "no statement may stand there";
    const difference = (wanted: string) =>
      differenceOf(sql, wanted, { parse, creates: phase === "create" });
    return others.some((wanted) => difference(wanted) === undefined)
      ? undefined
      : difference(usual);
  });
  if (refusal) return refusal;
  for (const phase of ["prepare", "finish"] as const) {
    const { length } = plan[phase];
    if (length < expected[phase].length) {
      return { at: `${phase}[${length}]`, why: "a statement is missing" };
    }
  }
  const bound = insertText(WORDS, plan.write, names).args(names.columns, () => 0);
  return bound.every((column, i) => column === names.columns[i])
    ? undefined
    : { at: "insert.sql", why: "a value goes to another column" };
}

function namesOf({ columns }: Shape): SlotNames {
  const named = columns.map((_, i) => `c${i}`);
  return {
    table: "target",
    tableName: "target",
    staging: "staging",
    aside: "aside",
    ordinal: "ordinal",
    columns: named,
    keys: named.filter((_, i) => columns[i]!.key),
  };
}

/**
 * The statements of each phase, the usual one first where there are several; those of a table that is made
 * are of columns without types.
 */
function expectedOf(
  shape: Shape,
  { columns, keys }: SlotNames,
): Readonly<Record<Phase, readonly (string | readonly string[])[]>> {
  const { mode } = shape;
  const replaces = mode === "replace";
  const list = columns.join(", ");
  const row = `(${columns.map(() => "?").join(", ")})`;
  const updated = new Set(updatedColumns(shape));
  const sets = columns.filter((_, i) => updated.has(shape.columns[i]!))
    .map((name) => `${name} = VALUES(${name})`);
  const key = keys.length > 0 ? `, PRIMARY KEY (${keys.join(", ")})` : "";
  return {
    create: [`CREATE TABLE target (${columns.map((name) => `${name} INT`).join(", ")}${key})`],
    prepare: replaces
      ? [[
        `CREATE TABLE aside AS SELECT ${list} FROM target WHERE 0`,
        "CREATE TABLE aside LIKE target",
        "CREATE TABLE aside (LIKE target)",
      ]]
      : [],
    stage: [],
    write: [
      `INSERT INTO ${replaces ? "aside" : "target"} (${list}) VALUES ${row}, ${row}` +
      (mode === "upsert" ? ` ON DUPLICATE KEY UPDATE ${sets.join(", ")}` : ""),
    ],
    merge: [],
    finish: replaces
      ? ["DELETE FROM target", `INSERT INTO target (${list}) SELECT ${list} FROM aside`]
      : [],
  };
}

/** Why a statement is not what it has to be; undefined where it is. */
function differenceOf(
  sql: string,
  wanted: string,
  { parse, creates }: { readonly parse: Parse; readonly creates: boolean },
): string | undefined {
  // The parser skips comments, and the server runs some of them.
  if (/\/\*|--|#/.test(sql)) return "it has a comment";
  let found: unknown;
  try {
    found = parse(sql);
  } catch {
    return "MySQL's grammar does not know it";
  }
  const [statement, ...more] = [found].flat() as Tree[];
  if (more.length > 0) return "to MySQL it is several statements";
  const [other] = [parse(wanted)].flat() as Tree[];
  const [a, b] = creates ? [withoutTypes(statement!), withoutTypes(other!)] : [statement, other];
  return written(a) === written(b) ? undefined : "to MySQL it is another statement";
}

/** A table that is made, without what a plan may choose; whatever else it says of it stays. */
function withoutTypes(statement: Tree): Tree {
  const definitions = (statement.create_definitions as Tree[] | null ?? []).map((definition) =>
    definition.resource === "column"
      ? Object.fromEntries(
        Object.entries(definition).filter(([name, value]) =>
          value && !(OF_COLUMNS.has(name) && isPlain(name, value))
        ),
      )
      : definition
  );
  const options = (statement.table_options as Tree[] | null ?? []).filter(({ keyword, value }) =>
    !OPTIONS.has(String(keyword).toLowerCase()) || (keyword === "engine" && value !== "INNODB") ||
    !isPlain(String(keyword), value)
  );
  return {
    ...statement,
    if_not_exists: null,
    create_definitions: definitions,
    table_options: options.length > 0 ? options : null,
  };
}

/** A type, and a collation by which no two texts are one. */
function isPlain(name: string, value: unknown): boolean {
  if (name === "definition") {
    const { dataType, suffix } = value as { dataType: string; suffix?: unknown[] };
    return TYPES.test(dataType) && !suffix?.some((word) => word);
  }
  return name !== "collate" || /"\w+_bin"/i.test(JSON.stringify(value));
}

/** Trees are equal where this is. Of keywords, case is of no matter. */
function written(tree: unknown): string {
  return JSON.stringify(tree, (name, value) => {
    if (name === "loc") return undefined;
    return typeof value === "string" ? value.toLowerCase() : value;
  });
}
