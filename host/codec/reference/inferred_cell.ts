/**
 * Whether a type that was inferred gives a value back, by the measure of inference itself: what would
 * have made another type of the column is refused where this one would change it.
 *
 * A number is kept as long as its value is (`1.50` is 1.5, `-0` is 0), in CSV as an integer only if
 * it is spelled as one; a boolean in any case of its letters. In NDJSON a value keeps its kind too:
 * `"1"` is not 1.
 */
import { BOOLEAN, type CellColumn, DECIMAL, FLOAT, INTEGER, TEXT } from "./cell_column.ts";
import { FALSE, FIELD, STRING } from "./cell_span.ts";
import { checkPlainInteger, doubleKeepsBytes, numberEnd } from "./number_text.ts";
import { CHANGED, FITS, type Verdict, WRONG_TYPE } from "./verdict.ts";

/** A cell's text without its escapes. */
export interface CellText {
  readonly src: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Letters of the shortest boolean that inference knows. */
const BOOLEAN_LENGTH_MIN = 4;

/**
 * `FITS` where the column's type changes nothing of the value, or where it is not the type's at all:
 * that is for the check behind this one to say. `base` is the cell's kind, which is not nested.
 */
export function checkInferred(column: CellColumn, base: number, text: CellText): Verdict {
  switch (column.family) {
    case BOOLEAN: {
      const isLong = base === FIELD && text.to - text.from >= BOOLEAN_LENGTH_MIN;
      return base <= FALSE || isLong ? FITS : WRONG_TYPE;
    }
    case INTEGER:
      if (base === STRING) return WRONG_TYPE;
      return base === FIELD && isNumber(text) && !isPlain(column, text) ? CHANGED : FITS;
    case DECIMAL:
      return base === STRING && isNumber(text) ? WRONG_TYPE : FITS;
    case FLOAT:
      if (!isNumber(text)) return FITS;
      if (base === STRING) return WRONG_TYPE;
      return doubleKeepsBytes(text.src, text.from, text.to) ? FITS : CHANGED;
    case TEXT:
      return base === STRING || base === FIELD ? FITS : WRONG_TYPE;
    default:
      return FITS;
  }
}

function isNumber({ src, from, to }: CellText): boolean {
  return numberEnd(src, from, to) === to;
}

function isPlain({ limit }: CellColumn, { src, from, to }: CellText): boolean {
  return checkPlainInteger(src, from, to, limit) !== WRONG_TYPE;
}
