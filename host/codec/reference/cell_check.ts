/**
 * Checks a cell against its column, and brings it into the one text that both outputs start from:
 * escapes undone, integers in plain digits. What it says of a cell does not depend on the database,
 * except for the two rules.
 *
 * After `check` has said `FITS`, `src[from, to)` is that text, or the bytes of a column of bytes, until
 * the next call.
 */
import { assertNever } from "../../../src/model/errors.ts";
import { arrayLiteral } from "./array_literal.ts";
import { booleanOf } from "./boolean_text.ts";
import { bytesOfText } from "./bytes_text.ts";
import {
  BOOLEAN,
  BYTES,
  type CellColumn,
  DECIMAL,
  FLOAT,
  INTEGER,
  JSON_TEXT,
  TEXT,
} from "./cell_column.ts";
import {
  ARRAY,
  type CellSpans,
  ESCAPED,
  FALSE,
  FIELD,
  KIND_MASK,
  NON_ASCII,
  NONE,
  NUL,
  NUMBER,
  OBJECT,
  STRING,
  TRUE,
} from "./cell_span.ts";
import type { CellRules } from "../codec.ts";
import { unquoteCsv } from "./csv_record.ts";
import { checkInferred } from "./inferred_cell.ts";
import { JsonScanner } from "./json_scanner.ts";
import { unescapeJson } from "./json_text.ts";
import { repairJson, repairText } from "./nul_repair.ts";
import {
  checkDecimal,
  checkFloat,
  checkPlainInteger,
  integerDigits,
  numberEnd,
} from "./number_text.ts";
import { checkWideTime } from "./wide_time.ts";
import { checkDate, checkTime, checkTimestamp, checkUuid } from "./time_text.ts";
import {
  BAD_ENCODING,
  FITS,
  FORM_UNSAID,
  IS_NULL,
  LACKED,
  NAN_REFUSED,
  NUL_REFUSED,
  NULL_REFUSED,
  TOO_FINE,
  type Verdict,
  WRONG_TYPE,
} from "./verdict.ts";

/** One character a byte. */
const latin1 = new TextDecoder("latin1");
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** No date or time is longer. */
const WIDE_LENGTH_MAX = 64;
/** Numbers of up to so many characters and without exponent are within every float's range. */
const FLOAT_LENGTH_SAFE = 38;
/** Numbers of up to so many characters and without exponent are within a decimal's range. */
const DECIMAL_LENGTH_SAFE = 16_000;

/**
 * Checks a cell against its column, and brings it into the one text that both outputs start from:
 * escapes undone, integers in plain digits.
 */
export class CellCheck {
  /** What holds the text: the batch's own bytes, or a buffer that may be overwritten by the next cell. */
  src: Uint8Array;
  /** Where the text begins. */
  from = 0;
  /** Where the text ends. */
  to = 0;
  /** Whether COPY can take the text as it is: no backslash and no control character stands in it. */
  plain = false;
  /** Whether every byte of the text is ASCII. */
  ascii = false;
  /** The value of a boolean. */
  truth = false;
  /** Cells that fit so far because U+0000 was taken out of them. */
  repairs = 0;

  readonly #bytes: Uint8Array;
  readonly #rules: CellRules;
  readonly #scanner = new JsonScanner();
  #scratch = new Uint8Array(1024);

  /** A check of cells that stand in `bytes`. */
  constructor(bytes: Uint8Array, rules: CellRules) {
    this.#bytes = bytes;
    this.#rules = rules;
    this.src = bytes;
  }

  /** What is to be said of the column's cell in a record. */
  check(column: CellColumn, spans: CellSpans): Verdict {
    const kind = spans.kinds[column.index]!;
    const base = kind & KIND_MASK;
    if (base === NONE) {
      if (kind !== NONE && column.optional) return LACKED;
      return column.nullable ? IS_NULL : NULL_REFUSED;
    }
    this.src = this.#bytes;
    this.from = spans.starts[column.index]!;
    this.to = spans.ends[column.index]!;
    this.ascii = (kind & NON_ASCII) === 0;
    this.plain = base !== FIELD && base < OBJECT;
    if (column.family === JSON_TEXT) return this.#json(kind, base);
    if (base >= OBJECT) return this.#nested(column, base);
    if ((kind & ESCAPED) !== 0) this.#unescape(base);
    if (column.inferred) {
      const verdict = checkInferred(column, base, this);
      if (verdict !== FITS) return verdict;
    }
    switch (column.family) {
      case BOOLEAN:
        return this.#boolean(base);
      case INTEGER:
        return base < NUMBER ? WRONG_TYPE : this.#integer(column);
      case DECIMAL:
        return base < NUMBER ? WRONG_TYPE : this.#decimal(base);
      case FLOAT:
        return base < NUMBER ? WRONG_TYPE : this.#float(column, base);
      case TEXT:
        return (kind & NUL) !== 0 ? this.#nul(repairText) : FITS;
      case BYTES:
        return base > NUMBER ? this.#octets(column) : WRONG_TYPE;
      default:
        return base > NUMBER ? this.#formed(column) : WRONG_TYPE;
    }
  }

  /** The source text of an object or an array; the database's own where that has arrays. */
  #nested({ family, inferred, elements }: CellColumn, base: number): Verdict {
    if (family !== TEXT || inferred) return WRONG_TYPE;
    if (base !== ARRAY || elements === undefined) return FITS;
    const text = arrayLiteral(decoder.decode(this.src.subarray(this.from, this.to)), elements);
    this.src = encoder.encode(text);
    this.from = 0;
    this.to = this.src.length;
    this.plain = false;
    return text.includes("\0") ? this.#nul(repairText) : FITS;
  }

  /** A value's own source text; a CSV field has to be a JSON text in itself. */
  #json(kind: number, base: number): Verdict {
    let flags = kind;
    if (base === FIELD) {
      if ((kind & ESCAPED) !== 0) this.#unescape(base);
      const scanner = this.#scanner;
      if (!scanner.document(this.src, this.from, this.to)) {
        return scanner.fault!.code === "encoding" ? BAD_ENCODING : WRONG_TYPE;
      }
      flags = scanner.flags;
    } else if (base === STRING) {
      this.from--;
      this.to++;
      this.plain = (kind & ESCAPED) === 0;
    }
    return (flags & NUL) !== 0 ? this.#nul(repairJson) : FITS;
  }

  /** What is to be said of a text in which U+0000 stands. */
  #nul(repair: typeof repairText): Verdict {
    const rule = this.#rules.nul;
    switch (rule) {
      case "keep":
        return FITS;
      case "reject":
        return NUL_REFUSED;
      case "strip":
      case "escape":
        this.src = repair(this.src.subarray(this.from, this.to), rule);
        this.from = 0;
        this.to = this.src.length;
        this.plain = false;
        this.repairs++;
        return FITS;
      default:
        return assertNever(rule);
    }
  }

  /** Brings the text without its escapes into the scratch buffer. */
  #unescape(base: number): void {
    const room = this.to - this.from;
    if (this.#scratch.length < room) this.#scratch = new Uint8Array(room * 2);
    const undo = base === FIELD ? unquoteCsv : unescapeJson;
    this.to = undo(this.src, this.from, this.to, this.#scratch);
    this.from = 0;
    this.src = this.#scratch;
    this.plain = false;
    this.ascii = false;
  }

  #boolean(base: number): Verdict {
    if (base <= FALSE) {
      this.truth = base === TRUE;
      return FITS;
    }
    if (base === NUMBER && this.to - this.from !== 1) return WRONG_TYPE;
    const truth = booleanOf(this.src, this.from, this.to);
    this.truth = truth === true;
    return truth === undefined ? WRONG_TYPE : FITS;
  }

  #integer(column: CellColumn): Verdict {
    const verdict = checkPlainInteger(this.src, this.from, this.to, column.limit);
    if (verdict !== WRONG_TYPE) {
      this.plain = true;
      return verdict;
    }
    if (!this.#isNumber()) return WRONG_TYPE;
    const digits = integerDigits(this.#ascii());
    if (typeof digits === "number") return digits;
    this.to = new TextEncoder().encodeInto(digits, this.#scratch).written;
    this.from = 0;
    this.src = this.#scratch;
    this.plain = true;
    return checkPlainInteger(this.src, this.from, this.to, column.limit);
  }

  #decimal(base: number): Verdict {
    this.plain = true;
    if (base !== NUMBER && !this.#isNumber()) {
      return this.#rules.wide && this.#isName() ? FITS : WRONG_TYPE;
    }
    if (this.#isShort(DECIMAL_LENGTH_SAFE)) return FITS;
    return checkDecimal(this.#ascii());
  }

  #float(column: CellColumn, base: number): Verdict {
    if (base !== NUMBER && !this.#isNumber()) return this.#floatName();
    this.plain = true;
    if (this.#isShort(FLOAT_LENGTH_SAFE)) return FITS;
    return checkFloat(this.#ascii(), column.type === "float32");
  }

  #floatName(): Verdict {
    this.plain = true;
    if (!this.#isName()) return WRONG_TYPE;
    return this.#rules.nan || this.to - this.from > 3 ? FITS : NAN_REFUSED;
  }

  /** Whether it is NaN, or an infinity. */
  #isName(): boolean {
    const length = this.to - this.from;
    const name = length === 3 || length === 8 || length === 9 ? this.#ascii() : "";
    return name === "NaN" || name === "Infinity" || name === "-Infinity";
  }

  #formed(column: CellColumn): Verdict {
    this.plain = true;
    const { type } = column;
    const verdict = this.#isoFormed(column);
    if (verdict === FITS || verdict === TOO_FINE || !this.#rules.wide) return verdict;
    const isTime = type === "date" || type === "time" || type === "timestamp" ||
      type === "timestamptz";
    const wide = isTime && this.to - this.from <= WIDE_LENGTH_MAX
      ? checkWideTime(this.#ascii(), type)
      : WRONG_TYPE;
    return wide === WRONG_TYPE ? verdict : wide;
  }

  #isoFormed(column: CellColumn): Verdict {
    switch (column.type) {
      case "date":
        return checkDate(this.src, this.from, this.to);
      case "time":
        return checkTime(this.src, this.from, this.to);
      case "uuid":
        return checkUuid(this.src, this.from, this.to);
      default:
        return checkTimestamp(this.src, this.from, this.to, column.type === "timestamptz");
    }
  }

  /** Brings the bytes in the place of their text. */
  #octets({ bytes }: CellColumn): Verdict {
    const octets = bytesOfText(this.src.subarray(this.from, this.to), bytes);
    if (octets === undefined) return bytes === undefined ? FORM_UNSAID : WRONG_TYPE;
    this.src = octets;
    this.from = 0;
    this.to = octets.length;
    return FITS;
  }

  #isNumber(): boolean {
    return numberEnd(this.src, this.from, this.to) === this.to;
  }

  /** Whether a number is no longer than `lengthMax` and has no exponent. */
  #isShort(lengthMax: number): boolean {
    if (this.to - this.from > lengthMax) return false;
    for (let at = this.from; at < this.to; at++) {
      if ((this.src[at]! | 0x20) === 0x65) return false;
    }
    return true;
  }

  /** The text, one character a byte: the same where it is ASCII, and never mistaken for it if not. */
  #ascii(): string {
    return latin1.decode(this.src.subarray(this.from, this.to));
  }
}
