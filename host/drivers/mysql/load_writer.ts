/**
 * Sends rows by LOAD DATA LOCAL, in pieces: the first is made before the batch's turn. Where the server
 * did not take all of them as they are, the batch goes by INSERT, and with it its parts.
 */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import { rowCount } from "../../../src/model/batch.ts";
import type { CellRules, Codec, CopyOptions } from "../../codec/codec.ts";
import { CopiedRows } from "../sql/copied_rows.ts";
import {
  type PreparedRows,
  type PrepareOptions,
  type RowWriter,
  sendFirst,
} from "../sql/row_writer.ts";
import type { MysqlSession } from "./session.ts";

/** What a writer is made of. */
export interface LoadWriterOptions {
  readonly session: MysqlSession;
  readonly codec: Codec;
  /** The statement. */
  readonly sql: string;
  readonly rules: CellRules;
  readonly isOfRows: (error: unknown) => boolean;
  /** Writes what LOAD DATA does not. */
  readonly inserts: RowWriter;
}

const SAVEPOINT = "_snakepipe_rows";

/** Sends rows by LOAD DATA LOCAL, in pieces: the first is made before the batch's turn. */
export class LoadWriter implements RowWriter {
  readonly #options: LoadWriterOptions;
  readonly #copy: CopyOptions;
  /** Ordinals of the batch that goes by INSERT, and from where on none does. */
  #inserted = [0, 0] as readonly [number, number];

  /** A writer on an open session. */
  constructor(options: LoadWriterOptions) {
    this.#options = options;
    this.#copy = { format: "text", ordinal: false, rules: options.rules };
  }

  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    const { session, codec, sql, isOfRows, inserts } = this.#options;
    const [from, to] = this.#inserted;
    const goesOn = batch.ordinal >= from && batch.ordinal < to;
    if (goesOn || hasLongRow(batch, session.server.packetBytesMax)) {
      return inserts.prepare(batch, options);
    }
    const rows = new CopiedRows(codec, batch, { ...options, copy: this.#copy });
    const { encoder } = rows;
    let instead: PreparedRows | undefined;
    const pieces = function* (): Generator<Uint8Array> {
      for (let piece = rows.next(); piece && !rows.failed; piece = rows.next()) {
        yield piece;
      }
    };
    return {
      get rejects() {
        return instead?.rejects ?? encoder.rejects;
      },
      get repaired() {
        return instead?.repaired ?? encoder.repaired;
      },
      send: async (around) => {
        await sendFirst(session, around?.first, isOfRows);
        await session.setUp(`SAVEPOINT ${SAVEPOINT}`);
        const whole = await session.load(sql, pieces()).then(
          (taken) => taken === encoder.rows,
          (error) => {
            if (!isOfRows(error)) throw error;
            return false;
          },
        );
        rows.check();
        if (whole) return { rows: encoder.rows, keys: undefined };
        await session.setUp(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
        this.#inserted = [batch.ordinal, batch.ordinal + rowCount(batch)];
        instead = inserts.prepare(batch, options);
        return await instead.send();
      },
      fault: (error) => instead?.fault(error),
    };
  }

  rejectsOf(batch: Batch): readonly RejectedRow[] {
    return this.#options.inserts.rejectsOf(batch);
  }
}

/** Text is twice as long as its record at the most. */
const GROWTH = 2;

/** Whether a row might be more than the server takes at once: it would hang up. */
function hasLongRow({ offsets }: Batch, packetBytesMax: number): boolean {
  const isLong = (from: number, to: number) => GROWTH * (to - from) > packetBytesMax;
  if (!isLong(offsets[0]!, offsets.at(-1)!)) return false;
  return offsets.some((offset, i) => i > 0 && isLong(offsets[i - 1]!, offset));
}
