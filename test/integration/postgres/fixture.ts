/** Plans, shapes and batches for the tests of the Postgres driver. */
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch, Column, RecordFormat, Shape, WriteMode } from "../../../src/model/batch.ts";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import { compileConfigSchema, type Config } from "../../../src/model/config_schema.ts";
import { parse } from "../../../src/config/parse.ts";
import type { Connection, LoadOrder } from "../../../host/drivers/driver.ts";
import { PIECE_HEADROOM } from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { postgresDriver } from "../../../host/drivers/postgres/driver.ts";
import type { CopyPieces } from "../../../host/drivers/postgres/session.ts";
import { writeOne } from "../../support/write_one.ts";

/** Settings as the host would hand them over: held to the schema, secrets wrapped. */
export function config(settings: Record<string, unknown>): Config {
  return parse(compileConfigSchema(postgresDriver.config), settings, {
    what: "The settings",
    code: "config_invalid",
    blame: "config",
  });
}

/** Opens a connection, hands it over and closes it again. */
export async function connected(
  settings: Record<string, unknown>,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await postgresDriver.connect(config(settings), {
    codec: await createReferenceCodec(),
  });
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
}

/** A column; `id!` is a key, `name?` may be NULL. */
export function column(name: string, type: Column["type"]): Column {
  const plain = name.replace(/[!?]$/, "");
  return { name: plain, type, nullable: name.endsWith("?"), key: name.endsWith("!") };
}

/** The shape that most tests load: an id and a name. */
export function shape(mode: WriteMode, columns?: readonly Column[], name = "nodes"): Shape {
  return {
    table: { name },
    mode,
    columns: columns ?? [column("id!", "int64"), column("name?", "text")],
  };
}

const SIZE = { rowsMax: 50_000, bytesMax: 16 * 1024 * 1024 };

/** A plan as a plugin would write it; `ddl` is the list of column definitions. */
export function planOf(mode: WriteMode, ddl: string, rowsMax = 100): Plan {
  const create = [`CREATE TABLE IF NOT EXISTS {table} (${ddl})`];
  const insert = (target: string, ordinal = "") => ({
    sql: `INSERT INTO ${target} ({columns}${ordinal}) VALUES {rows}`,
    row: `({values}${ordinal})`,
    rowsMax,
  });
  const plan = { create, prepare: [], stage: [], merge: [], finish: [], batch: SIZE };
  switch (mode) {
    case "append":
      return { ...plan, write: insert("{table}") };
    case "upsert":
      return {
        ...plan,
        stage: [
          "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, " +
          "CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
        ],
        write: insert("{staging}", ", {ordinal}"),
        merge: [
          "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
          "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
          "{col:1} = EXCLUDED.{col:1}",
        ],
      };
    case "replace":
      return {
        ...plan,
        prepare: [
          "CREATE TABLE {aside} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED)",
        ],
        write: insert("{aside}"),
        finish: [
          "TRUNCATE {table}",
          "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
        ],
      };
  }
}

/** The order of a load, the only one that is under way. */
export function order(shape: Shape, plan: Plan, source = "nodes.ndjson"): LoadOrder {
  return {
    shape,
    plan,
    planHash: "p".repeat(64),
    plugin: { name: "postgresql", version: "1.0.0", sha256: "a".repeat(64) },
    source,
    batchRowsMax: SIZE.rowsMax,
    batchBytesMax: SIZE.bytesMax,
    fresh: false,
    rejectTable: false,
    concurrent: false,
  };
}

/** The same test for each way in which rows travel. */
export function eachWay(
  name: string,
  test: (bulk: "copy" | "insert") => Promise<void>,
): void {
  for (const bulk of ["copy", "insert"] as const) Deno.test(`${name} (${bulk})`, () => test(bulk));
}

const NDJSON: RecordFormat = { kind: "ndjson" };

/** A batch of records; a string stands as it is, anything else is written as JSON. */
export function batch(
  shape: Shape,
  records: readonly unknown[],
  place: { sequence?: number; ordinal?: number; line?: number } = {},
): Batch {
  const encoder = new TextEncoder();
  const lines = records.map((r) =>
    encoder.encode(`${typeof r === "string" ? r : JSON.stringify(r)}\n`)
  );
  const offsets = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => offsets[i + 1] = offsets[i]! + line.length);
  const bytes = new Uint8Array(offsets[lines.length]!);
  lines.forEach((line, i) => bytes.set(line, offsets[i]!));
  return {
    shape,
    format: NDJSON,
    bytes,
    offsets,
    sequence: place.sequence ?? 0,
    ordinal: place.ordinal ?? 0,
    part: "nodes.ndjson",
    // Batches do not share bytes.
    byteOffset: 1_000_000 * (place.sequence ?? 0),
    line: place.line ?? 1,
  };
}

/** A refused error of the expected code, for looking closer at it. */
export async function refused(work: Promise<unknown>): Promise<Error & { code: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error("Expected a failure, but it succeeded");
}

/** The result, which must be of that kind. */
export function ofKind<K extends WriteResult["kind"]>(
  result: WriteResult | undefined,
  kind: K,
): Extract<WriteResult, { kind: K }> {
  if (result?.kind === kind) return result as Extract<WriteResult, { kind: K }>;
  throw new Error(`Expected ${kind}, but it is ${JSON.stringify(result)}`);
}

/** Definitions of the columns of `shape()`. */
export const NODES_DDL = "id bigint PRIMARY KEY, name text";

/** Three rows of `shape()`. */
export const NODES: readonly unknown[] = [
  { id: 1, name: "a" },
  { id: 2, name: "b" },
  { id: 3, name: null },
];

/** Prepares, joins, writes the batches and finishes with the sums of what was written. */
export async function load(
  connection: Connection,
  order: LoadOrder,
  batches: readonly (readonly unknown[])[],
): Promise<WriteResult[]> {
  const { record } = await connection.prepareLoad(order);
  await connection.joinLoad(order, record);
  const results: WriteResult[] = [];
  const totals = { read: 0, committed: 0, superseded: 0, rejected: 0 };
  for (const [sequence, records] of batches.entries()) {
    const ordinal = totals.read;
    const result = await writeOne(connection, batch(order.shape, records, { sequence, ordinal }));
    results.push(result);
    if (result.kind !== "written") return results;
    totals.read += result.counts.read;
    totals.committed += result.counts.committed;
    totals.superseded += result.counts.superseded;
  }
  await connection.finishLoad(order, record, totals);
  return results;
}

/** COPY data in pieces of 100 KB at the most; with `failed`, what comes behind them is no data. */
export function piecesOf(text: string, { failed = false } = {}): CopyPieces {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let ended = false;
  return {
    get failed() {
      return failed && ended;
    },
    next() {
      ended = at >= bytes.length;
      if (ended) return undefined;
      const data = bytes.subarray(at, at += 100_000);
      const piece = new Uint8Array(PIECE_HEADROOM + data.length);
      piece.set(data, PIECE_HEADROOM);
      return piece;
    },
  };
}
