/**
 * Dates, times and UUIDs as text, in ISO 8601's extended form. Texts that pass are taken by
 * PostgreSQL as they stand and lose nothing there: years 0001 to 9999, no 24:00, no leap second, six
 * digits of fraction (up to nine where the rest are zeros). Seconds may be left out.
 */
import { hexDigit } from "./hex_text.ts";
import { FITS, TOO_FINE, TOO_LARGE, type Verdict, WRONG_TYPE } from "./verdict.ts";

const COLON = 0x3a;
const MINUS = 0x2d;

/** Days of each month; February of a leap year is checked apart. */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `YYYY-MM-DD`. */
export function checkDate(bytes: Uint8Array, from: number, to: number): Verdict {
  if (to - from !== 10 || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return WRONG_TYPE;
  const century = twoDigits(bytes, from);
  const rest = twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  if (century < 0 || rest < 0 || month < 0 || day < 0) return WRONG_TYPE;
  const year = century * 100 + rest;
  if (year === 0 || month === 0 || month > 12 || day === 0) return TOO_LARGE;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : MONTH_DAYS[month - 1]!;
  return day <= days ? FITS : TOO_LARGE;
}

/** `HH:MM[:SS[.fraction]]`, without an offset. */
export function checkTime(bytes: Uint8Array, from: number, to: number): Verdict {
  const clock = checkClock(bytes, from, to);
  return clockEnd(bytes, from, to) === to ? clock : WRONG_TYPE;
}

/** A date, `T` or a space, and a time; with an offset if and only if `offset` is asked for. */
export function checkTimestamp(
  bytes: Uint8Array,
  from: number,
  to: number,
  offset: boolean,
): Verdict {
  if (to - from < 16) return WRONG_TYPE;
  const separator = bytes[from + 10];
  if (separator !== 0x54 && separator !== 0x20) return WRONG_TYPE;
  const date = checkDate(bytes, from, from + 10);
  const clock = checkClock(bytes, from + 11, to);
  const end = clockEnd(bytes, from + 11, to);
  const zone = offset ? checkOffset(bytes, end, to) : end === to ? FITS : WRONG_TYPE;
  if (date === WRONG_TYPE || clock === WRONG_TYPE) return WRONG_TYPE;
  return zone !== FITS ? zone : date !== FITS ? date : clock;
}

/** Eight, four, four, four and twelve hexadecimal digits, in either case. */
export function checkUuid(bytes: Uint8Array, from: number, to: number): Verdict {
  if (to - from !== 36) return WRONG_TYPE;
  for (let i = 0; i < 36; i++) {
    const c = bytes[from + i]!;
    const dash = i === 8 || i === 13 || i === 18 || i === 23;
    if (dash ? c !== MINUS : hexDigit(c) < 0) return WRONG_TYPE;
  }
  return FITS;
}

/** Where the time that begins at `from` ends: at the first byte that can belong to none. */
function clockEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (isDigit(bytes[at]!) || bytes[at] === COLON || bytes[at] === 0x2e)) at++;
  return at;
}

function checkClock(bytes: Uint8Array, from: number, to: number): Verdict {
  const end = clockEnd(bytes, from, to);
  const length = end - from;
  if ((length !== 5 && length < 8) || bytes[from + 2] !== COLON) return WRONG_TYPE;
  const hour = twoDigits(bytes, from);
  const minute = twoDigits(bytes, from + 3);
  if (hour < 0 || minute < 0) return WRONG_TYPE;
  let second = 0;
  let fraction: Verdict = FITS;
  if (length > 5) {
    second = twoDigits(bytes, from + 6);
    if (second < 0 || bytes[from + 5] !== COLON) return WRONG_TYPE;
    fraction = checkFraction(bytes, from + 8, end);
  }
  if (fraction === WRONG_TYPE) return WRONG_TYPE;
  return hour > 23 || minute > 59 || second > 59 ? TOO_LARGE : fraction;
}

/** Nothing, or a point and digits. Microseconds are what databases keep: no digit may be lost. */
function checkFraction(bytes: Uint8Array, from: number, to: number): Verdict {
  if (from === to) return FITS;
  if (bytes[from] !== 0x2e || to - from < 2) return WRONG_TYPE;
  let verdict: Verdict = to - from > 10 ? TOO_FINE : FITS;
  for (let at = from + 1; at < to; at++) {
    if (!isDigit(bytes[at]!)) return WRONG_TYPE;
    if (at - from > 6 && bytes[at] !== 0x30) verdict = TOO_FINE;
  }
  return verdict;
}

/** `Z`, `+HH`, `+HHMM` or `+HH:MM`; less than 16 hours, as in PostgreSQL. */
function checkOffset(bytes: Uint8Array, from: number, to: number): Verdict {
  const length = to - from;
  if (length === 1) return bytes[from] === 0x5a ? FITS : WRONG_TYPE;
  if (length < 3 || (bytes[from] !== 0x2b && bytes[from] !== MINUS)) return WRONG_TYPE;
  const hour = twoDigits(bytes, from + 1);
  let minute = 0;
  if (length === 5) minute = twoDigits(bytes, from + 3);
  else if (length === 6 && bytes[from + 3] === COLON) minute = twoDigits(bytes, from + 4);
  else if (length !== 3) return WRONG_TYPE;
  if (hour < 0 || minute < 0) return WRONG_TYPE;
  return hour > 15 || minute > 59 ? TOO_LARGE : FITS;
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** The number that two digits make, or -1. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]!;
  const ones = bytes[at + 1]!;
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : -1;
}
