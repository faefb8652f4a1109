/**
 * Finds the rows of a batch that the database refuses, within the batch's own transaction, so that
 * the others can be committed.
 *
 * A part of the batch is sent behind a savepoint. Where it is refused and the error tells where, what
 * stands before that place is sent, then the place alone, then what stands behind it in halves; where
 * it does not tell (foreign keys, what a merge finds), the part is halved. A row is left out only if
 * it is refused alone, with every row before it in place. Of k bad rows in a batch of n, at most about
 * k · log2 n parts are sent, and halving bounds the bytes that are sent again.
 */
import { type Batch, type RejectedRow, rowCount } from "../../../src/model/batch.ts";

/** Where in a part the database refused something: `count` rows from `row` on, from 0. */
export interface Fault {
  readonly row: number;
  readonly count: number;
  /** The column, where the error names one. */
  readonly column?: string;
}

/** A part that was made ready. */
export interface PartRows {
  /** Rows that the codec refuses, once the part is sent. */
  readonly rejects: readonly RejectedRow[];
  /** Where the database's error says that it lies; undefined where it does not tell. */
  fault(error: unknown): Fault | undefined;
}

/** Rows of a batch from `from` up to `to`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** What isolating needs of a driver, within a transaction that is open. */
export interface IsolateOptions<Rows extends PartRows> {
  /** Rows that may be left out. */
  readonly rejectsMax: number;
  /** Makes a part ready. */
  prepare(part: Batch): Rows;
  /** Sets a savepoint. */
  begin(): Promise<void> | void;
  /** Sends a part, with all that follows on it. */
  send(rows: Rows): Promise<void>;
  /** Releases the savepoint. */
  keep(part: Part): Promise<void> | void;
  /** Rolls back to the savepoint and releases it. */
  undo(): Promise<void> | void;
  /** Whether an error is of rows, and not of anything else. */
  isOfRows(error: unknown): boolean;
  /** Whether a row that is refused alone is so for good; else it is kept. By default it is. */
  isFinal?(error: unknown): boolean;
  /** A row of the batch that was refused alone. */
  rejected(row: number, error: unknown, column: string | undefined): RejectedRow;
}

/** The same where there are no savepoints: `begin` begins the transaction again. */
export type IsolateAnewOptions<Rows extends PartRows> = Omit<
  IsolateOptions<Rows>,
  "keep" | "undo"
>;

/**
 * Sends a batch part by part, in the order of its rows, and what a refused part is cut into. Returns the
 * rows that were left out, by their ordinals; with more of them than may be, as soon as that is known.
 *
 * @throws what is no error of rows
 */
export async function isolate<Rows extends PartRows>(
  batch: Batch,
  options: IsolateOptions<Rows>,
  parts: readonly Part[] = [{ from: 0, to: rowCount(batch) }],
): Promise<RejectedRow[]> {
  const { rejectsMax, isFinal = () => true } = options;
  const rejects: RejectedRow[] = [];
  const waiting = parts.toReversed();
  for (let part; rejects.length <= rejectsMax && (part = waiting.pop());) {
    if (part.from === part.to) continue;
    const rows = options.prepare(partOf(batch, part));
    await options.begin();
    try {
      await options.send(rows);
      await options.keep(part);
      rejects.push(...rows.rejects);
    } catch (error) {
      if (!options.isOfRows(error)) throw error;
      await options.undo();
      const fault = rows.fault(error);
      if (!isRow(part)) waiting.push(...cut(part, fault));
      else if (!isFinal(error)) await options.keep(part);
      else rejects.push(options.rejected(part.from, error, fault?.column));
    }
  }
  return rejects.sort((a, b) => a.ordinal - b.ordinal);
}

/**
 * The same where a transaction cannot go back to a savepoint: what was sent is sent again after each
 * refusal. So that few are met on the way, each part is first sent by itself, in a transaction that is
 * rolled back, and rows are left out that are refused whatever stands before them. At the end, a
 * transaction is open in which every row but those that were left out was sent once.
 *
 * @throws what is no error of rows
 */
export async function isolateAnew<Rows extends PartRows>(
  batch: Batch,
  options: IsolateAnewOptions<Rows>,
): Promise<RejectedRow[]> {
  const { begin, prepare, rejected, rejectsMax, send } = options;
  /**
   * Parts that are taken by themselves, or may be behind others. They are not joined: one that was cut
   * off from what stands before it is refused there, and is found at once.
   */
  const runs: Part[] = [];
  const rejects: RejectedRow[] = [];
  await isolate(batch, {
    ...options,
    keep: (part) => void runs.push(part),
    undo: () => {},
    rejected: (...row) => rejects[rejects.length] = rejected(...row),
  });
  await begin();
  const sent: Part[] = [];
  const more = await isolate(batch, {
    ...options,
    rejectsMax: rejectsMax - rejects.length,
    isFinal: () => true,
    begin: () => {},
    keep: (part) => addTo(sent, part),
    undo: async () => {
      await begin();
      for (const each of sent) await send(prepare(partOf(batch, each)));
    },
  }, runs);
  return [...rejects, ...more].sort((a, b) => a.ordinal - b.ordinal);
}

function isRow({ from, to }: Part): boolean {
  return to - from === 1;
}

/** A part that was refused, cut up, the last piece first. */
function cut(part: Part, fault: Fault | undefined): Part[] {
  return fault && fault.count < part.to - part.from ? around(part, fault) : halves(part);
}

/** Adds a part behind others, to the last of them where nothing stands in between. */
function addTo(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last?.to === part.from) parts[parts.length - 1] = { from: last.from, to: part.to };
  else parts.push(part);
}

/** The rows of a part as a batch: lines are counted from the whole one's start. */
function partOf(batch: Batch, { from, to }: Part): Batch {
  return {
    ...batch,
    offsets: batch.offsets.subarray(from, to + 1),
    ordinal: batch.ordinal + from,
  };
}

/** A part cut around the place of a fault, the last part first. */
function around({ from, to }: Part, { row, count }: Fault): Part[] {
  const start = from + row;
  const end = Math.min(start + count, to);
  return [...halves({ from: end, to }), { from: start, to: end }, { from, to: start }];
}

/** A part cut in two, the last part first. */
function halves({ from, to }: Part): Part[] {
  const middle = (from + to) >> 1;
  return [{ from: middle, to }, { from, to: middle }];
}
