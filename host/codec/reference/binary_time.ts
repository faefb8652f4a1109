/**
 * Dates, times and UUIDs in PostgreSQL's binary forms, from texts that a check has found to fit. Days
 * and microseconds are counted from 2000-01-01, midnight; the ends of their ranges are the infinities.
 */
import { daysOfDate } from "./wide_time.ts";

const DAY_MICROSECONDS = 86_400_000_000n;
const DAYS_MAX = 2_147_483_647;
const INSTANT_MAX = 2n ** 63n - 1n;

/** Days of a date. */
export function daysOf(date: string): number {
  if (date === "infinity") return DAYS_MAX;
  return date === "-infinity" ? -DAYS_MAX - 1 : daysOfDate(date);
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
  if (timestamp === "infinity") return INSTANT_MAX;
  if (timestamp === "-infinity") return -INSTANT_MAX - 1n;
  const [, date, time, offset, bc] = /^(\d+-\d\d-\d\d)[T ]([0-9:.]+)(.*?)( BC)?$/.exec(timestamp)!;
  const days = BigInt(daysOfDate(date! + (bc ?? "")));
  return days * DAY_MICROSECONDS + microsecondsOf(time!) - offsetOf(offset!);
}

/** Microseconds of nothing, `Z`, or a sign and hours, minutes and seconds, with colons or without. */
function offsetOf(offset: string): bigint {
  if (offset === "" || offset === "Z") return 0n;
  const digits = offset.slice(1).replaceAll(":", "").padEnd(6, "0");
  const [hours, minutes, seconds] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  const total = (hours! * 60 + minutes!) * 60 + seconds!;
  return BigInt(offset[0] === "-" ? -total : total) * 1_000_000n;
}

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: string): Uint8Array {
  const digits = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
