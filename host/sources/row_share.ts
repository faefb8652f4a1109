/**
 * A source of which some rows are left out: those that go to another target by the value of a column.
 *
 * What is left is the same whenever it is read, as long as source and share are: the ledger counts bytes
 * in it, and a load goes on in it where it stopped. Line ends of rows that are left out stay, so that
 * lines are those of the file.
 */
import { type RowShare, shareTest } from "../../src/config/row_share.ts";
import { Batcher, type RawBatch } from "../../src/batching/batcher.ts";
import { type RecordFormat, rowCount } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import { type ValueOfRow, valueReader } from "./row_value.ts";
import type { OpenPart, Source, SourcePart } from "./source.ts";

/** Rows and bytes that are looked at in one go. */
const LOOK = { rowsMax: 10_000, bytesMax: 1024 * 1024, recordBytesMax: LIMITS.recordBytesMax };
const LF = 0x0a;
const CR = 0x0d;

/** A source without the rows that go elsewhere. */
export interface SharedSource extends Source {
  /** What the user should know of it, once it was read. */
  notes(): string[];
}

/**
 * The rows of a source that are of a share.
 *
 * @throws {LoadError} `column_missing`, here or when a part is opened, where its columns are known and
 * the one that says where rows go is not among them
 */
export function withShare(source: Source, share: RowShare): SharedSource {
  if (source.columns) {
    checkColumn(source.columns.map(({ name }) => name), { by: share.by, where: source.name });
  }
  const seen = new SeenColumn(share);
  return {
    name: source.name,
    ...(source.anonymous ? { anonymous: true } : {}),
    get bytesTotal() {
      return source.bytesTotal;
    },
    // Compressed or not, it is not known how much of it is left: so much at the most.
    get plainBytes() {
      return source.plainBytes;
    },
    ...(source.columns ? { columns: source.columns } : {}),
    ...(source.table === undefined ? {} : { table: source.table }),
    get kinds() {
      return source.kinds;
    },
    ...(source.hexBytes ? { hexBytes: true } : {}),
    ...(source.files ? { files: source.files } : {}),
    async *parts() {
      for await (const part of source.parts()) yield sharedPart(part, seen);
    },
    notes: () => seen.notes(),
  };
}

/** @throws {LoadError} `column_missing` where the column that says where rows go is not there */
export function checkColumn(
  columns: readonly string[],
  { by, where }: { readonly by: string; readonly where: string },
): void {
  if (columns.includes(by)) return;
  throw new LoadError(
    `${where} has no column ${by}, by which its rows go to their targets${nearest(by, columns)}`,
    { code: "column_missing", blame: "config" },
  );
}

/** `, did you mean x?`; where letters differ in case alone, that this counts. */
function nearest(by: string, names: readonly string[]): string {
  const same = names.find((name) => name.toLowerCase() === by.toLowerCase());
  return same === undefined
    ? didYouMean(by, names)
    : `, but ${same}: capitals count here, so write ${same}`;
}

/** Names of fields that are kept to find the nearest. */
const FIELDS_MAX = 1000;

/** Whether any record has had the field, where no header says so. */
class SeenColumn {
  readonly share: RowShare;
  #isThere = false;
  readonly #fields = new Set<string>();

  constructor(share: RowShare) {
    this.share = share;
  }

  see({ fields }: ValueOfRow): void {
    if (this.#isThere) return;
    if (!fields) this.#isThere = true;
    else for (const name of fields) if (this.#fields.size < FIELDS_MAX) this.#fields.add(name);
  }

  notes(): string[] {
    const { by, rest } = this.share;
    if (this.#isThere || this.#fields.size === 0 || !rest) return [];
    return [
      `No record has a field ${by}, by which rows go to their targets, so all of them went to this one` +
      nearest(by, [...this.#fields]),
    ];
  }
}

function sharedPart(part: SourcePart, seen: SeenColumn): SourcePart {
  return {
    name: part.name,
    ...(part.bytesTotal === undefined ? {} : { bytesTotal: part.bytesTotal }),
    open: async (signal) => {
      const opened = await part.open(signal);
      try {
        const { format } = opened;
        // A file that is empty has no header either.
        if (format.kind === "csv" && format.header.length > 0) {
          checkColumn(format.header, { by: seen.share.by, where: part.name });
        }
        return openShare(part.name, opened, seen);
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
  };
}

function openShare(name: string, opened: OpenPart, seen: SeenColumn): OpenPart {
  const { format } = opened;
  // Without random access, whose bytes would be those of the file.
  const part = {
    name,
    open: () =>
      Promise.resolve({
        ...{ format, line: opened.line, byteOffset: 0 },
        read: (into: Uint8Array<ArrayBuffer>) => opened.read(into),
        bytesRead: () => opened.bytesRead(),
        ...(opened.fate ? { fate: () => opened.fate!() } : {}),
        close: () => opened.close(),
      }),
  };
  const batches = new Batcher(ReadableStream.from([part]), LOOK);
  let pending: Uint8Array = new Uint8Array(0);
  // Blank lines before the first record of a batch may have been passed over.
  let nextLine = opened.line;
  let ended = false;
  return {
    // An array has become objects: what stands between its elements went with those that are not there.
    format: format.kind === "ndjson" && format.records
      ? { kind: "ndjson", records: "objects" }
      : format,
    line: opened.line,
    byteOffset: 0,
    read: async (into) => {
      while (pending.length === 0 && !ended) {
        const batch = await batches.next();
        if (!batch) ended = true;
        else {
          const lineEnd = lineEndOf(batch.format);
          const blank = keepsLines(batch.format) ? batch.line - nextLine : 0;
          nextLine = batch.line + batch.bytes.reduce((n, byte) => byte === lineEnd ? n + 1 : n, 0);
          pending = sharedBytes(batch, seen, new Uint8Array(Math.max(0, blank)).fill(lineEnd));
        }
      }
      if (pending.length === 0) return undefined;
      const piece = pending.subarray(0, into.length);
      into.set(piece);
      pending = pending.subarray(piece.length);
      return piece.length;
    },
    bytesRead: () => opened.bytesRead(),
    ...(opened.fate ? { fate: () => opened.fate!() } : {}),
    close: async () => {
      ended = true;
      await batches.close();
    },
  };
}

/** The bytes of a batch without the rows that go elsewhere, behind others. */
function sharedBytes(batch: RawBatch, seen: SeenColumn, before: Uint8Array): Uint8Array {
  const { share } = seen;
  const { bytes, offsets, format, tooLarge, part, line } = batch;
  if (tooLarge !== undefined) {
    throw new LoadError(
      `${part}:${line}: The record is larger than ${LIMITS.recordBytesMax} bytes, so its ${share.by} ` +
        "is not known and neither is its target: take it out of the source",
      { code: "source_malformed", blame: "data" },
    );
  }
  const rowOf = valueReader(batch, share.by);
  const isOfShare = shareTest(share);
  const out = new Uint8Array(before.length + bytes.length + rowCount(batch));
  let length = 0;
  const append = (piece: Uint8Array) => {
    out.set(piece, length);
    length += piece.length;
  };
  append(before);
  append(bytes.subarray(0, offsets[0]));
  for (let row = 0; row < rowCount(batch); row++) {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const end = recordEnd(bytes, { from, to, format });
    const found = rowOf(from, to);
    seen.see(found);
    if (isOfShare(found.value)) append(bytes.subarray(from, end.record));
    else if (keepsLines(format)) append(lineEnds(bytes, from, end.record));
    // Without a line end, a blank stands between two objects.
    if (end.separated) append(separator(bytes, end.record, to));
    else append(bytes.subarray(end.record, to));
  }
  batch.recycle?.(bytes.buffer);
  return out.slice(0, length);
}

/** Where a record ends; of an element of an array, what stands behind it is another thing than a line end. */
function recordEnd(
  bytes: Uint8Array,
  { from, to, format }: {
    readonly from: number;
    readonly to: number;
    readonly format: RecordFormat;
  },
): { readonly record: number; readonly separated: boolean } {
  if (format.kind === "csv" || format.records === undefined) {
    return { record: to, separated: false };
  }
  const isBetween = (byte: number) => byte <= 0x20 || byte === 0x2c || byte === 0x5d;
  let record = to;
  while (record > from && isBetween(bytes[record - 1]!)) record--;
  return { record, separated: true };
}

function lineEndOf(format: RecordFormat): number {
  return format.kind === "csv" && format.lineEnd === "\r" ? CR : LF;
}

/** Line ends between two elements; a blank where there are none. */
function separator(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const ends = lineEnds(bytes, from, to);
  return ends.length > 0 ? ends : new Uint8Array([0x20]);
}

/** In CSV of one column, an empty line is a row. */
function keepsLines(format: RecordFormat): boolean {
  return format.kind !== "csv" || format.header.length > 1;
}

/** Its line feeds; its carriage returns, where it has no others. */
function lineEnds(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const piece = bytes.subarray(from, to);
  const feeds = piece.filter((byte) => byte === LF);
  return feeds.length > 0 ? feeds : piece.filter((byte) => byte === CR);
}
