/** The reference with one fault each, of the kinds that fast codecs have: a comparison has to find it. */
import { Buffer } from "node:buffer";
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type {
  Cell,
  CellReader,
  CellRules,
  Codec,
  CopyEncoder,
  CopyOptions,
} from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";

const REFERENCE = await createReferenceCodec();

/** A codec with a fault. */
export interface Fault {
  readonly codec: Codec;
  /** Bytes, as characters, without which the fault does not show. */
  readonly needs?: string;
}

/** Faults by what they do. */
export const FAULTS: Readonly<Record<string, () => Fault>> = {
  "takes an overlong sequence": () => misreading("\xc0\x80", "\xc3\x80"),
  "takes a surrogate in UTF-8": () => misreading("\xed\xa0\x80", "\xed\x9f\xbf"),
  "takes a character above U+10FFFF": () => misreading("\xf4\x90\x80\x80", "\xf4\x8f\xbf\xbf"),
  "takes a lone surrogate": () => misreading("\\udc00", "\\u0041"),
  "takes an unknown escape": () => misreading("\\v", "\\n"),
  "takes U+0000 for U+0001": () => misreading("\\u0000", "\\u0001"),
  "takes an escaped backslash before u0000 for U+0000": () => misreading("\\\\u0000", "\\u0000 "),
  "strips U+0000 that is to be escaped": () => ruling("escape", "strip"),
  "escapes U+0000 that is to be stripped": () => ruling("strip", "escape"),
  "keeps U+0000 that is to be stripped": () => ruling("strip", "keep"),
  "rejects U+0000 that is to be escaped": () => ruling("escape", "reject"),
  "counts no row as repaired": () => changing({ repaired: () => 0 }),
  "counts rejected rows as repaired": () =>
    changing({ repaired: (count, rejects) => count > 0 ? count + rejects.length : count }),
  "takes an int16 that is too large": () => misreading("32768", "32767"),
  "takes an int64 that is too large": () =>
    misreading("9223372036854775808", "9223372036854775807"),
  "takes a double that is too large": () =>
    misreading("1.7976931348623159e308", "1.7976931348623157e308"),
  "loses the last digit of a long number": () => misreading("9007199254740993", "9007199254740992"),
  "loses the sign of zero": () => misreading(":-0,", ": 0,"),
  "takes an exponent without digits": () => misreading("1e+,", "1e0,"),
  "takes hour 24": () => misreading("T24:", "T23:"),
  "takes an offset of 16 hours": () => misreading("+16:", "+15:"),
  "takes the 29th of February of any year": () => misreading("1900-02-29", "1900-02-28"),
  "takes padding bits that are lost": () => misreading('B="', 'A="'),
  "takes a carriage return in an unquoted field": () => misreading("\r,", " ,"),
  "takes text behind a closing quote": () => misreading('" ,', '"",'),
  "takes a tab for the null text": () => misreading("\t,", ",,"),
  "misses a delimiter in quotes": () => misreading(',"', ",,"),
  "does not escape a vertical tab": () => misreading("\\u000b", "\\u000c"),
  "reads a byte order mark as nothing": () => misreading("\xef\xbb\xbf", "   "),
  "takes the wrong one of two keys": () => misreading('A":', 'B":'),
  "takes an unknown field": () =>
    changing({ rejects: (rejects) => rejects.filter((r) => r.code !== "unknown_field") }),
  "counts positions in bytes": () => changing({ rejects: shiftedPositions }),
  "names a line too early": () =>
    changing({ rejects: (rejects) => rejects.map((r) => ({ ...r, line: r.line - 1 })) }),
  "leaves the column out": () =>
    changing({ rejects: (rejects) => rejects.map(({ column: _, ...r }) => r) }),
  "gives the last two rejects in the wrong order": () =>
    changing({ rejects: (rejects) => rejects.toReversed() }),
  "gives zero without its sign": () => changing({ cell: (cell) => Object.is(cell, -0) ? 0 : cell }),
  "gives a bigint as a number": () => changing({ cell: (cell) => cell === 5n ? 5 : cell }),
  "gives one byte too few": () =>
    changing({
      cell: (cell) => cell instanceof Uint8Array && cell.length > 90 ? cell.subarray(1) : cell,
    }),
  "rounds a double once more": () =>
    changing({
      cell: (cell) => typeof cell === "number" && cell % 1 !== 0 ? Math.fround(cell) : cell,
    }),
  "numbers rows wrongly behind two rejects": () =>
    changing({ rowOf: (row, rejects) => rejects.length > 1 ? row - 1 : row }),
  "leaves out the last row of a piece": () => changing({ piece: withoutLastRow }),
  "writes into a piece that was handed out": () =>
    changing({ kept: (piece) => piece.fill(0, 5, 6) }),
  "writes into the batch": () =>
    changing({ piece: (piece, batch) => (batch.bytes.fill(10, 0, 1), piece) }),
  "takes a row that varies": () => changing({ varies: () => false }),
  "takes a row for one that varies": () => changing({ varies: () => true }),
  "fails on a record of 20 KB": () => changing({ piece: failOnLarge }),
};

/** What a fault changes of what the reference gives. */
interface Changes {
  readonly rejects?: (rejects: readonly RejectedRow[]) => readonly RejectedRow[];
  readonly cell?: (cell: Cell) => Cell;
  readonly rowOf?: (row: number, rejects: readonly RejectedRow[]) => number;
  readonly repaired?: (count: number, rejects: readonly RejectedRow[]) => number;
  readonly varies?: (varies: boolean) => boolean;
  readonly piece?: (piece: Uint8Array<ArrayBuffer>, batch: Batch) => Uint8Array<ArrayBuffer>;
  /** Is given the piece before, when the next one or the end is asked for. */
  readonly kept?: (piece: Uint8Array<ArrayBuffer>) => void;
}

/** Takes one sequence of bytes for another of the same length. */
function misreading(from: string, to: string): Fault {
  const codec = REFERENCE;
  const misread = (batch: Batch): Batch => {
    const text = latin1(batch).replaceAll(from, to);
    return { ...batch, bytes: new Uint8Array(Buffer.from(text, "latin1")) };
  };
  return {
    needs: from,
    codec: {
      ...codec,
      copy: (batch, options) => codec.copy(misread(batch), options),
      cells: (batch, options) => codec.cells(misread(batch), options),
    },
  };
}

/** Takes one rule for U+0000 for another. */
function ruling(from: CellRules["nul"], to: CellRules["nul"]): Fault {
  const { copy, cells, contentHash } = REFERENCE;
  const misruled = <T extends CellRules>(rules: T): T => {
    return rules.nul === from ? { ...rules, nul: to } : rules;
  };
  return {
    codec: {
      contentHash,
      copy: (batch, options) => copy(batch, { ...options, rules: misruled(options.rules) }),
      cells: (batch, options) => cells(batch, misruled(options)),
    },
  };
}

/** The bytes of a batch as characters. */
export function latin1({ bytes }: Batch): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

function changing(changes: Changes): Fault {
  const { copy, cells, contentHash } = REFERENCE;
  return {
    codec: {
      contentHash,
      copy: (batch, options) => changedCopy(copy(batch, options), { batch, options, changes }),
      cells: (batch, options) => changedCells(cells(batch, options), changes),
    },
  };
}

function changedCopy(
  encoder: CopyEncoder,
  { batch, options, changes }: {
    readonly batch: Batch;
    readonly options: CopyOptions;
    readonly changes: Changes;
  },
): CopyEncoder {
  let last: Uint8Array<ArrayBuffer> | undefined;
  return {
    next() {
      if (last !== undefined) changes.kept?.(last);
      const piece = encoder.next();
      const change = options.format === "text" ? changes.piece : undefined;
      last = piece !== undefined && change !== undefined ? change(piece, batch) : piece;
      return last;
    },
    get rows() {
      return encoder.rows;
    },
    get rejects() {
      return changes.rejects?.(encoder.rejects) ?? encoder.rejects;
    },
    get repaired() {
      return changes.repaired?.(encoder.repaired, encoder.rejects) ?? encoder.repaired;
    },
    get varies() {
      return changes.varies?.(encoder.varies) ?? encoder.varies;
    },
    rowOf(index) {
      const row = encoder.rowOf(index);
      return changes.rowOf?.(row, encoder.rejects) ?? row;
    },
  };
}

function changedCells(
  reader: CellReader,
  { rejects, cell, repaired, varies }: Changes,
): CellReader {
  return {
    read(rowsMax, out, rows) {
      const start = out.length;
      const count = reader.read(rowsMax, out, rows);
      if (cell !== undefined) { for (let i = start; i < out.length; i++) out[i] = cell(out[i]!); }
      return count;
    },
    get rejects() {
      return rejects?.(reader.rejects) ?? reader.rejects;
    },
    get repaired() {
      return repaired?.(reader.repaired, reader.rejects) ?? reader.repaired;
    },
    get varies() {
      return varies?.(reader.varies) ?? reader.varies;
    },
  };
}

function shiftedPositions(rejects: readonly RejectedRow[]): readonly RejectedRow[] {
  return rejects.map((r) => r.position === undefined ? r : { ...r, position: r.position + 1 });
}

function withoutLastRow(piece: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const end = piece.lastIndexOf(10, -2);
  return end < 0 ? piece : piece.subarray(0, end + 1);
}

function failOnLarge(piece: Uint8Array<ArrayBuffer>, { offsets }: Batch): Uint8Array<ArrayBuffer> {
  for (let row = 0; row + 1 < offsets.length; row++) {
    if (offsets[row + 1]! - offsets[row]! > 20_000) throw new RangeError("Out of bounds");
  }
  return piece;
}
