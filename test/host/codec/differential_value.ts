/** Values for columns of every type: mostly such that fit, often at a limit, sometimes another type's. */
import { COLUMN_TYPES, type ColumnType } from "../../../src/model/column_type.ts";
import { fittingValue } from "./differential_fitting.ts";
import {
  booleanText,
  bytesText,
  dateText,
  timestampText,
  timeText,
  uuidText,
} from "./differential_form.ts";
import {
  hugeDecimalText,
  integerText,
  nearlyNumber,
  numberText,
  respelledInteger,
} from "./differential_number.ts";
import type { Random } from "./differential_random.ts";
import { type JsonStyle, jsonText, stringText } from "./differential_text.ts";

/** A value before it is spelled in a format. */
export interface Value {
  readonly text: string;
  /** Whether JSON writes it in quotes, escaped; if not, it is JSON as it stands. */
  readonly quoted: boolean;
}

/** How values are chosen. */
export interface ValueStyle extends JsonStyle {
  /** How often a value is chosen for its oddity, at a limit of its type or beside it. */
  readonly edge: number;
  /** How often a value is another type's, or nearly one of this type. */
  readonly wrong: number;
}

const NUMERIC: ReadonlySet<ColumnType> = new Set(COLUMN_TYPES.slice(1, 7));
const BITS: Partial<Record<ColumnType, number>> = { int16: 16, int32: 32, int64: 64 };

/** A value for a column of this type. */
export function valueFor(r: Random, type: ColumnType, style: ValueStyle): Value {
  if (!r.chance(style.edge)) return fittingValue(r, type, style);
  if (!r.chance(style.wrong)) return ownValue(r, type, style);
  if (r.chance(0.4)) return { text: nearlyNumber(r), quoted: r.chance(0.5) };
  return ownValue(r, r.pick(COLUMN_TYPES), style);
}

function ownValue(r: Random, type: ColumnType, style: JsonStyle): Value {
  if (NUMERIC.has(type) && r.chance(0.04)) return { text: nearlyNumber(r), quoted: r.chance(0.3) };
  switch (type) {
    case "boolean":
      return r.chance(0.6)
        ? { text: r.pick(["true", "false"]), quoted: r.chance(0.1) }
        : { text: booleanText(r), quoted: r.chance(0.8) };
    case "int16":
    case "int32":
    case "int64": {
      const text = r.chance(0.85) ? integerText(r, BITS[type]!) : respelledInteger(r, BITS[type]!);
      return { text, quoted: r.chance(0.15) };
    }
    case "decimal":
      return { text: r.chance(0.0005) ? hugeDecimalText(r) : numberText(r), quoted: r.chance(0.2) };
    case "float32":
    case "float64":
      if (r.chance(0.05)) return { text: r.pick(["NaN", "Infinity", "-Infinity"]), quoted: true };
      return { text: numberText(r), quoted: r.chance(0.15) };
    case "json":
      return { text: jsonText(r, style), quoted: r.chance(0.02) };
    case "text":
    case "other":
      return r.chance(0.85)
        ? { text: stringText(r), quoted: true }
        : { text: jsonText(r, style), quoted: false };
    default:
      return { text: formText(r, type), quoted: true };
  }
}

function formText(
  r: Random,
  type: "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "uuid",
): string {
  switch (type) {
    case "bytes":
      return r.chance(0.1) ? stringText(r) : bytesText(r);
    case "date":
      return dateText(r);
    case "time":
      return timeText(r);
    case "uuid":
      return uuidText(r);
    default:
      return timestampText(r, type === "timestamptz");
  }
}
