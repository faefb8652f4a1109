/**
 * Sends a whole batch as the image of a database, out of which SQLite inserts its rows with one
 * statement. Parts of a batch, and batches of which there is no image, go by bound inserts.
 */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { CellRules, EncodedImage, ImageEncoder, ImageOptions } from "../../codec/codec.ts";
import { isOfRows, type RowWriterOptions } from "../sql/family.ts";
import type { Fault } from "../sql/isolate.ts";
import {
  type Around,
  checkRead,
  type PreparedRows,
  type RowWriter,
  sendFirst,
  type SentRows,
  type StreamedRows,
  StreamEnded,
} from "../sql/row_writer.ts";
import { CountsDiffer } from "../sql/write_outcome.ts";
import { kindOf } from "./failures.ts";
import { IMAGE_TABLE, type ImageSource } from "./image_source.ts";
import { type Session, SessionError } from "./session.ts";

/** What a writer is made of. */
export interface ImageWriterOptions extends Pick<RowWriterOptions, "codec"> {
  readonly rules: CellRules;
  readonly source: ImageSource;
  /** What writes all else. */
  readonly inserts: RowWriter;
}

/**
 * Sends a whole batch as the image of a database, out of which SQLite inserts its rows with one
 * statement.
 */
export function imageWriter(session: Session, options: ImageWriterOptions): RowWriter {
  return {
    ...options.inserts,
    prepare: (batch, { rejectsMax }) => new ImageRows(session, batch, { ...options, rejectsMax }),
    images: {
      options: imageOptions(options),
      rows: (image) => imageRows(session, options.source, image),
    },
  };
}

function imageOptions(
  { rules, source: { sql, alike } }: Pick<ImageWriterOptions, "rules" | "source">,
): ImageOptions {
  return { rules, table: IMAGE_TABLE, sql, wholeAsInteger: alike };
}

/** The rows of an image that was made elsewhere. */
function imageRows(session: Session, source: ImageSource, image: EncodedImage): StreamedRows {
  const { rows, repaired, contentHash, marks } = image;
  return {
    stream: {
      rows,
      repaired,
      hash: () => contentHash,
      marks: () => marks,
      close: () => Promise.resolve(),
    },
    async send(first) {
      if (!await session.attachImage!(image.bytes)) throw new StreamEnded();
      await sendFirst(session, first, isRefusal);
      return await takeRows(session, source, rows);
    },
  };
}

/** Inserts the rows of the image that is attached. @throws {CountsDiffer}, the session's error */
async function takeRows(
  session: Session,
  { insert, countKeys }: ImageSource,
  expected: number,
): Promise<SentRows> {
  const keys = countKeys && { size: Number((await session.all(countKeys))[0]![0]) };
  const rows = await session.run(insert);
  if (rows !== expected) throw new CountsDiffer(expected, rows);
  return { rows, keys: keys || undefined };
}

function isRefusal(error: unknown): boolean {
  return error instanceof SessionError && isOfRows(kindOf(error.code));
}

class ImageRows implements PreparedRows {
  readonly #session: Session;
  readonly #batch: Batch;
  readonly #options: ImageWriterOptions & { readonly rejectsMax: number };
  readonly #inserts: PreparedRows;
  /** The image that was sent. */
  #image: ImageEncoder | undefined;

  constructor(
    session: Session,
    batch: Batch,
    options: ImageWriterOptions & { readonly rejectsMax: number },
  ) {
    this.#session = session;
    this.#batch = batch;
    this.#options = options;
    this.#inserts = options.inserts.prepare(batch, options);
  }

  get rejects(): readonly RejectedRow[] {
    return (this.#image ?? this.#inserts).rejects;
  }

  get repaired(): number {
    return (this.#image ?? this.#inserts).repaired;
  }

  /** Of an image SQLite does not say which row it has refused. */
  fault(error: unknown): Fault | undefined {
    return this.#image ? undefined : this.#inserts.fault(error);
  }

  async send(around?: Around): Promise<SentRows> {
    return around && await this.#sendImage(around) || await this.#inserts.send(around);
  }

  /** Undefined where there is no image, or it cannot be opened. */
  async #sendImage({ first, last }: Around): Promise<SentRows | undefined> {
    const session = this.#session;
    const { codec, source, rejectsMax } = this.#options;
    const image = codec.image!(this.#batch, imageOptions(this.#options));
    const bytes = image?.encode(rejectsMax);
    if (!bytes) return undefined;
    const isLost = bytes.length === 0;
    if (!isLost && !await session.attachImage!(bytes)) return undefined;
    this.#image = image;
    // That the batch is in already decides over rows that are refused.
    if (!image!.varies) await sendFirst(session, first, isRefusal);
    checkRead(image!, rejectsMax);
    const sent = await takeRows(session, source, image!.rows);
    const closing = last?.(sent);
    if (closing) await closing.check?.(await session.runAll(closing.statements));
    return sent;
  }
}
