/**
 * Loads the corrected rows of a file of rejects, and only those.
 *
 * Invariants
 * - A row is known by the load that left it out and its place in the source, whatever its line says by
 *   now: what the ledger of that load's replay has is skipped, and nothing is compared.
 * - The ledger of the load itself is asked as well: a row that it took after all is not loaded again, and
 *   one whose batch is not in yet waits for its load.
 * - Where the table was emptied since and the source loaded again, that load and its replay have the row:
 *   an earlier line of it is never loaded as well. It goes once the row is in, and waits until then.
 * - A row and its ledger row are one transaction, and the file is changed after it: where the program
 *   dies in between, the ledger knows.
 * - A line changes only if its row is in or was refused again, and if it still stands there as it was
 *   read: what somebody writes meanwhile stays.
 */
import type {
  BackendLoad,
  DatabaseBackend,
  LoadRequest,
  RecordFields,
} from "../../src/model/backend.ts";
import { type Batch, type Shape, tableLabel, type TableName } from "../../src/model/batch.ts";
import type { BytesForm } from "../../src/model/bytes_form.ts";
import { LoadError } from "../../src/model/errors.ts";
import { failureError } from "../../src/model/failure.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { sumOf } from "../../src/load/ledger_index.ts";
import { LeftOut } from "../../src/load/left_out.ts";
import { rejection } from "../../src/load/rejection.ts";
import { ReplayLedger, replayName, type RowPlace } from "../../src/load/replay_ledger.ts";
import { findShape, parseTableName } from "../../src/load/shape.ts";
import { stoppedLoad } from "../../src/load/stopped_load.ts";
import { defined } from "../../src/model/defined.ts";
import type { World } from "../../src/model/world.ts";
import { fieldNames } from "../codec/infer.ts";
import type { WrittenRecord } from "../rejects/csv_row.ts";
import { type LoadListeners, LoadRecords, pluginOf } from "../observe/load_records.ts";
import { RejectFile } from "../rejects/reject_file.ts";
import {
  batchOfLine,
  readRejectLine,
  refusedLine,
  type RejectEntry,
} from "../rejects/reject_line.ts";
import { LineChanges } from "../rejects/line_changes.ts";
import type { TakenFile } from "../platform/taken_file.ts";
import { ReplayCounters, type ReplayReport } from "./replay_report.ts";

/** How to replay. */
export interface ReplayOptions {
  /** The target table, `name` or `schema.name`: it has to be there. */
  readonly table: string;
  /** How rows meet the rows that are there; `append` by default. */
  readonly mode?: "append" | "upsert";
  /** Key columns; an upsert needs them. */
  readonly key?: readonly string[];
  /** How bytes are written in the rows; by default only hex behind `\x` is taken. */
  readonly bytes?: BytesForm;
  /** Goes on though the table was rebuilt since an earlier replay; false by default. */
  readonly sameTable?: boolean;
  /** Stops the replay after the row in hand. */
  readonly signal?: AbortSignal;
}

interface ReplayContext extends LoadListeners {
  readonly world: World;
  readonly backendType: string;
  /** Files that are something else to this program. */
  readonly taken: readonly TakenFile[];
}

/** A row that can be loaded, and its line. */
interface Corrected {
  readonly line: Uint8Array<ArrayBuffer>;
  readonly entry: RejectEntry;
  readonly record: WrittenRecord;
}

/** What the file has to load. */
interface Found {
  readonly loads: ReadonlySet<string>;
  /** Of all rows. */
  readonly fields: ReadonlySet<string>;
}

/** What the rows of one load are replayed with. */
interface Replaying {
  readonly backend: DatabaseBackend & Required<Pick<DatabaseBackend, "openLoad">>;
  readonly shape: Shape;
  /** What the rows may lack of it. */
  readonly fields: RecordFields;
  readonly file: RejectFile;
  readonly counters: ReplayCounters;
  readonly records: LoadRecords;
  readonly sameTable: boolean;
  /** The second pass: it also takes loads whose source was loaded again later. */
  readonly settles: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Which rows are in, by the ledgers of their load and of its replay. */
interface Ledgers {
  /** Undefined where the database does not know the load. */
  readonly load: LeftOut | undefined;
  readonly replay: ReplayLedger;
  /** Those of the load that has begun again with the same source, the rows of this one being gone. */
  readonly laterLoad: { readonly load: LeftOut; readonly replay: ReplayLedger } | undefined;
  /** The number of the next batch. */
  next: number;
}

/** Loads the corrected rows of a file of rejects, and only those. @throws {LoadStoppedError} */
export async function replayRejects(
  path: string,
  backend: DatabaseBackend,
  options: ReplayOptions & ReplayContext,
): Promise<ReplayReport> {
  const { world, taken, backendType, mode = "append", key = [], signal } = options;
  const { sameTable = false } = options;
  const table = parseTableName(options.table);
  if (!keepsLedger(backend)) throw noLedger(backendType);
  const plugin = pluginOf(backend);
  const label = tableLabel(table);
  const about = { source: path, backend: backendType, table: label, mode };
  const known = { ...about, ...(plugin ? { plugin } : {}) };
  await using file = await RejectFile.open(path, { create: false, taken });
  const counters = new ReplayCounters(known, world);
  try {
    const { loads, fields } = await survey(file, counters);
    if (loads.size === 0) return counters.report("complete");
    const rows = await shapeOf(backend, fields, { table, mode, key, bytes: options.bytes, signal });
    const replayOne = async (load: string, settles: boolean) => {
      const records = new LoadRecords(
        options,
        { ...known, source: replayName(load) },
        defined({ endpoint: backend.endpoint }),
      );
      const how = { backend, ...rows, file, counters, records, sameTable, settles, signal };
      return await replayLoad(load, how);
    };
    const postponed: string[] = [];
    for (const load of loads) if (!await replayOne(load, false)) postponed.push(load);
    for (const load of postponed) await replayOne(load, true);
    return counters.report("complete");
  } catch (error) {
    throw stoppedLoad(error, { signal, report: (state) => counters.report(state) });
  }
}

/** Reads all of the file once, and counts what cannot be loaded. */
async function survey(file: RejectFile, counters: ReplayCounters): Promise<Found> {
  const loads = new Set<string>();
  const fields = new Set<string>();
  for await (const lines of file.lines()) {
    for (const { bytes: line, number } of lines) {
      const entry = readRejectLine(line);
      if (!entry) counters.unreadable(number);
      else if (!entry.record) counters.uncorrected();
      else {
        for (const name of fieldsOf(entry.record)) fields.add(name);
        loads.add(entry.load);
      }
    }
  }
  return { loads, fields };
}

/** Names of a row's fields; none of one that has more than a table takes, which is refused by itself. */
function fieldsOf({ format, bytes }: WrittenRecord): readonly string[] {
  try {
    return fieldNames({ format, bytes, offsets: Uint32Array.of(0, bytes.length) });
  } catch (error) {
    if (error instanceof LoadError && error.code === "source_malformed") return [];
    throw error;
  }
}

/** The rows of a load that stand in the file now, one by one. */
async function* correctedRows(file: RejectFile, load: string): AsyncGenerator<Corrected> {
  for await (const lines of file.lines()) {
    for (const { bytes } of lines) {
      if (batchOfLine(bytes)?.load !== load) continue;
      // The reader uses its buffer again.
      const line = bytes.slice();
      const entry = readRejectLine(line);
      if (entry?.record) yield { line, entry, record: entry.record };
    }
  }
}

/**
 * The table's columns. One that the database fills by itself is among them only where a row has it; a
 * field that is no column is left to the codec, which refuses its row and not the others.
 */
async function shapeOf(
  backend: DatabaseBackend,
  fields: ReadonlySet<string>,
  { table, mode, key, bytes, signal }: {
    readonly bytes: BytesForm | undefined;
    readonly signal: AbortSignal | undefined;
    readonly table: TableName;
    readonly mode: "append" | "upsert";
    readonly key: readonly string[];
  },
): Promise<Pick<Replaying, "shape" | "fields">> {
  const live = await backend.describeTable?.(table, signal);
  const known = live?.columns
    .filter((c) => !c.generated && (!c.hasDefault || fields.has(c.name)))
    .map(({ name, type, nullable, inferred = false }) => ({
      name,
      type,
      nullable,
      key: false,
      inferred,
    }));
  const origin = { table, mode, key, known, inferred: undefined, bytes, openRecords: true };
  const found = live && findShape(origin, live);
  if (found) return found;
  throw new LoadError(
    `Table ${tableLabel(table)} is not there: rejects are replayed into the table of their load`,
    { code: "table_missing", blame: "config" },
  );
}

/** Replays what the file has of a load; false where that is postponed. */
async function replayLoad(load: string, replaying: Replaying): Promise<boolean> {
  const { backend, file, counters, records, signal } = replaying;
  signal?.throwIfAborted();
  const opened = await backend.openLoad(requestOf(load, replaying));
  const { loadedAnew } = opened;
  if (loadedAnew && !replaying.settles) {
    await opened.abandon();
    return false;
  }
  records.started(opened);
  const changes = new LineChanges(file);
  const part = counters.part();
  try {
    const ledgers: Ledgers = {
      load: opened.replayed && new LeftOut(opened.replayed),
      replay: new ReplayLedger(opened.batches),
      laterLoad: loadedAnew && {
        load: new LeftOut(loadedAnew.batches),
        replay: new ReplayLedger(loadedAnew.replayed),
      },
      next: opened.batches.reduce((next, { sequence }) => Math.max(next, sequence + 1), 0),
    };
    for await (const row of correctedRows(file, load)) {
      signal?.throwIfAborted();
      await changes.add(row.line, await replayRow(row, opened, { ...replaying, ledgers }));
    }
    const totals = sumOf([...opened.batches.map(({ counts }) => counts), part.counts]);
    await opened.finish({ ...totals, ofThisRun: part.ofThisRun });
    records.ended({ state: "complete", ...part.counts });
    return true;
  } catch (error) {
    await opened.abandon();
    const state = signal?.aborted ? "cancelled" : "failed";
    records.ended({ state, ...part.counts }, error instanceof LoadError ? error.code : "bug");
    throw error;
  } finally {
    await changes.write();
  }
}

/** Loads one row. What its line becomes: undefined where it is done with. @throws {LoadError} */
async function replayRow(
  { line, entry, record }: Corrected,
  opened: BackendLoad,
  { shape, ledgers, counters, records }: Replaying & { readonly ledgers: Ledgers },
): Promise<Uint8Array | undefined> {
  const { source, byte, ordinal } = entry;
  const place: RowPlace = { part: source, ordinal, ...(byte === undefined ? {} : { byte }) };
  if (ledgers.laterLoad) {
    const { load, replay } = ledgers.laterLoad;
    const isIn = replay.has(place) || (byte !== undefined && load.of(source, byte) === "in");
    if (isIn) counters.takenAnew();
    else counters.waitAnew();
    return isIn ? undefined : line;
  }
  if (ledgers.replay.has(place)) {
    counters.skip();
    return undefined;
  }
  const fate = byte === undefined ? undefined : ledgers.load?.of(source, byte);
  if (fate === "in") {
    counters.taken();
    return undefined;
  }
  if (fate === "open") {
    counters.wait();
    return line;
  }
  const batch = batchOf(entry, record, {
    shape,
    sequence: ledgers.next++,
    byteOffset: ledgers.replay.next(place),
  });
  const { sequence, part, byteOffset } = batch;
  const bytes = record.bytes.length;
  // With rejectsMax 1, a refused row is a written batch too, so that the lane goes on.
  const result = await opened.write(batch, { rejectsMax: 1 });
  records.batch({ batch: { sequence, ordinal, part, byteOffset }, rows: 1, bytes, result });
  switch (result.kind) {
    case "written": {
      const { counts, rejects = [], alreadyIn = false, ofThisRun = !alreadyIn } = result;
      ledgers.replay.add({ part, byteOffset, counts });
      counters.add(counts, bytes, ofThisRun);
      if (counts.rejected === 0) return undefined;
      return rejects[0] ? new TextEncoder().encode(refusedLine(line, rejects[0])) : line;
    }
    case "reject":
      throw rejection(result.rows, { committed: false });
    default:
      throw failureError(result.failure);
  }
}

function batchOf(
  { ordinal, source, line }: RejectEntry,
  { format, bytes }: WrittenRecord,
  known: Pick<Batch, "shape" | "sequence" | "byteOffset">,
): Batch {
  return {
    ...known,
    format,
    bytes,
    offsets: Uint32Array.of(0, bytes.length),
    ordinal,
    part: source,
    line,
  };
}

function requestOf(
  load: string,
  { shape, fields, sameTable, signal, records }: Replaying,
): LoadRequest {
  return {
    shape,
    fields,
    source: replayName(load),
    replays: load,
    sameTable,
    // What went in by one mode is in for the other.
    anyMode: true,
    batchRowsMax: 1,
    batchBytesMax: LIMITS.batchBytesMax,
    connections: 1,
    onRetry: (retry) => records.retried(retry),
    ...(signal ? { signal } : {}),
  };
}

function keepsLedger(backend: DatabaseBackend): backend is Replaying["backend"] {
  return backend.openLoad !== undefined;
}

function noLedger(backendType: string): LoadError {
  return new LoadError(
    `Backend ${backendType} keeps no ledger, which would tell the rows that were replayed before`,
    { code: "usage", blame: "config" },
  );
}
