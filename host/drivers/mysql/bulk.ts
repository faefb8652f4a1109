/**
 * How rows travel to the server: by LOAD DATA LOCAL where a plan only inserts, or by INSERT statements.
 *
 * LOAD DATA LOCAL changes what it cannot keep and leaves out what it may not, and only warns. So its
 * rows count where it took them all without a word; else they are undone, and go by INSERT.
 */
import type { Plan, PlannedWrite } from "../../../src/plugin_api/plan.ts";
import { type Column, type Shape, tableLabel } from "../../../src/model/batch.ts";
import type { Config, ConfigField } from "../../../src/model/config_schema.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { type PlainInsert, plainInsert } from "../../../src/plan_policy/plain_insert.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import { foldCase } from "./names_and_types.ts";
import type { CatalogColumn } from "./live_table.ts";
import type { Server } from "./server.ts";

const WAYS = ["auto", "insert", "load"] as const;

/** `auto`: by LOAD DATA where that means the same; `load` insists on it. */
export type Bulk = typeof WAYS[number];

/** The setting of a connection that says it. */
export const BULK_SETTING: ConfigField = {
  type: "string",
  description:
    "How rows travel: load, for LOAD DATA LOCAL, or insert, for statements of many rows; " +
    "auto is load wherever a plan only inserts, the table's types allow it and the server's " +
    "local_infile is on.",
  enum: WAYS,
  default: "auto",
};

/** Reads the setting. */
export function readBulk({ bulk }: Config): Bulk {
  return WAYS.find((way) => way === bulk) ?? "auto";
}

/**
 * What a load is noted: that its rows take the slower way.
 *
 * @throws {LoadError} `config_invalid` where LOAD DATA is insisted on and cannot be had
 */
export function bulkNotes(
  bulk: Bulk,
  { localInfile }: Server,
  { shape, plan: { write } }: { readonly shape: Shape; readonly plan: Pick<Plan, "write"> },
): string[] {
  const plain = plainInsert(write, shape) !== undefined;
  if (bulk === "insert" || (localInfile && plain)) return [];
  const label = tableLabel(shape.table);
  if (bulk === "load") {
    throw insisted(
      plain
        ? "The server's local_infile is off, so that no LOAD DATA can carry rows: switch it on"
        : `The plan for ${label} does more than to insert, so that no LOAD DATA can carry its rows`,
    );
  }
  return plain
    ? ["Rows go by INSERT, which is slower than LOAD DATA: the server's local_infile is off"]
    : [];
}

/**
 * The LOAD DATA that does what a plan's insert would; undefined where rows go by INSERT.
 *
 * @throws {LoadError} `config_invalid` where LOAD DATA is insisted on and a column keeps it from it
 */
export function loadText(
  bulk: Bulk,
  { localInfile }: Server,
  { write, shape, names, catalog }: {
    readonly write: PlannedWrite;
    readonly shape: Shape;
    readonly names: SlotNames;
    readonly catalog: readonly CatalogColumn[];
  },
): string | undefined {
  const insert = bulk === "insert" || !localInfile ? undefined : plainInsert(write, shape);
  if (!insert || insert.ordinal) return undefined;
  const found = new Map(catalog.map((column) => [foldCase(column.name), column]));
  const read: string[] = [];
  const set: string[] = [];
  for (const [i, column] of shape.columns.entries()) {
    const name = names.columns[i]!;
    const own = `@_snakepipe_${i}`;
    const from = expressionOf(column, own, found.get(foldCase(column.name)));
    if (from === undefined) {
      if (bulk === "auto") return undefined;
      throw insisted(`No LOAD DATA can carry the values of column ${column.name}`);
    }
    read.push(from === own ? name : own);
    if (from !== own) set.push(`${name} = ${from}`);
  }
  return textOf(insert, names, { read, set });
}

function textOf(
  { into }: PlainInsert,
  names: SlotNames,
  { read, set }: { readonly read: readonly string[]; readonly set: readonly string[] },
): string {
  return `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${names[into]} CHARACTER SET utf8mb4 ` +
    "FIELDS TERMINATED BY x'09' ENCLOSED BY '' ESCAPED BY x'5c' " +
    `LINES TERMINATED BY x'0a' STARTING BY '' (${read.join(", ")})` +
    (set.length > 0 ? ` SET ${set.join(", ")}` : "");
}

/** Digits of a second's fraction of which the server cuts none. */
const WHOLE_FRACTION = 6;

/**
 * What a column is set to, by what is read of the codec's text; the variable itself where that is it,
 * and undefined where the server would keep another value without a warning.
 */
function expressionOf(
  { type }: Column,
  read: string,
  column: CatalogColumn | undefined,
): string | undefined {
  if (!column) return undefined;
  const { dataType, fraction } = column;
  const isWhole = fraction === WHOLE_FRACTION;
  switch (type) {
    case "boolean":
      return `${read} = 't'`;
    case "bytes":
      // A BINARY is filled up with zeros.
      return dataType === "binary" ? undefined : `unhex(substr(${read}, 3))`;
    case "time":
    case "timestamp":
      return isWhole ? read : undefined;
    case "timestamptz":
      return isWhole && dataType === "datetime" ? `trim(TRAILING 'Z' FROM ${read})` : undefined;
    case "uuid":
    case "other":
      return undefined;
    default:
      return KEEPS_TEXT.test(dataType) ? read : undefined;
  }
}

/** Types that keep what a text says, or warn. A YEAR, an ENUM, a SET and a BIT make something of it. */
const KEEPS_TEXT =
  /^((tiny|small|medium|big)?int|decimal|float|double|(var)?char|\w*text|json|date)$/;

function insisted(why: string): LoadError {
  return new LoadError(`${why}, or set bulk to auto or insert`, {
    code: "config_invalid",
    blame: "config",
  });
}
