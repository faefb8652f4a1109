/**
 * Sends rows by a plan's own statement: those of a batch, or of a part of it. What can be done
 * beforehand is done by `prepare`.
 */
import type { Batch, RejectedRow, Shape } from "../../../src/batch.ts";
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { NulRule } from "../../../src/nul_rule.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { CellReader, Codec, CopyEncoder, CopyOptions } from "../../codec/codec.ts";
import type { Fault, PartRows } from "../isolate.ts";
import { copyFault } from "./copy.ts";
import { cellRules, renderCopy, STAGING_NAME } from "./dialect.ts";
import { serverErrorOf } from "./failures.ts";
import { type PreparedInsert, prepareInsert } from "./insert.ts";
import type { CopyPieces, Session } from "./session.ts";
import type { CopyForm } from "./wire_type.ts";

/** What a writer is made of. */
export interface RowWriterOptions {
  readonly codec: Codec;
  readonly shape: Shape;
  readonly write: PlannedWrite;
  readonly names: SlotNames;
  /** The name of the table that a replace is loaded into. */
  readonly aside: string;
  /** How the rows of a COPY are written down. */
  readonly form: CopyForm;
  /** What becomes of U+0000; by default its row is rejected. */
  readonly nul: NulRule | undefined;
}

/** Rows that are ready to be sent, once. */
export interface PreparedRows extends PartRows {
  /** Rows in which U+0000 was stripped or escaped, once they are sent. */
  readonly repaired: number;
  /**
   * Sends the rows, once `before` is through; returns how many of them the server took.
   *
   * @throws {RowsRejected} once the codec refuses more rows than may be left out; the server's error
   */
  send(before: Promise<unknown>): Promise<number>;
}

/** How rows are prepared. */
export interface PrepareOptions {
  /** Rows that may be left out. */
  readonly rejectsMax: number;
  /** Called each time that a piece has been made, with the one before on its way. */
  readonly meanwhile?: () => void;
}

/** More rows cannot be encoded than may be left out. */
export class RowsRejected extends Error {
  readonly rows: readonly RejectedRow[];

  constructor(rows: readonly RejectedRow[]) {
    super("Rows were rejected");
    this.rows = rows;
  }
}

/** See the head of this file. */
export class RowWriter {
  readonly #session: Session;
  readonly #options: RowWriterOptions;
  readonly #write:
    | { readonly kind: "copy"; readonly sql: string; readonly options: CopyOptions }
    | { readonly kind: "insert"; readonly insert: PreparedInsert };

  /** @throws {LoadError} `plan_refused` where a slot stands where it has no meaning */
  constructor(session: Session, options: RowWriterOptions) {
    const { write, names, form, nul } = options;
    this.#session = session;
    this.#options = options;
    this.#write = write.kind === "copy"
      ? {
        kind: "copy",
        sql: renderCopy(write.sql, names, form.format),
        options: { ...form, ordinal: write.ordinal, rules: cellRules(nul) },
      }
      : { kind: "insert", insert: prepareInsert(write, names) };
  }

  /** Makes rows ready: of a COPY, the first piece. */
  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    const { codec, nul } = this.#options;
    const write = this.#write;
    if (write.kind === "copy") {
      return this.#copy(write.sql, codec.copy(batch, write.options), options);
    }
    return this.#insert(write.insert, codec.cells(batch, cellRules(nul)), options);
  }

  #copy(sql: string, encoder: CopyEncoder, options: PrepareOptions): PreparedRows {
    const session = this.#session;
    const pieces = new BatchPieces(encoder, options);
    return {
      get rejects() {
        return encoder.rejects;
      },
      get repaired() {
        return encoder.repaired;
      },
      // What goes before and the COPY's beginning travel together: where the first fails, both do.
      send: async (before) => {
        const [begun, copy] = await Promise.allSettled([before, session.copyIn(sql)]);
        if (begun.status === "rejected") throw begun.reason;
        if (copy.status === "rejected") throw copy.reason;
        try {
          return await copy.value.send(pieces);
        } catch (error) {
          if (!pieces.failed || !session.alive) throw error;
          // Read on only to name every row that cannot be encoded.
          while (pieces.next());
          throw new RowsRejected(encoder.rejects);
        }
      },
      fault: (error) => this.#faultOf(error, encoder),
    };
  }

  #insert(
    insert: PreparedInsert,
    cells: CellReader,
    { rejectsMax }: PrepareOptions,
  ): PreparedRows {
    return {
      get rejects() {
        return cells.rejects;
      },
      get repaired() {
        return cells.repaired;
      },
      send: async (before) => {
        await before;
        let count = 0;
        for (const { text, parameters } of insert.statements(cells, rejectsMax)) {
          count += (await this.#session.query(text, { parameters })).count;
        }
        if (cells.rejects.length > rejectsMax) throw new RowsRejected(cells.rejects);
        return count;
      },
      // The protocol names no row of an INSERT.
      fault: () => undefined,
    };
  }

  #faultOf(error: unknown, encoder: CopyEncoder): Fault | undefined {
    const { shape, aside } = this.#options;
    const fault = copyFault(serverErrorOf(error), {
      tables: [STAGING_NAME, aside, shape.table.name],
      columns: shape.columns.map((column) => column.name),
      rows: encoder.rows,
    });
    return fault && { ...fault, row: encoder.rowOf(fault.row), count: 1 };
  }
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
    return this.#encoder.rejects.length > this.#options.rejectsMax;
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
