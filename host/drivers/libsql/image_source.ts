/**
 * The table of an image, and the INSERT that takes its rows.
 *
 * - By default the table's columns have no type: a value is read as it stands there, and the target makes
 *   of it what it makes of a bound one.
 * - SQLite copies records as they are where a statement says `INSERT INTO … SELECT *` and both tables are
 *   declared alike: https://sqlite.org/src/file/src/insert.c, `xferOptimization`. It looks neither at the
 *   type of a value then, nor for NULL. So a source is declared like its target only where the codec has
 *   seen to both.
 */
import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";
import type { Column, Shape } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { HOST_NAME_PREFIX } from "../../../src/plan_policy/slot.ts";
import type { RowWriterOptions } from "../sql/family.ts";
import { render } from "../sql/names.ts";
import { type DeclaredColumn, type DeclaredTable, isPlainInsert } from "./affinity.ts";
import { foldCase } from "./names_and_types.ts";
import { IMAGE } from "./engine.ts";
import type { Session } from "./session.ts";

/** The table of every image. No other has its name, so that nothing is taken for it. */
export const IMAGE_TABLE = `${HOST_NAME_PREFIX}rows`;
/** The same, where an image is attached. */
export const IMAGE_ROWS = `${IMAGE}.${IMAGE_TABLE}`;

/** The table of an image, and the INSERT that takes its rows. */
export interface ImageSource {
  /** The statement that would make the image's table. */
  readonly sql: string;
  /** Takes all of its rows, in their order. */
  readonly insert: string;
  /** Whether its columns are declared like the target's. */
  readonly alike: boolean;
  /** Counts the distinct keys of an upsert. */
  readonly countKeys: string | undefined;
}

/** What a source is made for. */
export interface ImageSourceOptions extends Pick<RowWriterOptions, "shape" | "write" | "names"> {
  /** Where the rows go; undefined where a module decides what becomes of them. */
  readonly table: DeclaredTable | undefined;
}

/**
 * How a plan's INSERT takes images; undefined where it cannot: it does more with its values than insert
 * them, or texts are in UTF-16.
 *
 * @throws {SessionError}
 */
export async function imageSource(
  session: Session,
  { shape, write, names, table }: ImageSourceOptions,
): Promise<ImageSource | undefined> {
  if (!session.takesImages || await session.probe("PRAGMA encoding") !== "UTF-8") return undefined;
  const types = /\{rows\}$/.test(write.sql.trim()) ? alikeTypes(shape, table) : undefined;
  const insert = imageInsert(write, shape, types !== undefined);
  if (insert === undefined) return undefined;
  const columns = shape.columns.map((_, i) => `c${i}${types ? ` ${types[i]}` : ""}`);
  const keys = shape.columns.flatMap(({ key }, i) => key ? [`c${i}`] : []).join(", ");
  return {
    sql: `CREATE TABLE ${IMAGE_TABLE}(${columns.join(", ")})${
      types && table!.strict ? " STRICT" : ""
    }`,
    insert: render(insert, names),
    alike: types !== undefined,
    countKeys: shape.mode === "upsert"
      ? `SELECT count(*) FROM (SELECT DISTINCT ${keys} FROM ${IMAGE_ROWS})`
      : undefined,
  };
}

/** A plan's INSERT as it takes an image's rows; undefined where it does more than insert its values. */
export function imageInsert(
  write: PlannedWrite,
  { columns }: Shape,
  alike: boolean,
): string | undefined {
  if (!isPlainInsert(write)) return undefined;
  if (alike) return write.sql.replace("({columns}) VALUES {rows}", `SELECT * FROM ${IMAGE_ROWS}`);
  const list = columns.map((_, i) => `c${i}`).join(", ");
  // Without a WHERE, SQLite would take ON for a join's.
  return write.sql.replace("VALUES {rows}", `SELECT ${list} FROM ${IMAGE_ROWS} WHERE true`);
}

/** The declaration of each of the image's columns, where it may be like the target's. */
function alikeTypes(
  { columns }: Shape,
  table: DeclaredTable | undefined,
): readonly string[] | undefined {
  if (columns.length !== table?.columns.length) return undefined;
  const types = columns.map((column, i) => alikeType(column, table.columns[i]!));
  return types.every((type) => type !== undefined) ? types : undefined;
}

/** Undefined where SQLite would look at a value, and the codec has not. */
function alikeType(column: Column, target: DeclaredColumn): string | undefined {
  const { affinity, notNull, hidden } = target;
  if (hidden || foldCase(column.name) !== target.name) return undefined;
  if (notNull && column.nullable) return undefined;
  const declared = target.declared.toUpperCase();
  const alike = {
    numeric: WHOLE.has(column.type) ? declared.includes("INT") ? "INTEGER" : "NUMERIC" : undefined,
    real: FLOATS.has(column.type) ? "REAL" : undefined,
    text: TEXTS.has(column.type) ? "TEXT" : undefined,
    none: column.type === "bytes" && declared === "BLOB" ? "BLOB" : undefined,
  }[affinity];
  return alike && `${alike}${notNull ? " NOT NULL" : ""}`;
}

const WHOLE: ReadonlySet<ColumnType> = new Set(["boolean", "int16", "int32", "int64"]);
const FLOATS: ReadonlySet<ColumnType> = new Set(["float32", "float64"]);
const TEXTS: ReadonlySet<ColumnType> = new Set(
  ["decimal", "text", "json", "date", "time", "timestamp", "timestamptz", "uuid"],
);
