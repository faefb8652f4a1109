// Dates, times and UUIDs in PostgreSQL's binary forms, from texts that were found to be valid. Days and
// microseconds are counted from 2000-01-01, midnight.

const COLON: u32 = 0x3a;
const POINT: u32 = 0x2e;
const MINUS: u32 = 0x2d;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 86_400_000_000;

/** Days from 0000-03-01 to 2000-01-01. */
const EPOCH: i32 = 730_425;

/** What each digit of a fraction of a second is worth, in microseconds. */
const places = memory.data<u32>([100_000, 10_000, 1_000, 100, 10, 1, 0, 0, 0]);

/** Where the time ended that clockOf read last. */
export let clockTo: usize = 0;

@inline
function twoDigits(at: usize): u32 {
  return (load<u8>(at) as u32) * 10 + load<u8>(at, 1) - 528;
}

/** Days of `YYYY-MM-DD`. */
export function daysOf(at: usize): i32 {
  const month = twoDigits(at + 5);
  // Years that begin in March end with the day that leap years add.
  const before: u32 = u32(month < 3);
  const year = twoDigits(at) * 100 + twoDigits(at + 2) - before;
  const months = month + 12 * before - 3;
  // Of five months in a row, from March or August on, three have 31 days.
  const days = (153 * months + 2) / 5 + twoDigits(at + 8) - 1;
  return (365 * year + year / 4 - year / 100 + year / 400 + days) as i32 - EPOCH;
}

/** Microseconds of `HH:MM[:SS[.fraction]]`. */
export function clockOf(at: usize, to: usize): i64 {
  let seconds = (twoDigits(at) * 60 + twoDigits(at + 3)) * 60;
  let fraction: u32 = 0;
  at += 5;
  if (at < to && load<u8>(at) == COLON) {
    seconds += twoDigits(at + 1);
    at += 3;
    if (at < to && load<u8>(at) == POINT) {
      at++;
      for (let place = places; at < to; at++, place += 4) {
        const digit = (load<u8>(at) as u32) - 0x30;
        if (digit > 9) break;
        fraction += digit * load<u32>(place);
      }
    }
  }
  clockTo = at;
  return (seconds as i64) * 1_000_000 + fraction;
}

/** Microseconds of a date, a separator and a time, whatever offset follows. */
export function microsecondsOf(at: usize, to: usize): i64 {
  return (daysOf(at) as i64) * DAY + clockOf(at + 11, to);
}

/** Microseconds of `Z`, `+HH`, `+HHMM` or `+HH:MM`. */
export function offsetOf(at: usize, to: usize): i64 {
  const length = to - at;
  if (length == 1) return 0;
  let minutes = twoDigits(at + 1) * 60;
  if (length > 3) minutes += twoDigits(to - 2);
  const offset = (minutes as i64) * MINUTE;
  return load<u8>(at) == MINUS ? -offset : offset;
}

/** Writes a UUID as a field. */
export function putUuid(at: usize, out: usize): usize {
  store<u32>(out, bswap<u32>(16));
  store<u32>(out, fourBytes(load<u64>(at)), 4);
  store<u32>(out, fourBytes((load<u32>(at, 9) as u64) | ((load<u32>(at, 14) as u64) << 32)), 8);
  store<u32>(out, fourBytes((load<u32>(at, 19) as u64) | ((load<u32>(at, 24) as u64) << 32)), 12);
  store<u32>(out, fourBytes(load<u64>(at, 28)), 16);
  return out + 20;
}

/** The bytes that eight hexadecimal digits spell, the first one lowest. */
@inline
export function fourBytes(digits: u64): u32 {
  const letters = (digits >> 6) & 0x0101010101010101;
  const halves = (digits & 0x0f0f0f0f0f0f0f0f) + letters * 9;
  const bytes = ((halves << 4) | (halves >> 8)) & 0x00ff00ff00ff00ff;
  const pairs = (bytes | (bytes >> 8)) & 0x0000ffff0000ffff;
  return (pairs | (pairs >> 16)) as u32;
}
