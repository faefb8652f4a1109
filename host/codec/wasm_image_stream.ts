/**
 * Reads records and writes them as the image of a SQLite database at the same time, see
 * `record_chunks.ts`: one table, whose rows are numbered from 1. Rows of which the compiled codec is not
 * certain are read by the reference. One that is not to be taken ends it.
 */
import type { Batch } from "../../src/model/batch.ts";
import type {
  Cell,
  EncodedImage,
  ImageOptions,
  ImageRoom,
  RecordBytes,
  StreamedRecords,
} from "./codec.ts";
import { imageOutputBytes, ImagePages } from "./image_pages.ts";
import { type ChunkMemory, isChunked, RecordChunks } from "./record_chunks.ts";
import { CellRows } from "./reference/cell_rows.ts";

/** What an image is made of, and where. */
export interface ImageStreamOptions {
  readonly bytes: RecordBytes;
  readonly options: ImageOptions;
  readonly room: ImageRoom;
}

/**
 * Reads all of the records into an image; undefined where they are not for one: a row is not to be taken,
 * varies or is too large, or there is none. Once at a time.
 *
 * @throws {LoadError} `resource_exhausted`; and what reading throws
 */
export async function streamImage(
  memory: ChunkMemory,
  records: StreamedRecords,
  { bytes, options, room }: ImageStreamOptions,
): Promise<EncodedImage | undefined> {
  if (!isChunked(records) || records.shape.columns.length === 0) return undefined;
  const { rules, pageBytes } = options;
  const chunks = new RecordChunks(memory, {
    ...{ records, bytes, rules, utf8: true },
    outputBytes: (room) => imageOutputBytes({ ...room, pageBytes }),
  });
  try {
    const pages = new ImagePages(memory.exports, options, room);
    pages.lay();
    let repaired = 0;
    do {
      while (chunks.take()) {
        const slice = new Slice(chunks, records, options);
        if (!encode(pages, slice)) return undefined;
        repaired += slice.repaired;
      }
    } while (await chunks.read());
    if (chunks.failed || pages.rows === 0) return undefined;
    const image = pages.close();
    return image && {
      bytes: image,
      rows: pages.rows,
      repaired,
      contentHash: chunks.hash(),
      marks: chunks.marks(),
    };
  } finally {
    await chunks.close();
  }
}

/** Adds the rows of a slice; false where one is not to be added. */
function encode(pages: ImagePages, slice: Slice): boolean {
  const { rows } = slice;
  const number = 1 + pages.rows;
  let row = 0;
  while ((row = pages.addRows(row, rows, number)) < rows) {
    const cells = pages.isUnsure ? slice.cells(row) : undefined;
    if (!cells || !pages.addCells(number + row, cells)) return false;
    row++;
  }
  if (rows > 0) slice.close();
  return true;
}

/** The rows of a slice, some of which the reference reads. */
class Slice {
  readonly #chunks: RecordChunks;
  readonly #records: StreamedRecords;
  readonly #options: ImageOptions;
  #cells: CellRows | undefined;
  readonly rows: number;

  constructor(chunks: RecordChunks, records: StreamedRecords, options: ImageOptions) {
    this.#chunks = chunks;
    this.#records = records;
    this.#options = options;
    this.rows = chunks.rows;
  }

  get repaired(): number {
    return this.#cells?.repaired ?? 0;
  }

  close(): void {
    this.#chunks.closeSlice();
  }

  /** The cells of a row; undefined where it is not to be taken. */
  cells(row: number): readonly Cell[] | undefined {
    this.#cells ??= new CellRows(this.#batch(), this.#options.rules);
    const cells: Cell[] = [];
    return this.#cells.append(row, cells) === undefined ? cells : undefined;
  }

  #batch(): Batch {
    const { memory } = this.#chunks;
    const offsets = this.#chunks.offsets();
    const first = offsets[0]!;
    return {
      ...this.#records,
      bytes: memory.slice(first, offsets.at(-1)),
      offsets: Uint32Array.from(offsets, (offset) => offset - first),
      sequence: 0,
      ordinal: 0,
      part: "",
      byteOffset: 0,
      line: 1,
    };
  }
}
