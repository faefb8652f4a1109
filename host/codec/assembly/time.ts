// Dates, times and UUIDs as text. Each function says whether the text is certainly valid; see
// reference/time_text.ts for the rules.

/** Days of each month, by its number; February of a leap year is checked apart. */
const monthDays = memory.data<u8>([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0]);

/** One bit for each of the 16 bytes that is a decimal digit. */
@inline
function digitMask(at: usize): i32 {
  const digits = i8x16.sub(v128.load(at), i8x16.splat(0x30));
  return i8x16.bitmask(i8x16.eq(i8x16.min_u(digits, i8x16.splat(9)), digits));
}

/** One bit for each of the 16 bytes that is a hexadecimal digit. */
@inline
export function hexMask(at: usize): i32 {
  const block = v128.load(at);
  const digits = i8x16.sub(block, i8x16.splat(0x30));
  const letters = i8x16.sub(v128.or(block, i8x16.splat(0x20)), i8x16.splat(0x61));
  return i8x16.bitmask(v128.or(
    i8x16.eq(i8x16.min_u(digits, i8x16.splat(9)), digits),
    i8x16.eq(i8x16.min_u(letters, i8x16.splat(5)), letters),
  ));
}

/** The number that two digits make. */
@inline
function twoDigits(at: usize): u32 {
  return (load<u8>(at) as u32) * 10 + load<u8>(at, 1) - 528;
}

/** `YYYY-MM-DD`. */
export function isDate(from: usize, to: usize): bool {
  return to - from == 10 && (digitMask(from) & 0x36f) == 0x36f && isDay(from);
}

/** Whether a day stands there; its digits are digits. */
function isDay(at: usize): bool {
  if (load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d) return false;
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if (month > 12 || day == 0) return false;
  const century = twoDigits(at);
  const rest = twoDigits(at + 2);
  if ((century | rest) == 0) return false;
  if (day <= load<u8>(monthDays + month)) return true;
  return month == 2 && day == 29 && ((rest == 0 ? century : rest) & 3) == 0;
}

/** `HH:MM[:SS[.fraction]]`, without an offset. */
export function isTime(from: usize, to: usize): bool {
  return to - from >= 5 && clockEnd(from) == to;
}

/** A date, `T` or a space, and a time; with an offset if and only if `offset` is asked for. */
export function isTimestamp(from: usize, to: usize, offset: bool): bool {
  if (to - from < 16 || (digitMask(from) & 0x36f) != 0x36f || !isDay(from)) return false;
  const separator: u32 = load<u8>(from, 10);
  if (separator != 0x54 && separator != 0x20) return false;
  const end = clockEnd(from + 11);
  return end != 0 && (offset ? isOffset(end, to) : end == to);
}

/** The end of the time that begins at `at`, or 0 if none does or it is out of range. */
function clockEnd(at: usize): usize {
  const digits = digitMask(at);
  if ((digits & 0x1b) != 0x1b || load<u8>(at, 2) != 0x3a) return 0;
  if (twoDigits(at) > 23 || twoDigits(at + 3) > 59) return 0;
  const after: u32 = load<u8>(at, 5);
  if (after != 0x3a) return after == 0x2e || (digits & 0x20) != 0 ? 0 : at + 5;
  if ((digits & 0xc0) != 0xc0 || twoDigits(at + 6) > 59) return 0;
  const point: u32 = load<u8>(at, 8);
  if (point != 0x2e) return point == 0x3a || (digits & 0x100) != 0 ? 0 : at + 8;
  return fractionEnd(at + 9);
}

/** The end of up to nine digits, those from the seventh on zeros; 0 if they are none. */
function fractionEnd(at: usize): usize {
  const count = ctz(~digitMask(at));
  if (count == 0 || count > 9) return 0;
  for (let i = 6; i < count; i++) if (load<u8>(at + i) != 0x30) return 0;
  const after: u32 = load<u8>(at + count);
  return after == 0x2e || after == 0x3a ? 0 : at + count;
}

/** `Z`, `+HH`, `+HHMM` or `+HH:MM`; less than 16 hours. */
function isOffset(from: usize, to: usize): bool {
  const length = to - from;
  const sign: u32 = load<u8>(from);
  if (length == 1) return sign == 0x5a;
  if (length > 6 || (sign != 0x2b && sign != 0x2d)) return false;
  const digits = digitMask(from);
  if ((digits & 6) != 6 || twoDigits(from + 1) > 15) return false;
  if (length == 3) return true;
  if (length == 5) return (digits & 0x18) == 0x18 && twoDigits(from + 3) <= 59;
  return length == 6 && load<u8>(from, 3) == 0x3a && (digits & 0x30) == 0x30 &&
    twoDigits(from + 4) <= 59;
}

/** Eight, four, four, four and twelve hexadecimal digits, in either case. */
export function isUuid(from: usize, to: usize): bool {
  return to - from == 36 && (hexMask(from) & 0xdeff) == 0xdeff &&
    (hexMask(from + 16) & 0xff7b) == 0xff7b && (hexMask(from + 20) & 0xfff7) == 0xfff7 &&
    load<u8>(from, 8) == 0x2d && load<u8>(from, 13) == 0x2d && load<u8>(from, 18) == 0x2d &&
    load<u8>(from, 23) == 0x2d;
}
