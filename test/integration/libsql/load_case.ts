/** What the tests of the libSQL driver share: files, batches, plans as a plugin would make them. */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { RowCounts, WriteResult } from "../../../src/model/backend.ts";
import type { Batch, Column, Shape, WriteMode } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { compileConfigSchema, type Config } from "../../../src/model/config_schema.ts";
import { parse } from "../../../src/config/parse.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import type { Connection, LoadOrder, LoadRecord } from "../../../host/drivers/driver.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { type FileTarget, openFile } from "../../../host/drivers/libsql/file_session.ts";
import type { Cell } from "../../../host/codec/codec.ts";
import { writeOne } from "../../support/write_one.ts";

/** A folder of its own that is removed afterwards, and looks into the files in it. */
export class Scratch implements AsyncDisposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "snakepipe_libsql_" });
  readonly #open: Connection[] = [];

  /** A file in the folder. */
  path(name = "test.db"): string {
    return `${this.folder}/${name}`;
  }

  /** A connection to the file, or to another target. Closed afterwards. */
  async connect(settings: Record<string, unknown> = {}): Promise<Connection> {
    const config = configOf({ url: `libsql:${this.path()}`, ...settings });
    const connection = await libsqlDriver.connect(config, { codec: await createReferenceCodec() });
    this.#open.push(connection);
    return connection;
  }

  /** Rows of a query on the file, by a session of its own. */
  async query(sql: string, args: Cell[] = []): Promise<Cell[][]> {
    const session = await openFile(fileTarget(this.path()));
    try {
      return await session.all(sql, args);
    } finally {
      await session.close();
    }
  }

  /** Runs statements on the file. */
  async exec(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.query(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#open) await connection.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The engines that open files, and the settings that lead to them where a file needs neither. */
export const ENGINES = [["sqlite", {}], ["libsql", { engine: "libsql" }]] as const;

/** A file as sessions are opened on it. */
export function fileTarget(path: string, changes: Partial<FileTarget> = {}): FileTarget {
  const journal = { journalMode: "auto", synchronous: "auto" } as const;
  return {
    kind: "file",
    path,
    busyTimeoutMs: 1_000,
    engine: "auto",
    bulk: "auto",
    journal,
    ...changes,
  };
}

/** Settings held to the driver's schema. */
export function configOf(settings: Record<string, unknown>): Config {
  return parse(compileConfigSchema(libsqlDriver.config), settings, {
    what: "The configuration",
    code: "config_invalid",
    blame: "config",
  });
}

/** Columns by name: `id: "int64 key"`, `name: "text"`. */
export function columns(spec: Record<string, string>): Column[] {
  return Object.entries(spec).map(([name, words]) => {
    const [type, ...flags] = words.split(" ");
    const key = flags.includes("key");
    return { name, type: type as ColumnType, nullable: !key && !flags.includes("required"), key };
  });
}

/** A shape of the table `t`. */
export function shapeOf(mode: WriteMode, spec: Record<string, string>, table = "t"): Shape {
  return { table: { name: table }, columns: columns(spec), mode };
}

/** A batch of records that are NDJSON already, or objects without bigint. */
export function batchOf(
  shape: Shape,
  records: readonly unknown[],
  options: Partial<Pick<Batch, "sequence" | "ordinal" | "line">> = {},
): Batch {
  const encoder = new TextEncoder();
  const lines = records.map((r) =>
    encoder.encode((typeof r === "string" ? r : JSON.stringify(r)) + "\n")
  );
  const offsets = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => offsets[i + 1] = offsets[i]! + line.length);
  const bytes = new Uint8Array(offsets[lines.length]!);
  lines.forEach((line, i) => bytes.set(line, offsets[i]!));
  return {
    shape,
    format: { kind: "ndjson" },
    bytes,
    offsets,
    sequence: 0,
    ordinal: 0,
    part: "rows.ndjson",
    // Batches do not share bytes.
    byteOffset: 1_000_000 * (options.sequence ?? 0),
    line: 1,
    ...options,
  };
}

const NATIVE: Partial<Record<ColumnType, string>> = {
  boolean: "INTEGER",
  int16: "INTEGER",
  int32: "INTEGER",
  int64: "INTEGER",
  float32: "REAL",
  float64: "REAL",
  bytes: "BLOB",
};

/** The plan that a plugin makes of a shape. */
export function planOf(shape: Shape, changes: Partial<Plan> & { rowsMax?: number } = {}): Plan {
  const { rowsMax = 100, ...rest } = changes;
  const definitions = shape.columns.map((c, i) =>
    `{col:${i}} ${NATIVE[c.type] ?? "TEXT"}${c.nullable ? "" : " NOT NULL"}`
  );
  const key = shape.columns.some((c) => c.key) ? ", PRIMARY KEY ({keys})" : "";
  const into = shape.mode === "replace" ? "{aside}" : "{table}";
  const assigned = shape.columns.flatMap((c, i) =>
    c.key ? [] : [`{col:${i}} = excluded.{col:${i}}`]
  );
  const conflict = shape.mode === "upsert"
    ? ` ON CONFLICT ({keys}) DO UPDATE SET ${assigned.join(", ")}`
    : "";
  const replaces = shape.mode === "replace";
  return {
    create: [`CREATE TABLE IF NOT EXISTS {table} (${definitions.join(", ")}${key})`],
    prepare: replaces
      ? [
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ]
      : [],
    stage: [],
    merge: [],
    finish: replaces
      ? [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ]
      : [],
    batch: { rowsMax: 50_000, bytesMax: 16 * 1024 * 1024 },
    write: {
      sql: `INSERT INTO ${into} ({columns}) VALUES {rows}${conflict}`,
      row: "({values})",
      rowsMax,
    },
    ...rest,
  };
}

/** A load of a shape, the only one that is under way. */
export function orderOf(
  shape: Shape,
  plan: Plan = planOf(shape),
  changes: Partial<LoadOrder> = {},
): LoadOrder {
  return {
    shape,
    plan,
    planHash: "p".repeat(64),
    plugin: { name: "test", version: "0.0.1", sha256: "a".repeat(64) },
    source: "rows.ndjson",
    batchRowsMax: 50_000,
    batchBytesMax: 16 * 1024 * 1024,
    fresh: false,
    rejectTable: false,
    concurrent: false,
    ...changes,
  };
}

/** Begins a load on a connection. */
export async function begin(connection: Connection, order: LoadOrder): Promise<LoadRecord> {
  const { record } = await connection.prepareLoad(order);
  await connection.joinLoad(order, record);
  return record;
}

/** The result, which must be of this kind. */
export function expectKind<K extends WriteResult["kind"]>(
  result: WriteResult,
  kind: K,
): Extract<WriteResult, { kind: K }> {
  if (result.kind !== kind) throw new Error(`Expected ${kind}: ${JSON.stringify(result)}`);
  return result as Extract<WriteResult, { kind: K }>;
}

/** Loads one batch from beginning to end, and expects it to be written. */
export async function loadAll(
  connection: Connection,
  order: LoadOrder,
  records: readonly unknown[],
): Promise<RowCounts> {
  const record = await begin(connection, order);
  const result = await writeOne(connection, batchOf(order.shape, records));
  const { counts } = expectKind(result, "written");
  await connection.finishLoad(order, record, counts);
  return counts;
}
