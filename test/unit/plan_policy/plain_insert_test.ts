import { assertEquals } from "@std/assert";
import type { Column } from "../../../src/model/batch.ts";
import { plainInsert } from "../../../src/plan_policy/plain_insert.ts";

function column(name: string, key = false): Column {
  return { name, type: "text", nullable: !key, key };
}
const SHAPE = { columns: [column("a", true), column("b")] };

const INTO_TABLE = "INSERT INTO {table} ({columns}) VALUES {rows}";
const INTO_STAGING = "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}";

/** Statement, row, and what they come to. */
const PLAIN: readonly (readonly [string, string, object])[] = [
  [INTO_TABLE, "({values})", { into: "table", ordinal: false }],
  [INTO_TABLE, "({value:0}, {value:1})", { into: "table", ordinal: false }],
  [
    "insert  into {aside}\n( {columns} )values {rows} ",
    "( {values} )",
    { into: "aside", ordinal: false },
  ],
  [
    "INSERT INTO {staging} ({columns}) VALUES {rows}",
    "({values})",
    { into: "staging", ordinal: false },
  ],
  [INTO_STAGING, "({values}, {ordinal})", { into: "staging", ordinal: true }],
  [INTO_STAGING, "({value:0}, {value:1}, {ordinal})", { into: "staging", ordinal: true }],
  [
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {rows}",
    "({values})",
    { into: "table", ordinal: false },
  ],
];
for (const [sql, row, expected] of PLAIN) {
  Deno.test(`insert is plain: ${sql} of ${row}`, () => {
    assertEquals(plainInsert({ sql, row }, SHAPE) as unknown, expected);
  });
}

const MORE: readonly (readonly [string, string])[] = [
  // What is done beside inserting.
  [`${INTO_TABLE} ON CONFLICT ({keys}) DO NOTHING`, "({values})"],
  [`${INTO_TABLE} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}`, "({values})"],
  [`${INTO_TABLE} RETURNING {col:0}`, "({values})"],
  ["INSERT INTO {table} ({columns}) SELECT 1, 2 UNION VALUES {rows}", "({values})"],
  ["INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}", "({values})"],
  ["REPLACE INTO {table} ({columns}) VALUES {rows}", "({values})"],
  ["INSERT INTO {table} ({columns}) OVERRIDING USER VALUE VALUES {rows}", "({values})"],
  [`${INTO_TABLE}, {rows}`, "({values})"],
  [`${INTO_TABLE}; DROP TABLE other`, "({values})"],
  [`WITH t AS (SELECT 1) ${INTO_TABLE}`, "({values})"],
  // Another table, or other columns.
  ["INSERT INTO {table_name} ({columns}) VALUES {rows}", "({values})"],
  ["INSERT INTO other ({columns}) VALUES {rows}", "({values})"],
  ["INSERT INTO {table} VALUES {rows}", "({values})"],
  ["INSERT INTO {table} ({col:0}, {col:1}) VALUES {rows}", "({values})"],
  ["INSERT INTO {table} ({col:1}, {col:0}) VALUES {rows}", "({values})"],
  ["COPY {table} ({columns}) FROM STDIN {rows}", "({values})"],
  // Rows of more than their values, of fewer, or in another order.
  [INTO_TABLE, "({value:1}, {value:0})"],
  [INTO_TABLE, "({value:0})"],
  [INTO_TABLE, "({value:0}, {value:0})"],
  [INTO_TABLE, "({value:0}, CAST({value:1} AS text))"],
  [INTO_TABLE, "({value:0}, upper({value:1}))"],
  [INTO_TABLE, "({value:0}, {value:1} + 1)"],
  [INTO_TABLE, "({value:0}, 7)"],
  [INTO_TABLE, "({value:0}, NULL)"],
  [INTO_TABLE, "({value:0}, DEFAULT)"],
  [INTO_TABLE, "({values}), ({values})"],
  [INTO_TABLE, "(({values}))"],
  // An ordinal that is not both named and sent, last, into staging.
  [INTO_TABLE, "({values}, {ordinal})"],
  [INTO_STAGING, "({values})"],
  [INTO_STAGING, "({ordinal}, {values})"],
  ["INSERT INTO {staging} ({ordinal}, {columns}) VALUES {rows}", "({ordinal}, {values})"],
  ["INSERT INTO {table} ({columns}, {ordinal}) VALUES {rows}", "({values}, {ordinal})"],
  ["INSERT INTO {aside} ({columns}, {ordinal}) VALUES {rows}", "({values}, {ordinal})"],
];
for (const [sql, row] of MORE) {
  Deno.test(`insert is not plain: ${sql} of ${row}`, () => {
    assertEquals(plainInsert({ sql, row }, SHAPE), undefined);
  });
}
