/**
 * Finds the rows of a batch that the database refuses, within the batch's own transaction, so that
 * the others can be committed.
 *
 * A part of the batch is sent behind a savepoint. Where it is refused and the error tells where, what
 * stands before that place is sent, then the place alone, then what stands behind it in halves; where
 * it does not tell (foreign keys, what a merge finds), the part is halved. A row is set aside only if
 * it is refused alone, with every row before it in place. Of k bad rows in a batch of n, at most about
 * k · log2 n parts are sent, and halving bounds the bytes that are sent again.
 */
import { type Batch, type RejectedRow, rowCount } from "../../../src/batch.ts";

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

/** What isolating needs of a driver, within a transaction that is open. */
export interface IsolateOptions<Rows extends PartRows> extends SendOptions<Rows> {
  /** Sets a savepoint. */
  begin(): Promise<void>;
  /** Releases the savepoint. */
  keep(): Promise<void>;
  /** Rolls back to the savepoint and releases it. */
  undo(): Promise<void>;
}

/** The same where there are no savepoints. */
export interface IsolateAnewOptions<Rows extends PartRows> extends SendOptions<Rows> {
  /** Rolls back, and opens a transaction that is as it was before the first part. */
  begin(): Promise<void>;
  /** Whether a row that is refused alone is so whatever stands before it. */
  isFinal(error: unknown): boolean;
}

interface SendOptions<Rows extends PartRows> {
  /** Rows that may be set aside. */
  readonly rejectsMax: number;
  /** Makes a part ready. */
  prepare(part: Batch): Rows;
  /** Sends a part, with all that follows on it. */
  send(rows: Rows): Promise<void>;
  /** Whether an error is of rows, and not of anything else. */
  isOfRows(error: unknown): boolean;
  /** A row of the batch that was refused alone. */
  rejected(row: number, error: unknown, column: string | undefined): RejectedRow;
}

/** Rows of a batch from `from` up to `to`. */
interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * Sends a batch part by part, in the order of its rows. Returns the rows that were set aside, by
 * their ordinals; with more of them than may be, as soon as that is known.
 *
 * @throws what is no error of rows
 */
export function isolate<Rows extends PartRows>(
  batch: Batch,
  options: IsolateOptions<Rows>,
): Promise<RejectedRow[]> {
  const taken = async (_part: Part, { rejects }: Rows) => {
    await options.keep();
    return rejects;
  };
  return sendParts(batch, wholeOf(batch), { ...options, taken });
}

/**
 * The same where a transaction cannot go back to a savepoint: what was sent is sent anew after each
 * refusal. So that few are met on the way, each part is first sent by itself, in a transaction that is
 * rolled back, and rows are set aside that are refused whatever stands before them. At the end, a
 * transaction is open in which every row but those that were set aside was sent once.
 *
 * @throws what is no error of rows
 */
export async function isolateAnew<Rows extends PartRows>(
  batch: Batch,
  options: IsolateAnewOptions<Rows>,
): Promise<RejectedRow[]> {
  const { begin, prepare, rejectsMax, send } = options;
  /** Parts that are taken by themselves, or may be behind others; as few as there can be. */
  const runs: Part[] = [];
  const aside = await sendParts(batch, wholeOf(batch), {
    ...options,
    undo: () => Promise.resolve(),
    // Its rows are sent once more.
    taken: (part) => Promise.resolve(addTo(runs, part, [])),
  });
  await begin();
  const sent: Part[] = [];
  const more = await sendParts(batch, runs, {
    ...options,
    rejectsMax: rejectsMax - aside.length,
    isFinal: () => true,
    begin: () => Promise.resolve(),
    taken: (part, { rejects }) => Promise.resolve(addTo(sent, part, rejects)),
    undo: async () => {
      await begin();
      for (const each of sent) await send(prepare(partOf(batch, each)));
    },
  });
  return [...aside, ...more].sort(byOrdinal);
}

interface PartsOptions<Rows extends PartRows> extends SendOptions<Rows> {
  begin(): Promise<void>;
  /**
   * A part is in; or may be, where it is a row that is not refused for good. Returns the rows that it
   * leaves out.
   */
  taken(part: Part, rows: Rows): Promise<readonly RejectedRow[]>;
  undo(): Promise<void>;
  isFinal?(error: unknown): boolean;
}

/** Sends parts, in the order of their rows, and what a refused one is cut into. */
async function sendParts<Rows extends PartRows>(
  batch: Batch,
  parts: readonly Part[],
  options: PartsOptions<Rows>,
): Promise<RejectedRow[]> {
  const { rejectsMax, isFinal = () => true } = options;
  const aside: RejectedRow[] = [];
  const waiting = parts.toReversed();
  for (let part; aside.length <= rejectsMax && (part = waiting.pop());) {
    if (part.from === part.to) continue;
    const rows = options.prepare(partOf(batch, part));
    await options.begin();
    try {
      await options.send(rows);
      aside.push(...await options.taken(part, rows));
    } catch (error) {
      if (!options.isOfRows(error)) throw error;
      await options.undo();
      const fault = rows.fault(error);
      if (!isRow(part)) waiting.push(...cut(part, fault));
      else if (!isFinal(error)) aside.push(...await options.taken(part, rows));
      else aside.push(options.rejected(part.from, error, fault?.column));
    }
  }
  return aside.sort(byOrdinal);
}

function wholeOf(batch: Batch): readonly Part[] {
  return [{ from: 0, to: rowCount(batch) }];
}

function byOrdinal(a: RejectedRow, b: RejectedRow): number {
  return a.ordinal - b.ordinal;
}

function isRow({ from, to }: Part): boolean {
  return to - from === 1;
}

/** A part that was refused, cut up, the last piece first. */
function cut(part: Part, fault: Fault | undefined): Part[] {
  return fault && fault.count < part.to - part.from ? around(part, fault) : halves(part);
}

/** Adds a part behind others, to the last of them where nothing stands in between; returns the rows. */
function addTo(
  parts: Part[],
  part: Part,
  rejects: readonly RejectedRow[],
): readonly RejectedRow[] {
  const last = parts.at(-1);
  if (last?.to === part.from) parts[parts.length - 1] = { from: last.from, to: part.to };
  else parts.push(part);
  return rejects;
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
