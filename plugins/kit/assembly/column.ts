// The columns of the shape that is being planned. Only in write_batch.

import { batch_column_count, batch_column_flags, batch_column_name, batch_column_type } from "./host";
import { decimal } from "./json";
import { take } from "./memory";

/** The logical column types. The numbers are the contract's. */
export enum ColumnType {
  Boolean,
  Int16,
  Int32,
  Int64,
  Decimal,
  Float32,
  Float64,
  Text,
  Json,
  Bytes,
  Date,
  Time,
  Timestamp,
  TimestampTz,
  Uuid,
  Other,
}

const NULLABLE: i32 = 1;
const KEY: i32 = 2;

/** One column, by its position in the shape, from 0. */
export class Column {
  constructor(readonly index: i32) {}

  /** Its logical type. */
  get type(): ColumnType {
    return batch_column_type(this.index) as ColumnType;
  }

  /** Whether NULL may stand in it. */
  get isNullable(): bool {
    return (batch_column_flags(this.index) & NULLABLE) != 0;
  }

  /** Whether it belongs to the key. Key columns are never nullable. */
  get isKey(): bool {
    return (batch_column_flags(this.index) & KEY) != 0;
  }

  /** The slot of its quoted name: `{col:3}`. */
  get slot(): string {
    return "{col:" + decimal(this.index) + "}";
  }

  /** The slot of its value in a row template: `{value:3}`. */
  get valueSlot(): string {
    return "{value:" + decimal(this.index) + "}";
  }

  /** Its name. The plugin then needs the grant `batch_column_name`; with slots it hardly ever does. */
  get name(): string {
    return take(batch_column_name(this.index));
  }
}

/** How many columns there are. */
export function columnCount(): i32 {
  return batch_column_count();
}

/** The column at a position, from 0. */
export function column(index: i32): Column {
  return new Column(index);
}

/** Every column, in the order of the shape. */
export function columns(): Column[] {
  const all = new Array<Column>();
  for (let i = 0, count = columnCount(); i < count; i++) all.push(column(i));
  return all;
}

/** The columns of the key. */
export function keyColumns(): Column[] {
  return columns().filter((c) => c.isKey);
}

/** The columns beside the key. */
export function plainColumns(): Column[] {
  return columns().filter((c) => !c.isKey);
}

/** One piece of SQL per column, with commas between them. */
export function list(all: Column[], write: (column: Column) => string): string {
  const pieces = new Array<string>();
  for (let i = 0; i < all.length; i++) pieces.push(write(all[i]));
  return pieces.join(", ");
}
