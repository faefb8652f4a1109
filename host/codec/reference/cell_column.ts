import type { Batch } from "../../../src/model/batch.ts";
import type { BytesForm } from "../../../src/model/bytes_form.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { ArrayElements } from "./array_literal.ts";
import { type IntegerLimit, integerLimit } from "./number_text.ts";

/** Families of types: members of one are checked and written alike. */
export const BOOLEAN = 0;
/** int16, int32, int64. */
export const INTEGER = 1;
/** decimal. */
export const DECIMAL = 2;
/** float32, float64. */
export const FLOAT = 3;
/** text, other. */
export const TEXT = 4;
/** json. */
export const JSON_TEXT = 5;
/** bytes. */
export const BYTES = 6;
/** date, time, timestamp, timestamptz, uuid: texts in a fixed form. */
export const FORMED = 7;

const FAMILIES: Record<ColumnType, number> = {
  boolean: BOOLEAN,
  int16: INTEGER,
  int32: INTEGER,
  int64: INTEGER,
  decimal: DECIMAL,
  float32: FLOAT,
  float64: FLOAT,
  text: TEXT,
  json: JSON_TEXT,
  bytes: BYTES,
  date: FORMED,
  time: FORMED,
  timestamp: FORMED,
  timestamptz: FORMED,
  uuid: FORMED,
  other: TEXT,
};

const BITS: Partial<Record<ColumnType, number>> = { int16: 16, int32: 32, int64: 64 };

/** A column as the codec sees it: its type's family as a number, and its limits. */
export interface CellColumn {
  /** Position within the shape. */
  readonly index: number;
  readonly name: string;
  readonly type: ColumnType;
  readonly family: number;
  /** Whether NULL may stand in it; never in a key. */
  readonly nullable: boolean;
  /** Whether it stands beside the key of an upsert. */
  readonly updated: boolean;
  /** Whether a record varies that lacks it. */
  readonly optional: boolean;
  /** Whether the type was inferred: see `inferred_cell.ts`. */
  readonly inferred: boolean;
  /** How bytes are written. */
  readonly bytes: BytesForm | undefined;
  /** What the elements are, where the database has an array there. */
  readonly elements: ArrayElements | undefined;
  /** Limits of an integer; of no meaning for other families. */
  readonly limit: IntegerLimit;
}

/** The columns of a batch's shape as the codec sees them. */
export function cellColumns(
  { shape, optional = [] }: Pick<Batch, "shape" | "optional">,
): CellColumn[] {
  const names = new Set(optional.map(({ name }) => name));
  return shape.columns.map((
    { name, type, nullable, key, inferred = false, bytes, elements },
    index,
  ) => ({
    index,
    name,
    type,
    family: FAMILIES[type],
    nullable: nullable && !key,
    updated: shape.mode === "upsert" && !key,
    optional: names.has(name),
    inferred,
    bytes,
    elements,
    limit: integerLimit(BITS[type] ?? 64),
  }));
}
