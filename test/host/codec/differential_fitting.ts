/** Values that fit a column of their type: what a fast path must take, in all its variety. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import { dateText, timestampText, timeText } from "./differential_form.ts";
import type { Random } from "./differential_random.ts";
import { jsonString, type JsonStyle, space, stringText } from "./differential_text.ts";
import type { Value } from "./differential_value.ts";

const DIGITS = "0123456789";
const BITS: Partial<Record<ColumnType, number>> = { int16: 16, int32: 32, int64: 64 };

/** A value that fits, unless it is a string that a rule refuses. */
export function fittingValue(r: Random, type: ColumnType, style: JsonStyle): Value {
  switch (type) {
    case "boolean":
      return { text: r.pick(["true", "false"]), quoted: false };
    case "int16":
    case "int32":
    case "int64":
      return { text: integer(r, BITS[type]!), quoted: false };
    case "decimal":
    case "float32":
    case "float64":
      return { text: number(r), quoted: false };
    case "json":
      return { text: json(r, style, r.below(4)), quoted: false };
    case "text":
    case "other":
      return r.chance(0.9)
        ? { text: stringText(r).toWellFormed(), quoted: true }
        : { text: json(r, style, r.below(3)), quoted: false };
    default:
      return { text: form(r, type), quoted: true };
  }
}

function integer(r: Random, bits: number): string {
  const value = BigInt.asIntN(bits, (BigInt(r.bits()) << 32n) | BigInt(r.bits() >>> 0));
  return String(value >> BigInt(r.below(bits)));
}

function number(r: Random): string {
  const whole = String(r.bits() >> r.below(32));
  if (r.chance(0.3)) return whole;
  const digits = `${whole}.${r.letters(DIGITS, r.pick([1, 2, 3, 6, 14]))}`;
  if (r.chance(0.7)) return digits;
  return digits + r.pick(["e", "E"]) + r.pick(["", "+", "-"]) + r.below(20);
}

type FormType = "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "uuid";

function form(r: Random, type: FormType): string {
  switch (type) {
    case "bytes":
      if (r.chance(0.5)) return `\\x${r.letters("0123456789abcdef", 2 * r.small(200))}`;
      return btoa(String.fromCharCode(...r.bytes(r.small(200))));
    case "uuid":
      return [8, 4, 4, 4, 12].map((count) => r.letters("0123456789abcdef", count)).join("-");
    case "date":
      return instant(r).slice(0, 10);
    case "time":
      return r.chance(0.1) ? timeText(r) : instant(r).slice(11, r.pick([16, 19, 23]));
    case "timestamp":
      return r.chance(0.9) ? instant(r).slice(0, r.pick([16, 19, 21, 23])) : `${dateText(r)}T00:00`;
    case "timestamptz":
      return r.chance(0.9) ? instant(r) : timestampText(r, true);
  }
}

/** A point in time of four digits of year, as JavaScript writes it. */
function instant(r: Random): string {
  return new Date((r.bits() >>> 0) * 58_000 + r.below(1000)).toISOString();
}

function json(r: Random, style: JsonStyle, depth: number): string {
  switch (depth === 0 ? r.below(4) : r.below(8)) {
    case 0:
      return r.pick(["true", "false", "0", "1"]);
    case 1:
      return number(r);
    case 2:
    case 3:
      return jsonString(r, stringText(r).toWellFormed(), style.oddity / 4);
    case 4:
    case 5: {
      const items = Array.from({ length: r.below(5) }, () => json(r, style, depth - 1));
      return `[${items.join(`,${space(r, style)}`)}]`;
    }
    default: {
      const members = Array.from(
        { length: r.below(5) },
        () => `"${r.letters("abcxyz", r.below(9))}":${space(r, style)}${json(r, style, depth - 1)}`,
      );
      return `{${members.join(",")}${space(r, style)}}`;
    }
  }
}
