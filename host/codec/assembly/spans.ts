// Where the cells of one record stand, and of which kind each one is: three arrays by column. The
// constants are those of the reference (reference/cell_span.ts). Starts and ends are addresses. A
// span of a JSON string lies between its quotes; of a quoted CSV field likewise.

import { endsAt, kindsAt, startsAt } from "./memory";
import { columnCount } from "./column";

/** No value: JSON `null`, the text that means NULL in CSV, or, with {@link ABSENT}, no field. */
export const NONE: u32 = 0;
/** JSON `true`. */
export const TRUE: u32 = 1;
/** JSON `false`. */
export const FALSE: u32 = 2;
/** A JSON number, well-formed. */
export const NUMBER: u32 = 3;
/** A JSON string. */
export const STRING: u32 = 4;
/** A CSV field. */
export const FIELD: u32 = 5;
/** A JSON object. */
export const OBJECT: u32 = 6;
/** A JSON array. */
export const ARRAY: u32 = 7;

/** Takes the flags off a kind. */
export const KIND_MASK: u32 = 7;
/** Flag: the text holds JSON escapes, or doubled quotes in CSV, that must be undone. */
export const ESCAPED: u32 = 8;
/** Flag: U+0000 stands within the span, as it is or escaped. */
export const NUL: u32 = 32;
/** Flag of NONE: the record lacks the field. */
export const ABSENT: u32 = 64;

/** Forgets the record before: no column has a field. */
export function clearSpans(): void {
  const end = kindsAt + columnCount;
  for (let at = kindsAt; at < end; at += 16) v128.store(at, i8x16.splat(ABSENT as i8));
}

@inline
export function setSpan(column: u32, kind: u32, start: usize, end: usize): void {
  store<u8>(kindsAt + column, kind);
  store<u32>(startsAt + (column << 2), start as u32);
  store<u32>(endsAt + (column << 2), end as u32);
}

/** Kind and flags. */
@inline
export function kindOf(column: u32): u32 {
  return load<u8>(kindsAt + column);
}

@inline
export function startOf(column: u32): usize {
  return load<u32>(startsAt + (column << 2));
}

@inline
export function endOf(column: u32): usize {
  return load<u32>(endsAt + (column << 2));
}
