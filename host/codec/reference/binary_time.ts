/**
 * Dates, times and UUIDs in PostgreSQL's binary forms, from texts that a check has found to fit. Days
 * and microseconds are counted from 2000-01-01, midnight.
 */

const DAY_MS = 86_400_000;
const DAY_MICROSECONDS = 86_400_000_000n;
const EPOCH_MS = Date.UTC(2000, 0, 1);

/** Days of `YYYY-MM-DD`. */
export function daysOf(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - EPOCH_MS) / DAY_MS;
}

/** Microseconds of `HH:MM[:SS[.fraction]]`. */
export function microsecondsOf(time: string): bigint {
  const [hours, minutes, seconds = "0"] = time.split(":");
  const [whole, fraction = ""] = seconds.split(".");
  const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(whole);
  return BigInt(total) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Microseconds of a date, a separator and a time, in UTC where an offset follows. */
export function instantOf(timestamp: string): bigint {
  const [, time, offset = "Z"] = /^([0-9:.]+)(.*)$/.exec(timestamp.slice(11))!;
  const days = BigInt(daysOf(timestamp.slice(0, 10)));
  return days * DAY_MICROSECONDS + microsecondsOf(time!) - offsetOf(offset);
}

/** Microseconds of nothing, `Z`, `+HH`, `+HHMM` or `+HH:MM`. */
function offsetOf(offset: string): bigint {
  if (offset === "" || offset === "Z") return 0n;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(":", ""));
  return BigInt(offset[0] === "-" ? -minutes : minutes) * 60_000_000n;
}

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: string): Uint8Array {
  const digits = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
