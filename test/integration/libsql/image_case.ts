/** Tables and batches out of a seed: whatever SQLite lets a table have, and rows that it takes or not. */
import type { Batch, Column, Shape, WriteMode } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Random } from "../../host/codec/differential_random.ts";
import { CALM, jsonRecord, recordStyle } from "../../host/codec/differential_record.ts";
import { batchOf } from "./load_case.ts";

/** A table, what is in it before, and batches to be loaded into it. */
export interface ImageCase {
  readonly statements: readonly string[];
  readonly shape: Shape;
  readonly batches: readonly Batch[];
}

const TYPES: readonly ColumnType[] = [
  ...["boolean", "int16", "int32", "int64", "float32", "float64", "decimal"] as const,
  ...["text", "text", "json", "date", "time", "timestamp", "timestamptz", "uuid", "bytes"] as const,
];
/** What fits a type. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  integer: ["INTEGER", "INT", "BIGINT", "BOOLEAN INTEGER"],
  float: ["REAL", "DOUBLE PRECISION", "FLOAT"],
  bytes: ["BLOB"],
  other: ["TEXT", "VARCHAR(20)", "CLOB", "DECIMAL TEXT"],
};
const DECLARED = [
  ...["INTEGER", "NUMERIC", "DECIMAL(10,2)", "TEXT", "REAL", "BLOB", "", "STRING", "BOOLEAN"],
  ...["CHARINT", "DATETIME"],
];
const STRICT: Readonly<Record<string, readonly string[]>> = {
  integer: ["INTEGER", "INT"],
  float: ["REAL"],
  bytes: ["BLOB"],
  other: ["TEXT"],
};
const ANY = ["INT", "REAL", "TEXT", "BLOB", "ANY"];

/** A case with so many rows in each batch, at the most. */
export function imageCase(r: Random, rowsMax: number): ImageCase {
  const mode: WriteMode = r.pick(["append", "append", "append", "upsert", "replace"]);
  const keys = mode === "upsert" ? r.between(1, 2) : 0;
  const width = keys + (r.chance(0.1) ? r.between(20, 60) : r.between(1, 7));
  const columns = Array.from({ length: width }, (_, i): Column => ({
    name: `c${i}`,
    type: i < keys ? r.pick(["int64", "int32", "text"] as const) : r.pick(TYPES),
    nullable: i >= keys && r.chance(0.9),
    key: i < keys,
    bytes: "base64",
  }));
  const shape: Shape = { table: { name: "t" }, columns, mode };
  const style = r.chance(0.5) ? CALM : { ...recordStyle(r, width), lineEnd: "\n" };
  const batches = Array.from({ length: r.between(1, 2) }, (_, sequence) => {
    const records = Array.from({ length: r.between(1, rowsMax) }, () => record(r, columns, style));
    return batchOf(shape, records, { sequence, ordinal: sequence * rowsMax });
  });
  return { statements: statements(r, shape), shape, batches };
}

/** A record, in which few keys come again and again. */
function record(
  r: Random,
  columns: readonly Column[],
  style: Parameters<typeof jsonRecord>[2],
): string {
  const keys = columns.filter(({ key }) => key).map(({ name, type }) => {
    const value = r.below(40);
    return `"${name}":${type === "text" ? JSON.stringify(`k${value}`) : value}`;
  });
  const rest = columns.filter(({ key }) => !key);
  if (keys.length === 0) return jsonRecord(r, rest, style).trim();
  const text = rest.length === 0 ? "{}" : jsonRecord(r, rest, style).trim();
  return /^\{\s*\}$/.test(text) || !text.startsWith("{")
    ? `{${keys.join(",")}}`
    : `{${keys.join(",")},${text.slice(1)}`;
}

function statements(r: Random, { columns, mode }: Shape): string[] {
  // Records are copied unseen into plain tables alone.
  const plain = r.chance(0.4);
  const some = (share: number) => !plain && r.chance(share);
  const strict = r.chance(0.2);
  const natural = r.chance(0.5);
  const keys = columns.filter(({ key }) => key);
  const rowid = keys.length === 1 && keys[0]!.type !== "text" && r.chance(0.5);
  const parent = some(0.2) ? r.pick(columns) : undefined;
  const definitions = columns.map((column) => {
    const family = familyOf(column.type);
    const declared = rowid && column.key
      ? "INTEGER PRIMARY KEY"
      : r.pick((strict ? STRICT : FITTING)[family]!);
    const odd = !natural && !column.key && r.chance(0.3);
    const type = odd ? r.pick(strict ? ANY : DECLARED) : declared;
    const parts = [column.name, type];
    if (!column.nullable || r.chance(0.1)) parts.push("NOT NULL");
    if (some(0.1)) parts.push(r.pick(["DEFAULT 7", "DEFAULT NULL", "DEFAULT ('x' || 1)"]));
    if (some(0.1) && !column.key) parts.push("COLLATE NOCASE");
    if (some(0.05)) parts.push(`CHECK (length(${column.name}) < 9)`);
    if (column === parent) {
      parts.push(`REFERENCES parent (id)${r.chance(0.5) ? " DEFERRABLE INITIALLY DEFERRED" : ""}`);
    }
    return parts.join(" ");
  });
  if (r.chance(0.2)) {
    definitions.splice(r.below(definitions.length + 1), 0, "extra TEXT DEFAULT 'e'");
  }
  if (some(0.15) && mode !== "replace") {
    const kind = r.pick(["STORED", "VIRTUAL"]);
    definitions.push(`made TEXT AS (typeof(c0) || ':' || c0) ${kind}`);
  }
  if (!rowid && some(0.1)) definitions.unshift("id INTEGER PRIMARY KEY AUTOINCREMENT");
  const hasKey = definitions.some((text) => text.includes("PRIMARY KEY"));
  if (keys.length > 0 && !rowid) {
    const names = keys.map(({ name }) => name).join(", ");
    definitions.push(`${hasKey ? "UNIQUE" : "PRIMARY KEY"} (${names})`);
  }
  const options = [
    ...strict ? ["STRICT"] : [],
    ...keys.length > 0 && !hasKey && r.chance(0.3) ? ["WITHOUT ROWID"] : [],
  ];
  const last = columns.at(-1)!.name;
  return [
    `PRAGMA page_size = ${r.pick([512, 1024, 4096, 65_536])}`,
    ...some(0.05) ? ["PRAGMA encoding = 'UTF-16le'"] : [],
    "CREATE TABLE parent (id PRIMARY KEY)",
    "CREATE TABLE log (what)",
    "INSERT INTO parent VALUES (1), (2), ('k1'), (NULL), (''), (0)",
    `CREATE TABLE t (${definitions.join(", ")}) ${options.join(", ")}`,
    ...some(0.2) ? [`CREATE INDEX plain ON t (${last}, c0)`] : [],
    ...some(0.1) ? [`CREATE UNIQUE INDEX own ON t (${last})`] : [],
    ...some(0.1) ? [`CREATE INDEX part ON t (c0) WHERE ${last} IS NOT NULL`] : [],
    ...some(0.1) ? [`CREATE INDEX made_of ON t (length(${last}))`] : [],
    ...some(0.15)
      ? [
        `CREATE TRIGGER told AFTER INSERT ON t BEGIN
         INSERT INTO log VALUES (quote(new.c0) || typeof(new.${last})); END`,
      ]
      : [],
    ...some(0.1)
      ? [
        `CREATE TRIGGER kept BEFORE INSERT ON t WHEN length(new.${last}) = 3 BEGIN
         SELECT raise(ABORT, 'no'); END`,
      ]
      : [],
  ];
}

function familyOf(type: ColumnType): string {
  if (type === "boolean" || type.startsWith("int")) return "integer";
  return type.startsWith("float") ? "float" : type === "bytes" ? "bytes" : "other";
}
