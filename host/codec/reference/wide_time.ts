/**
 * Dates and times in the forms that PostgreSQL prints and ISO 8601's extended form has not: infinities,
 * years before 1 and of more than four digits, 24:00:00, offsets with seconds. What comes out of such a
 * database so goes back into one. The limits are its own (manual, table "Date/Time Types").
 */
import { FITS, TOO_LARGE, type Verdict, WRONG_TYPE } from "./verdict.ts";

const INFINITY = /^-?infinity$/;
const DATE = /^(\d{4,7})-(\d\d)-(\d\d)( BC)?$/;
const MIDNIGHT = /^24:00(?::00(?:\.0{1,6})?)?$/;
const CLOCK = "([01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?";
const OFFSET = "(?:Z|[+-](?:0\\d|1[0-5])(?::?[0-5]\\d(?::?[0-5]\\d)?)?)";
const TIMESTAMP = new RegExp(`^(\\d{4,7}-\\d\\d-\\d\\d)[T ]${CLOCK}( BC)?$`);
const TIMESTAMP_TZ = new RegExp(`^(\\d{4,7}-\\d\\d-\\d\\d)[T ]${CLOCK}${OFFSET}( BC)?$`);

/** Years that there are, before 1 and behind. */
const BC_YEAR_MAX = 4714;
const DATE_YEAR_MAX = 5_874_897;
const TIMESTAMP_YEAR_MAX = 294_276;

/** What is to be said of a text as one of these types. */
export function checkWideTime(
  text: string,
  type: "date" | "time" | "timestamp" | "timestamptz",
): Verdict {
  if (type === "time") return MIDNIGHT.test(text) ? FITS : WRONG_TYPE;
  if (INFINITY.test(text)) return FITS;
  if (type === "date") return checkDay(text, DATE_YEAR_MAX);
  const match = (type === "timestamp" ? TIMESTAMP : TIMESTAMP_TZ).exec(text);
  return match ? checkDay(match[1]! + (match[3] ?? ""), TIMESTAMP_YEAR_MAX) : WRONG_TYPE;
}

function checkDay(text: string, yearMax: number): Verdict {
  const match = DATE.exec(text);
  if (!match) return WRONG_TYPE;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const isBc = match[4] !== undefined;
  if (year === 0 || year > (isBc ? BC_YEAR_MAX : yearMax)) return TOO_LARGE;
  if (month === 0 || month > 12 || day === 0) return TOO_LARGE;
  const days = daysBefore(yearOf(year, isBc), month + 1) - daysBefore(yearOf(year, isBc), month);
  return day <= days ? FITS : TOO_LARGE;
}

/** A year as astronomers count it: 1 BC is 0. */
function yearOf(year: number, isBc: boolean): number {
  return isBc ? 1 - year : year;
}

/**
 * Days from 2000-01-01 to the first day of a month, which may be the thirteenth: Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysBefore(year: number, month: number): number {
  const shifted = year + Math.floor((month - 3) / 12);
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const months = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * months + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + dayOfEra + dayOfYear - 730_425;
}

/** Days from 2000-01-01 of a date that fits and is not infinite. */
export function daysOfDate(text: string): number {
  const [, year, month, day, bc] = DATE.exec(text)!;
  return daysBefore(yearOf(Number(year), bc !== undefined), Number(month)) + Number(day) - 1;
}
