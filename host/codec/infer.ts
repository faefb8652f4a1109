/**
 * Columns out of the records themselves, where neither a schema nor a live table says what they are.
 *
 * All records of the first batch are looked at. Whole numbers become int64, or decimal beyond 64
 * bits; numbers with a fraction or an exponent float64 where a double keeps all their digits, or
 * decimal; booleans boolean; strings text, dates in them too; objects, arrays and values of different
 * kinds json, which keeps 1 and "1" apart; a field that is always null text. CSV has no kinds: there
 * a field is a number or a boolean if every value of it reads as one (no leading zeros, no plus), and
 * else text. Key columns take no NULL, all others do. Malformed records are left to the codec.
 */
import type { Batch, Column, RejectedRow } from "../../src/model/batch.ts";
import type { ColumnType } from "../../src/model/column_type.ts";
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { inTurns } from "../platform/in_turns.ts";
import { booleanOf } from "./reference/boolean_text.ts";
import { FALSE, FIELD, KIND_MASK, NONE, NUMBER, STRING, TRUE } from "./reference/cell_span.ts";
import type { CellSpans } from "./reference/cell_span.ts";
import { CsvRecordReader } from "./reference/csv_record.ts";
import { JsonRecordReader } from "./reference/json_record.ts";
import { RejectList } from "./reference/reject_list.ts";
import { rejectedTooLarge } from "./reference/too_large.ts";
import {
  checkPlainInteger,
  doubleKeepsBytes,
  integerLimit,
  numberEnd,
} from "./reference/number_text.ts";
import { FITS, WRONG_TYPE } from "./reference/verdict.ts";
import { toldForm } from "./told_form.ts";

/** Records to learn from. */
export type Sample = Pick<Batch, "format" | "bytes" | "offsets">;

/** What is known of the records beside their bytes. */
export interface InferOptions {
  /** Names of the key's columns. */
  readonly key: readonly string[];
  /** See `Source.kinds`. */
  readonly kinds?: ReadonlyMap<string, ReadonlySet<ColumnType>> | undefined;
}

const INT64 = integerLimit(64);
/** A double keeps every whole number below 2^53 (and that one too, which is of no matter here). */
const DOUBLE_WHOLE = integerLimit(54);

/** Records looked at before others may have their turn. */
const STEP_ROWS = 64;

/** What was learnt of a sample. */
export interface Inferred {
  /** In the order in which their fields first appear. */
  readonly columns: Column[];
  /** Records that could be read. */
  readonly records: number;
}

/**
 * Columns in the order in which their fields first appear.
 *
 * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns.
 */
export function inferColumns(
  sample: Sample,
  options: InferOptions,
): Inferred {
  const steps = inferInSteps(sample, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same, with turns for others in between: a first batch of 16 MiB takes a tenth of a second.
 *
 * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns.
 */
export async function inferColumnsInTurns(
  sample: Sample,
  options: InferOptions,
): Promise<Inferred> {
  return await inTurns(inferInSteps(sample, options));
}

function* inferInSteps(
  sample: Sample,
  options: InferOptions,
): Generator<void, Inferred> {
  const evidence: Evidence[] = [];
  let records = 0;
  const names = yield* readSample(sample, (spans) => {
    records++;
    for (let i = 0; i < spans.kinds.length; i++) {
      (evidence[i] ??= new Evidence(options.kinds !== undefined)).add(sample.bytes, spans, i);
    }
  });
  const columns = names.map((name, i): Column => {
    const key = options.key.includes(name);
    const type = evidence[i]?.type(sample.format.kind, options.kinds?.get(name)) ?? "text";
    return { name, type, nullable: !key, key, inferred: true };
  });
  return { columns, records };
}

/**
 * The names of all fields, in the order in which they first appear.
 *
 * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns.
 */
export function fieldNames(sample: Sample): string[] {
  const steps = readSample(sample, () => {});
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The rows of a batch that cannot be read, whatever the columns are. */
export function unreadableRows(batch: Omit<Batch, "shape">): readonly RejectedRow[] {
  if (batch.tooLarge !== undefined) return [rejectedTooLarge(batch)];
  const { bytes, format, offsets } = batch;
  const reader = format.kind === "csv"
    ? new CsvRecordReader(bytes, format.header, format)
    : new JsonRecordReader(bytes, [], format);
  const rejects = new RejectList(batch);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const fault = reader.read(offsets[row]!, offsets[row + 1]!);
    if (fault !== undefined && fault.code !== "unknown_field") rejects.add(row, fault);
  }
  return rejects.rows;
}

/** Shows every well-formed record to `visit`, some at each step; returns the names of the fields. */
function* readSample(
  sample: Sample,
  visit: (spans: CellSpans) => void,
): Generator<void, string[]> {
  const { bytes, format, offsets } = sample;
  const names = format.kind === "csv" ? [...new Set(format.header)] : [];
  checkCount(names.length);
  const unknowns = new Set<string>();
  const reader = format.kind === "csv"
    ? new CsvRecordReader(bytes, names, format)
    : new JsonRecordReader(bytes, names, { records: format.records, unknowns });
  for (let row = 0; row + 1 < offsets.length; row++) {
    let fault = reader.read(offsets[row]!, offsets[row + 1]!);
    if (reader instanceof JsonRecordReader && fault?.code === "unknown_field") {
      // All that are new at once: read again for each, a record of many keys takes their square.
      checkCount(names.length + unknowns.size);
      names.push(...unknowns);
      reader.addColumns(unknowns);
      fault = reader.read(offsets[row]!, offsets[row + 1]!);
    }
    if (fault === undefined) visit(reader.spans);
    if (row % STEP_ROWS === STEP_ROWS - 1) yield;
  }
  return names;
}

function checkCount(names: number): void {
  if (names <= LIMITS.columnsMax) return;
  throw new LoadError(
    `The source has more than ${LIMITS.columnsMax} different fields, and a table takes no more ` +
      "columns: put what varies into one field that holds an object",
    { code: "source_malformed", blame: "data" },
  );
}

/** What the values of one field are. */
class Evidence {
  #whole = false;
  #fraction = false;
  #boolean = false;
  #text = false;
  #nested = false;
  /** Whether a whole number is beyond 64 bits. */
  #beyondInt64 = false;
  /** Whether a number loses a digit in a double. */
  #beyondDouble = false;
  /** The one form that all strings have so far; `text` where they have none in common. */
  #form: ColumnType | undefined;
  readonly #isTold: boolean;

  /** `isTold` asks for the forms of strings. */
  constructor(isTold: boolean) {
    this.#isTold = isTold;
  }

  add(bytes: Uint8Array, spans: CellSpans, column: number): void {
    const from = spans.starts[column]!;
    const to = spans.ends[column]!;
    switch (spans.kinds[column]! & KIND_MASK) {
      case NONE:
        return;
      case TRUE:
      case FALSE:
        this.#boolean = true;
        return;
      case NUMBER:
        return this.#addNumber(bytes, from, to);
      case STRING:
        this.#text = true;
        if (this.#isTold && this.#form !== "text") {
          const form = toldForm(bytes, from, to) ?? "text";
          this.#form = this.#form === undefined || this.#form === form ? form : "text";
        }
        return;
      case FIELD:
        return this.#addField(bytes, from, to);
      default:
        this.#nested = true;
    }
  }

  /** The type; `told` are those that the source has written as strings. */
  type(format: "ndjson" | "csv", told?: ReadonlySet<ColumnType>): ColumnType {
    const form = this.#text && told?.size === 1 && told.has(this.#form!) ? this.#form! : "text";
    if (form === "float64") {
      this.#fraction = true;
      this.#text = false;
    }
    const number = this.#whole || this.#fraction;
    const kinds = Number(number) + Number(this.#boolean) + Number(this.#text) +
      Number(this.#nested);
    if (kinds === 0) return "text";
    if (kinds > 1) return format === "csv" ? "text" : "json";
    if (this.#boolean) return "boolean";
    if (this.#text) return form;
    if (this.#nested) return "json";
    if (this.#fraction) return this.#beyondDouble ? "decimal" : "float64";
    return this.#beyondInt64 ? "decimal" : "int64";
  }

  #addField(bytes: Uint8Array, from: number, to: number): void {
    if (to > from && numberEnd(bytes, from, to) === to) return this.#addNumber(bytes, from, to);
    if (to - from >= 4 && booleanOf(bytes, from, to) !== undefined) this.#boolean = true;
    else this.#text = true;
  }

  #addNumber(bytes: Uint8Array, from: number, to: number): void {
    const verdict = checkPlainInteger(bytes, from, to, INT64);
    if (verdict === WRONG_TYPE) {
      this.#fraction = true;
      this.#beyondDouble ||= !doubleKeepsBytes(bytes, from, to);
      return;
    }
    this.#whole = true;
    this.#beyondInt64 ||= verdict !== FITS;
    this.#beyondDouble ||= checkPlainInteger(bytes, from, to, DOUBLE_WHOLE) !== FITS;
  }
}
