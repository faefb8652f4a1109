// Checks a cell against its column. FITS and IS_NULL are said only of what is certain; of all else,
// whether it is wrong or merely rare, UNSURE: then the reference decides.
//
// After FITS, [from, to) is the text of the cell, an integer in plain digits, until the next check.
// Escapes are undone, except in the text of a text column: there `escaped` says whether they are
// still to be undone, so that a writer can do it on the way to its output.

import {
  BOOLEAN,
  BYTES,
  DATE,
  DECIMAL,
  familyOf,
  FLOAT,
  FLOAT32,
  INTEGER,
  isArray,
  isInferred,
  isNullable,
  isNullIfAbsent,
  JSON_TEXT,
  TEXT,
  TIME,
  TIMESTAMPTZ,
  typeOf,
  UUID,
} from "./column";
import { unescapeJson, unquoteCsv } from "./escape";
import { isSpace, jsonValue, space, stringFlags } from "./json_value";
import { scratchAt } from "./memory";
import { isOctets, octetsFrom } from "./octets";
import {
  integerEnd,
  isDecimalSafe,
  isDoubleKept,
  isFloatSafe,
  isNumber,
  isPlainInteger,
} from "./number";
import {
  ARRAY,
  endOf,
  ESCAPED,
  FALSE,
  FIELD,
  KIND_MASK,
  kindOf,
  NONE,
  NUL,
  NUMBER,
  OBJECT,
  startOf,
  STRING,
  TRUE,
} from "./spans";
import { isDate, isTime, isTimestamp, isUuid } from "./time";

/** The value fits its column. */
export const FITS: u32 = 0;
/** There is no value, and none is needed. */
export const IS_NULL: u32 = 1;
/** The reference has to say. */
export const UNSURE: u32 = 2;

/** Where the text begins. */
export let from: usize = 0;
/** Where the text ends. */
export let to: usize = 0;
/** Whether COPY can take the text as it is: no backslash and no control character stands in it. */
export let plain: bool = false;
/** STRING or FIELD where the text is still in that kind's escapes; 0 where it is not escaped. */
export let escaped: u32 = 0;
/** The value of a boolean. */
export let truth: bool = false;

/** Whether U+0000 may stand in text and json. */
export let nulAllowed: bool = false;
/** Whether NaN may stand in a float column. */
let nanAllowed: bool = false;

/** Sets what the database takes. */
export function setRules(nul: bool, nan: bool): void {
  nulAllowed = nul;
  nanAllowed = nan;
}

/** What is to be said of a column's cell in the spans; `column` is the address of it. */
@inline
export function check(column: usize, index: u32): u32 {
  return checkCell(column, kindOf(index), startOf(index), endOf(index));
}

/** What is to be said of a cell of this kind, with its flags, that stands in [start, end). */
export function checkCell(column: usize, kind: u32, start: usize, end: usize): u32 {
  const base = kind & KIND_MASK;
  if (base == NONE) {
    return (kind == NONE ? isNullable(column) : isNullIfAbsent(column)) ? IS_NULL : UNSURE;
  }
  const family = familyOf(column);
  from = start;
  to = end;
  plain = true;
  escaped = 0;
  if (family == JSON_TEXT) return json(kind, base);
  if (isInferred(column) && !isOwnKind(family, base)) return UNSURE;
  if (family == TEXT) return base == ARRAY && isArray(column) ? UNSURE : text(kind, base);
  if (base >= OBJECT) return UNSURE;
  if ((kind & ESCAPED) != 0) unescape(base);
  if (isInferred(column) && !isKept(family, base)) return UNSURE;
  if (family == BOOLEAN) return boolean(base);
  if (base < NUMBER) return UNSURE;
  if (family == INTEGER) {
    to = integerEnd(from, to, column);
    return to == 0 ? UNSURE : FITS;
  }
  if (family == FLOAT) return float(base, typeOf(column) == FLOAT32);
  if (family == DECIMAL) {
    return (base == NUMBER || isNumber(from, to)) && isDecimalSafe(from, to) ? FITS : UNSURE;
  }
  if (base == NUMBER) return UNSURE;
  if (family == BYTES) {
    if (!isOctets(column, from, to)) return UNSURE;
    from = octetsFrom;
    return FITS;
  }
  return isFormed(typeOf(column), from, to) ? FITS : UNSURE;
}

/** Whether a cell is of the kind that the type was inferred from; in CSV all are of one kind. */
@inline
function isOwnKind(family: u32, base: u32): bool {
  if (base == FIELD || family >= BYTES) return true;
  if (family == BOOLEAN) return base <= FALSE;
  // NaN and the infinities are strings.
  if (family == FLOAT && base == STRING) return true;
  return base == (family == TEXT ? STRING : NUMBER);
}

/** Whether a type that was inferred certainly changes nothing of the value; see inferred_cell.ts. */
function isKept(family: u32, base: u32): bool {
  if (family == FLOAT) return base == STRING ? !isNumber(from, to) : isDoubleKept(from, to);
  if (base != FIELD) return true;
  return family == BOOLEAN ? to - from >= 4 : family != INTEGER || isPlainInteger(from, to);
}

@inline
function text(kind: u32, base: u32): u32 {
  // The source text of an object holds escapes, not what they stand for.
  plain = base < FIELD;
  if (base >= OBJECT) return FITS;
  if ((kind & NUL) != 0 && !nulAllowed) return UNSURE;
  if ((kind & ESCAPED) != 0) {
    escaped = base;
    plain = false;
  }
  return FITS;
}

/** A value's own source text; a CSV field has to be a JSON text in itself. */
function json(kind: u32, base: u32): u32 {
  let flags = kind;
  if (base == FIELD) {
    if ((kind & ESCAPED) != 0) unescape(base);
    let at = jsonValue(space(from), 0);
    if (at == 0) return UNSURE;
    while (at < to && isSpace(load<u8>(at))) at++;
    if (at != to) return UNSURE;
    flags = stringFlags;
    plain = false;
  } else if (base == STRING) {
    from--;
    to++;
    plain = (kind & ESCAPED) == 0;
  } else {
    plain = base < OBJECT;
  }
  return (flags & NUL) != 0 && !nulAllowed ? UNSURE : FITS;
}

/** Brings the text without its escapes into the scratch region, a zero behind it. */
function unescape(base: u32): void {
  to = base == FIELD ? unquoteCsv(from, to, scratchAt) : unescapeJson(from, to, scratchAt);
  from = scratchAt;
  store<u64>(to, 0);
}

function boolean(base: u32): u32 {
  if (base <= FALSE) {
    truth = base == TRUE;
    return FITS;
  }
  const length = to - from;
  if (length == 1) {
    const c: u32 = load<u8>(from);
    const letter = c | 0x20;
    truth = c == 0x31 || letter == 0x74;
    return truth || c == 0x30 || letter == 0x66 ? FITS : UNSURE;
  }
  if (base == NUMBER) return UNSURE;
  const word = load<u32>(from) | 0x20202020;
  truth = length == 4 && word == 0x65757274;
  const isFalse = length == 5 && word == 0x736c6166 && (load<u8>(from, 4) | 0x20) == 0x65;
  return truth || isFalse ? FITS : UNSURE;
}

function float(base: u32, single: bool): u32 {
  if (base == NUMBER || isNumber(from, to)) return isFloatSafe(from, to, single) ? FITS : UNSURE;
  const length = to - from;
  if (length == 3) {
    return nanAllowed && (load<u32>(from) & 0xffffff) == 0x4e614e ? FITS : UNSURE;
  }
  const first = length == 9 && load<u8>(from) == 0x2d ? from + 1 : from;
  return to - first == 8 && load<u64>(first) == 0x7974696e69666e49 ? FITS : UNSURE;
}

/** Whether a text is certainly a value of one of the types in a fixed form. */
export function isFormed(type: u32, from: usize, to: usize): bool {
  if (type == DATE) return isDate(from, to);
  if (type == TIME) return isTime(from, to);
  if (type == UUID) return isUuid(from, to);
  return isTimestamp(from, to, type == TIMESTAMPTZ);
}
