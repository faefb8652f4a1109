/** How the rows of a batch, or of a part of it, get to the database: each family has its ways. */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type {
  EncodedImage,
  ImageOptions,
  ReadRecords,
  RecordBytes,
  StreamedRecords,
} from "../../codec/codec.ts";
import type { PartRows } from "./isolate.ts";
import type { Keys } from "./key_set.ts";
import type { KeyTable } from "./key_table.ts";
import type { Answer, SqlSession, Statement } from "./session.ts";

/** Statements that are sent together, and what becomes of their answers. */
export interface Exchange {
  readonly statements: readonly Statement[];
  /** @throws what the answers mean for the batch */
  check?(answers: readonly Answer[]): Promise<void>;
}

/** What is sent around the rows of a batch, with them where that saves a round trip. */
export interface Around {
  readonly first: Exchange;
  /**
   * What goes last, made once every row is read, and before it is known whether they are taken. A
   * writer whose rows are not all in by then leaves it out.
   */
  last?(rows: SentRows): Exchange;
}

/** Writes rows by a plan's `write`. */
export interface RowWriter {
  /** Makes rows ready, without a word to the database. */
  prepare(batch: Batch, options: PrepareOptions): PreparedRows;
  /** Where the writer adds the keys of an upsert, of which only the database knows which are the same. */
  readonly keyTable?: KeyTable;
  /** The rows of a batch that the codec refuses, without a word to the database. */
  rejectsOf(batch: Batch): readonly RejectedRow[];
  /** Begins to read records, to be sent once; left out where rows are not streamed. */
  stream?(records: StreamedRecords, bytes: RecordBytes): Promise<StreamedRows>;
  /** Left out where no images are taken. */
  readonly images?: RowImages;
}

/** How rows are written whose records were read into an image elsewhere. */
export interface RowImages {
  /** What an image is to be. */
  readonly options: ImageOptions;
  /** The rows of an image, to be sent once. */
  rows(image: EncodedImage): StreamedRows;
}

/** Rows that are sent while they are read. */
export interface StreamedRows {
  /** What makes them. */
  readonly stream: ReadRecords;
  /**
   * Sends them behind what goes first. Returns what the database has taken.
   *
   * @throws {FirstRefused}, the session's error; {@linkcode StreamEnded} where the stream has failed
   */
  send(first: Exchange): Promise<SentRows>;
}

/** Records cannot be written in one pass. */
export class StreamEnded extends Error {}

/** How rows are made ready. */
export interface PrepareOptions {
  /** Rows that may be left out. */
  readonly rejectsMax: number;
  /** Called each time that something was made while the database had work to do. */
  readonly meanwhile?: () => void;
}

/** Rows that are ready to be sent, once. */
export interface PreparedRows extends PartRows {
  /** Rows in which U+0000 was stripped or escaped, once they are sent. */
  readonly repaired: number;
  /**
   * Sends the rows, with what goes around them.
   *
   * @throws {FirstRefused} of what goes first, whatever became of the rows
   * @throws {RowsRejected} once the codec refuses more rows than may be left out
   * @throws {RowsVary} where a row is to be written by another shape
   * @throws the session's error
   */
  send(around?: Around): Promise<SentRows>;
}

/** What was sent, and taken. */
export interface SentRows {
  readonly rows: number;
  /** The keys of an upsert, where they passed through our hands. */
  readonly keys: Keys | undefined;
}

/** The distinct keys of several parts. */
export interface KeyCount {
  /** Adds those of the part that was sent and merged last. */
  add(sent: SentRows): Promise<void>;
  count(): Promise<number>;
}

/** More rows cannot be encoded than may be left out. */
export class RowsRejected extends Error {
  readonly rows: readonly RejectedRow[];

  /** Names the rows. */
  constructor(rows: readonly RejectedRow[]) {
    super("Rows were rejected");
    this.rows = rows;
  }
}

/** A row varies, see {@linkcode Batch.optional}: it is to be written by another shape. */
export class RowsVary extends Error {
  /** Says so. */
  constructor() {
    super("Rows do not have the same columns");
  }
}

/** Looks at what a reader of rows has met, once it is through. @throws {RowsVary}, {RowsRejected} */
export function checkRead(
  { varies, rejects }: { readonly varies: boolean; readonly rejects: readonly RejectedRow[] },
  rejectsMax: number,
): void {
  if (varies) throw new RowsVary();
  if (rejects.length > rejectsMax) throw new RowsRejected(rejects);
}

/** A constraint refuses a statement that goes before the rows. */
export class FirstRefused extends Error {
  override readonly cause: unknown;

  /** The cause is what the session threw. */
  constructor(cause: unknown) {
    super("The batch's own statement was refused", { cause });
    this.cause = cause;
  }
}

/** Sends what goes before the rows. It is sent before this returns. */
export async function sendFirst(
  session: SqlSession,
  first: Exchange | undefined,
  isOfRows: (error: unknown) => boolean,
): Promise<void> {
  if (!first) return;
  let answers;
  try {
    answers = await session.runAll(first.statements);
  } catch (error) {
    throw isOfRows(error) ? new FirstRefused(error) : error;
  }
  await first.check?.(answers);
}
