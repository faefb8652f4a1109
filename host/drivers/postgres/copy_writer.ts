/**
 * Sends rows by COPY, in pieces: the first is made before the batch's turn, each other one
 * while the one before it is on its way.
 */
import type { Batch, RejectedRow, Shape } from "../../../src/batch.ts";
import type { PlainInsert } from "../../../src/policy/plain_insert.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec, CopyEncoder, CopyFormat, CopyOptions } from "../../codec/codec.ts";
import type { Fault } from "../sql/isolate.ts";
import { asideName, STAGING_NAME } from "../sql/names.ts";
import {
  type KeyCount,
  type PreparedRows,
  type PrepareOptions,
  RowsRejected,
  RowsVary,
  type RowWriter,
  sendFirst,
} from "../sql/row_writer.ts";
import { countStagedKeys } from "../sql/staged_keys.ts";
import { isOfRows, type RowWriterOptions } from "../sql/family.ts";
import { copyFault } from "./copy.ts";
import type { Bulk } from "./bulk.ts";
import { cellRules, POSTGRES_WORDS } from "./dialect.ts";
import { isDatabaseError, kindOfError, serverErrorOf } from "./failures.ts";
import type { CopyPieces, Session } from "./session.ts";
import { copyForm } from "./wire_type.ts";

/** What a writer is made of. */
export interface CopyWriterOptions extends Omit<RowWriterOptions, "write"> {
  /** What the plan's insert comes to. */
  readonly insert: PlainInsert;
  readonly format: Bulk["format"];
}

/** See the head of this file. */
export class CopyWriter implements RowWriter {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #shape: Shape;
  readonly #sql: string;
  readonly #copy: CopyOptions;
  /** Tables that the COPY may go to. */
  readonly #tables: readonly string[];
  readonly countKeys?: () => Promise<KeyCount>;

  private constructor(session: Session, copy: CopyOptions, options: CopyWriterOptions) {
    const { codec, shape, insert, names, loadId } = options;
    this.#session = session;
    this.#codec = codec;
    this.#shape = shape;
    this.#sql = copyText(insert, names, copy.format);
    this.#copy = copy;
    const { name } = shape.table;
    this.#tables = [STAGING_NAME, asideName(POSTGRES_WORDS, name, loadId), name];
    if (insert.into === "staging") {
      this.countKeys = () => countStagedKeys(session, POSTGRES_WORDS, shape);
    }
  }

  /** Asks the server in which form the rows are to be. @throws {LoadError}, the session's error */
  static async open(session: Session, options: CopyWriterOptions): Promise<CopyWriter> {
    const { shape, insert: { into, ordinal }, format, names, nul } = options;
    const form = await copyForm(session, { shape, target: names[into], ordinal, format });
    const copy = { ...form, ordinal, rules: cellRules(nul) };
    return new CopyWriter(session, copy, options);
  }

  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    const encoder = this.#codec.copy(batch, this.#copy);
    const pieces = new BatchPieces(encoder, options);
    const session = this.#session;
    return {
      get rejects() {
        return encoder.rejects;
      },
      get repaired() {
        return encoder.repaired;
      },
      // What goes first and the COPY's beginning travel together: where the first fails, both do.
      send: async (around) => {
        const [begun, copy] = await Promise.allSettled([
          sendFirst(session, around?.first, ofRows),
          session.copyIn(this.#sql),
        ]);
        if (begun.status === "rejected") throw begun.reason;
        if (copy.status === "rejected") throw copy.reason;
        try {
          return { rows: await copy.value.send(pieces), keys: undefined };
        } catch (error) {
          if (!pieces.failed || !session.usable) throw error;
          // Read on only to name every row that cannot be encoded.
          while (pieces.next());
          if (encoder.varies) throw new RowsVary();
          throw new RowsRejected(encoder.rejects);
        }
      },
      fault: (error) => this.#faultOf(error, encoder),
    };
  }

  rejectsOf(batch: Batch): readonly RejectedRow[] {
    const encoder = this.#codec.copy(batch, this.#copy);
    while (encoder.next());
    return encoder.rejects;
  }

  #faultOf(error: unknown, encoder: CopyEncoder): Fault | undefined {
    const fault = copyFault(serverErrorOf(error), {
      tables: this.#tables,
      columns: this.#shape.columns.map((column) => column.name),
      rows: encoder.rows,
    });
    return fault && { ...fault, row: encoder.rowOf(fault.row), count: 1 };
  }
}

/** Nothing of a plan's own words stands in it: COPY goes by the simple protocol, which runs several. */
function copyText({ into, ordinal }: PlainInsert, names: SlotNames, format: CopyFormat): string {
  const columns = ordinal ? [...names.columns, names.ordinal] : names.columns;
  return `COPY ${names[into]} (${columns.join(", ")}) FROM STDIN WITH (FORMAT ${format})`;
}

function ofRows(error: unknown): boolean {
  return isDatabaseError(error) && isOfRows(kindOfError(error));
}

/** The pieces of one batch, the first of them made beforehand. */
class BatchPieces implements CopyPieces {
  readonly #encoder: CopyEncoder;
  readonly #options: PrepareOptions;
  #first: Uint8Array | undefined;

  constructor(encoder: CopyEncoder, options: PrepareOptions) {
    this.#encoder = encoder;
    this.#options = options;
    this.#first = encoder.next();
  }

  get failed(): boolean {
    return this.#encoder.varies || this.#encoder.rejects.length > this.#options.rejectsMax;
  }

  next(): Uint8Array | undefined {
    const first = this.#first;
    if (first) {
      this.#first = undefined;
      return first;
    }
    const piece = this.#encoder.next();
    this.#options.meanwhile?.();
    return piece;
  }
}
