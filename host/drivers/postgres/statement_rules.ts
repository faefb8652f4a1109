/**
 * What the statements of loads look like as parse trees; see `grammar.ts`. Names are as they are
 * without quotes.
 */
import { ORDINAL_NAME } from "../sql/names.ts";
import {
  anything,
  either,
  type Fields,
  fields,
  list,
  node,
  oneOf,
  type Rule,
  sequence,
} from "./parse_tree.ts";

/** A table. */
export interface Table {
  readonly schema: string;
  readonly name: string;
}

const LOCATION: Fields = { location: anything };
const SELECT: Fields = {
  limitOption: oneOf("LIMIT_OPTION_DEFAULT"),
  op: oneOf("SETOP_NONE"),
};
const NUMBER = node({
  A_Const: fields({ ival: fields({ ival: anything }), ...LOCATION }, ["ival"]),
});
/** Types by the names that the parser gives to the words that may stand for them. */
const TYPE_NAMES = [
  ...[
    "pg_catalog",
    "bool",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric",
    "text",
    "varchar",
  ],
  ...[
    "bpchar",
    "json",
    "jsonb",
    "bytea",
    "date",
    "uuid",
    "timestamptz",
    "timestamp",
    "time",
    "timetz",
  ],
];
const TYPE = fields({
  names: list(node({ String: fields({ sval: oneOf(...TYPE_NAMES) }, ["sval"]) })),
  typmods: list(NUMBER),
  typemod: oneOf(-1),
  ...LOCATION,
}, ["names"]);

function word(text: string): Rule {
  return node({ String: fields({ sval: oneOf(text) }, ["sval"]) });
}

/** A table, by its schema. */
export function tableRule({ schema, name }: Table, persistence: readonly string[] = ["p"]): Rule {
  return fields({
    schemaname: oneOf(schema),
    relname: oneOf(name),
    inh: oneOf(true),
    relpersistence: oneOf(...persistence),
    ...LOCATION,
  }, ["schemaname", "relname", "inh", "relpersistence"]);
}

/** A column, by its name or by a path. */
export function columnRule(...path: readonly string[]): Rule {
  return node({ ColumnRef: fields({ fields: sequence(path.map(word)), ...LOCATION }, ["fields"]) });
}

/** A column that is selected as it is. */
export function plain(name: string): Rule {
  return node({ ResTarget: fields({ val: columnRule(name), ...LOCATION }, ["val"]) });
}

/** A number of the ordinal's type, by its name. */
export function ordinalRule(): Rule {
  const val = node({ TypeCast: fields({ arg: NUMBER, typeName: TYPE, ...LOCATION }) });
  return node({
    ResTarget: fields({ name: oneOf(ORDINAL_NAME), val, ...LOCATION }, ["name", "val"]),
  });
}

/** SELECT of these from one table. */
export function selectRule(
  targets: readonly Rule[],
  from: Table,
  more: Fields = {},
  required: readonly string[] = [],
): Rule {
  return node({
    SelectStmt: fields({
      targetList: sequence(targets),
      fromClause: sequence([node({ RangeVar: tableRule(from) })]),
      ...SELECT,
      ...more,
    }, ["targetList", "fromClause", ...required]),
  });
}

/** One part of an ORDER BY: a column. */
export function sortRule(column: string, direction = "SORTBY_DEFAULT"): Rule {
  return node({
    SortBy: fields({
      node: columnRule(column),
      sortby_dir: oneOf(direction),
      sortby_nulls: oneOf("SORTBY_NULLS_DEFAULT"),
      ...LOCATION,
    }, ["node"]),
  });
}

/** Rows of parameters, as they are: a cast could keep less than the column would. */
export function valuesRule(width: number): Rule {
  const value = node({ ParamRef: fields({ number: anything, ...LOCATION }, ["number"]) });
  const row = node({ List: fields({ items: sequence(Array(width).fill(value)) }, ["items"]) });
  return node({ SelectStmt: fields({ valuesLists: list(row), ...SELECT }, ["valuesLists"]) });
}

/** INSERT of these columns. */
export function insertRule(
  into: Table,
  columns: readonly string[],
  { source, more }: { readonly source: Rule; readonly more: Fields },
): Rule {
  const cols = columns.map((name) =>
    node({ ResTarget: fields({ name: oneOf(name), ...LOCATION }, ["name"]) })
  );
  return fields({
    relation: tableRule(into),
    cols: sequence(cols),
    selectStmt: source,
    override: oneOf("OVERRIDING_NOT_SET", "OVERRIDING_SYSTEM_VALUE"),
    ...more,
  }, ["relation", "cols", "selectStmt", ...Object.keys(more)]);
}

/** ON CONFLICT of the key, DO UPDATE of these columns to what was to be inserted. */
export function conflictRule(keys: readonly string[], updated: readonly string[]): Rule {
  const index = keys.map((name) =>
    node({
      IndexElem: fields({
        name: oneOf(name),
        ordering: oneOf("SORTBY_DEFAULT"),
        nulls_ordering: oneOf("SORTBY_NULLS_DEFAULT"),
      }, ["name"]),
    })
  );
  const set = updated.map((name) =>
    node({
      ResTarget: fields({ name: oneOf(name), val: columnRule("excluded", name), ...LOCATION }, [
        "name",
        "val",
      ]),
    })
  );
  return fields({
    action: oneOf("ONCONFLICT_UPDATE"),
    infer: fields({ indexElems: sequence(index), ...LOCATION }, ["indexElems"]),
    targetList: sequence(set),
    ...LOCATION,
  }, ["action", "infer", "targetList"]);
}

/** CREATE TABLE of these columns and no others. */
export function createRule(
  table: Table,
  columns: readonly string[],
  keys: readonly string[],
): Rule {
  const nullable = node({
    Constraint: fields({
      contype: oneOf("CONSTR_NOTNULL", "CONSTR_NULL"),
      is_enforced: oneOf(true),
      initially_valid: oneOf(true),
      ...LOCATION,
    }, ["contype"]),
  });
  const definitions = columns.map((name) =>
    node({
      ColumnDef: fields({
        colname: oneOf(name),
        typeName: TYPE,
        is_local: oneOf(true),
        constraints: list(nullable),
        ...LOCATION,
      }, ["colname", "typeName"]),
    })
  );
  const primary = node({
    Constraint: fields({
      contype: oneOf("CONSTR_PRIMARY"),
      keys: sequence(keys.map(word)),
      ...LOCATION,
    }, ["contype", "keys"]),
  });
  const option = node({
    DefElem: fields({
      defname: oneOf("fillfactor"),
      arg: node({ Integer: fields({ ival: anything }) }),
      defaction: oneOf("DEFELEM_UNSPEC"),
      ...LOCATION,
    }, ["defname", "arg"]),
  });
  return fields({
    relation: tableRule(table),
    tableElts: either(sequence([...definitions, primary]), sequence(definitions)),
    options: list(option),
    oncommit: oneOf("ONCOMMIT_NOOP"),
    if_not_exists: oneOf(true),
  }, ["relation", "tableElts"]);
}

/** CREATE TABLE … AS … WITH NO DATA. */
export function copyOfRule(
  table: Table,
  persistence: readonly string[],
  { query, onCommit }: { readonly query: Rule; readonly onCommit: string },
): Rule {
  const into = fields({
    rel: tableRule(table, persistence),
    onCommit: oneOf(onCommit),
    skipData: oneOf(true),
  }, ["rel", "onCommit", "skipData"]);
  return fields({ query, into, objtype: oneOf("OBJECT_TABLE") }, ["query", "into", "objtype"]);
}

/** DROP TABLE, of nothing that others depend on. */
export function dropRule({ schema, name }: Table): Rule {
  const path = node({ List: fields({ items: sequence([word(schema), word(name)]) }, ["items"]) });
  return fields({
    objects: sequence([path]),
    removeType: oneOf("OBJECT_TABLE"),
    behavior: oneOf("DROP_RESTRICT"),
    missing_ok: oneOf(true),
  }, ["objects", "removeType", "behavior"]);
}

/** TRUNCATE of one table, and of none that refers to it. */
export function truncateRule(table: Table): Rule {
  return fields({
    relations: sequence([node({ RangeVar: tableRule(table) })]),
    behavior: oneOf("DROP_RESTRICT"),
  }, ["relations", "behavior"]);
}
