/** Sends rows by COPY. */
import type { PlainInsert } from "../../../src/plan_policy/plain_insert.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type { CopyFormat, RecordBytes, StreamedRecords } from "../../codec/codec.ts";
import { CopiedRows } from "../sql/copied_rows.ts";
import { isOfRows, type RowWriterOptions } from "../sql/family.ts";
import { asideName, STAGING_NAME } from "../sql/names.ts";
import {
  type Exchange,
  type RowWriter,
  sendFirst,
  type SentRows,
  type StreamedRows,
  StreamEnded,
} from "../sql/row_writer.ts";
import { copyFault } from "./copy.ts";
import { cellRules, POSTGRES_WORDS } from "./names_and_types.ts";
import { isDatabaseError, kindOfError, serverErrorOf } from "./failures.ts";
import type { CopyIn, Session } from "./session.ts";
import { copyForm } from "./wire_type.ts";

/** What a writer is made of. */
export interface CopyWriterOptions extends Omit<RowWriterOptions, "write"> {
  /** What the plan's insert comes to. */
  readonly insert: PlainInsert;
}

/** Asks the server in which form the rows are to be. @throws {LoadError}, the session's error */
export async function copyWriter(
  session: Session,
  { codec, shape, insert, names, loadId, nul }: CopyWriterOptions,
): Promise<RowWriter> {
  const { into, ordinal } = insert;
  const { table: { name }, columns } = shape;
  const { bulk: { format } } = session;
  const form = await copyForm(session, { shape, target: names[into], ordinal, format });
  const copy = { ...form, ordinal, rules: cellRules(nul) };
  const sql = copyText(insert, names, copy.format);
  const places = {
    // That it may go to.
    tables: [STAGING_NAME, asideName(POSTGRES_WORDS, name, loadId), name],
    columns: columns.map((column) => column.name),
  };
  // What goes first and the COPY's beginning travel together: where the first fails, both do.
  const begin = async (first: Exchange | undefined): Promise<CopyIn> => {
    const [begun, copying] = await Promise.allSettled([
      sendFirst(session, first, ofRows),
      session.copyIn(sql),
    ]);
    if (begun.status === "rejected") throw begun.reason;
    if (copying.status === "rejected") throw copying.reason;
    return copying.value;
  };
  const stream = async (records: StreamedRecords, bytes: RecordBytes): Promise<StreamedRows> => {
    const stream = await codec.stream!(records, bytes, copy);
    const send = async (first: Exchange): Promise<SentRows> => {
      const copying = await begin(first);
      try {
        return { rows: await copying.send(stream), keys: undefined };
      } catch (error) {
        throw session.usable && stream.failed ? new StreamEnded() : error;
      }
    };
    return { stream, send };
  };
  return {
    prepare(batch, options) {
      const rows = new CopiedRows(codec, batch, { ...options, copy });
      const { encoder } = rows;
      return {
        get rejects() {
          return encoder.rejects;
        },
        get repaired() {
          return encoder.repaired;
        },
        async send(around) {
          const copying = await begin(around?.first);
          try {
            return { rows: await copying.send(rows), keys: undefined };
          } catch (error) {
            if (session.usable) rows.check();
            throw error;
          }
        },
        fault(error) {
          const fault = copyFault(serverErrorOf(error), { ...places, rows: encoder.rows });
          return fault && { ...fault, row: encoder.rowOf(fault.row), count: 1 };
        },
      };
    },
    ...(codec.stream ? { stream } : {}),
    rejectsOf(batch) {
      const encoder = codec.copy(batch, copy);
      while (encoder.next());
      return encoder.rejects;
    },
  };
}

/** Nothing of a plan's own words stands in it: COPY goes by the simple protocol, which runs several. */
function copyText({ into, ordinal }: PlainInsert, names: SlotNames, format: CopyFormat): string {
  const columns = ordinal ? [...names.columns, names.ordinal] : names.columns;
  return `COPY ${names[into]} (${columns.join(", ")}) FROM STDIN WITH (FORMAT ${format})`;
}

function ofRows(error: unknown): boolean {
  return isDatabaseError(error) && isOfRows(kindOfError(error));
}
