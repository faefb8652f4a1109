/**
 * Batches as images of databases against bound inserts: the same rows in the same tables afterwards, and
 * the same rows refused. The seed of a run is printed with what it finds.
 */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals } from "@std/assert";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import type { Cell, Codec } from "../../../host/codec/codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import type { Connection } from "../../../host/drivers/driver.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { Random } from "../../host/codec/differential_random.ts";
import { bytesOf } from "../../host/codec/streamed_records.ts";
import { writeOne } from "../../support/write_one.ts";
import { type ImageCase, imageCase } from "./image_case.ts";
import {
  batchOf,
  begin,
  configOf,
  expectKind,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";

await buildCodec();

const MILLISECONDS = 3_000;
const CASES_MIN = 20;
const ROWS_MAX = 60;

const { image, streamImage, ...bound } = await createWasmCodec();

/** A codec that says how many images it has made, and how many of them were declared like the target. */
function counting(): { readonly codec: Codec; images: number; alike: number } {
  const counted = {
    images: 0,
    alike: 0,
    codec: {
      ...bound,
      image: (...[batch, options]: Parameters<NonNullable<Codec["image"]>>) => {
        counted.images++;
        if (options.wholeAsInteger) counted.alike++;
        return image!(batch, options);
      },
    },
  };
  return counted;
}

/** What a load has come to. */
interface Outcome {
  readonly prepared: string;
  readonly results: readonly unknown[];
  readonly rows: readonly Cell[][];
  readonly log: readonly Cell[][];
  readonly batches: readonly Cell[][];
}

/** Writes a batch that is handed over as it is. */
type Write = (connection: Connection, batch: Batch) => Promise<WriteResult>;

const asBatch: Write = (connection, batch) => writeOne(connection, batch, { rejectsMax: Infinity });

/** How many images that were made ahead were written. */
const ahead = { written: 0 };

/** Writes the records of a batch as an image that was made ahead; as a batch where there is none. */
const asImageAhead: Write = async (connection, batch) => {
  const options = await connection.imageOptions!();
  const made = options && await streamImage!(batch, bytesOf(batch.bytes, new Random(1), 99), {
    ...options,
    room: { bytes: new Uint8Array(0) },
  });
  if (!made) return await asBatch(connection, batch);
  const { sequence, part, byteOffset, format, shape, bytes } = batch;
  const byteEnd = byteOffset + bytes.length;
  const file = { path: part, device: 0, inode: null };
  const range = { shape, format, sequence, part, byteOffset, byteEnd, file };
  const result = await connection.writeImage!(range, made);
  if (result.kind === "unwritten") return await asBatch(connection, batch);
  ahead.written++;
  return result.kind === "written" ? { rejects: [], ...result } : result;
};

async function outcome(
  scratch: Scratch,
  { statements, shape, batches }: ImageCase,
  { codec, write = asBatch }: { readonly codec: Codec; readonly write?: Write },
): Promise<Outcome> {
  {
    using database = new DatabaseSync(scratch.path());
    for (const sql of statements) database.exec(sql);
  }
  const config = configOf({ url: `libsql:${scratch.path()}`, synchronous: "off" });
  const connection = await libsqlDriver.connect(config, { codec });
  const order = orderOf(shape, planOf(shape, { create: [] }));
  const results: unknown[] = [];
  let prepared = "";
  try {
    const { record } = await connection.prepareLoad(order);
    await connection.joinLoad(order, record);
    const counts = { read: 0, committed: 0, superseded: 0, rejected: 0 };
    for (const batch of batches) {
      const result = await write(connection, batch);
      results.push(shown(result, scratch.folder));
      if (result.kind !== "written") continue;
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
        counts[name] += result.counts[name];
      }
    }
    await connection.finishLoad(order, record, counts);
  } catch (error) {
    prepared = String(error).replaceAll(scratch.folder, "");
  } finally {
    await connection.close();
  }
  return { prepared, results, ...tables(scratch.path()) };
}

/** What is in the tables of a file, which is sound. */
function tables(path: string): Pick<Outcome, "rows" | "log" | "batches"> {
  using database = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    statement.setReadBigInts(true);
    return statement.all() as unknown as Cell[][];
  };
  assertEquals(all("PRAGMA integrity_check"), [["ok"]]);
  const columns = all("SELECT name FROM pragma_table_xinfo('t')");
  const list = columns.flatMap(([name]) => [`typeof(${name})`, `quote(${name})`, `hex(${name})`]);
  return {
    rows: all(`SELECT ${list.join(", ")} FROM t`),
    log: all("SELECT * FROM log"),
    batches: all(
      `SELECT sequence, rows_read, committed, superseded, rejected, content_hash, left_out
       FROM _snakepipe_batch ORDER BY 1`,
    ),
  };
}

/** All but how long it took, and where. */
function shown(result: WriteResult, folder: string): unknown {
  const said = JSON.stringify(
    result,
    (name, value) => /^(commitM|m)illiseconds$/.test(name) ? 0 : value,
  );
  return JSON.parse(said.replaceAll(folder, ""));
}

Deno.test("images leave the same table as bound inserts, whatever the table has", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const counted = counting();
  const end = performance.now() + MILLISECONDS;
  let cases = 0;
  let rows = 0;
  let rejects = 0;
  const isEnough = () => performance.now() >= end && cases >= CASES_MIN && ahead.written > 0;
  for (; !isEnough(); cases++) {
    const made = imageCase(new Random((seed + cases) >>> 0), ROWS_MAX);
    try {
      await using byImage = new Scratch();
      await using byInserts = new Scratch();
      await using byImageAhead = new Scratch();
      const expected = await outcome(byInserts, made, { codec: bound });
      assertEquals(await outcome(byImage, made, counted), expected);
      const { codec } = counted;
      assertEquals(await outcome(byImageAhead, made, { codec, write: asImageAhead }), expected);
      rows += expected.rows.length;
      for (const [, , , , rejected] of expected.batches) rejects += Number(rejected);
    } catch (error) {
      const what = `seed ${(seed + cases) >>> 0}:\n${made.statements.join("\n")}`;
      throw new Error(what, { cause: error });
    }
  }
  const told = `${cases} cases, ${rows} rows, ${rejects} rejects, ${counted.images} images`;
  assert(counted.images > 0 && rows > 0 && rejects > 0, told);
});

Deno.test("of rows with one key in an image the last stays, and the others are counted", async () => {
  await using scratch = new Scratch();
  const counted = counting();
  const config = configOf({ url: `libsql:${scratch.path()}` });
  const connection = await libsqlDriver.connect(config, { codec: counted.codec });
  const shape = shapeOf("upsert", { id: "int64 key", part: "text key", v: "int64" });
  const rows = [[1, "a", 1], [1, "b", 2], [1, "a", 3], [2, "a", 4], [1, "a", 5]];
  const records = rows.map(([id, part, v]) => ({ id, part, v }));
  const counts = await loadAll(connection, orderOf(shape), records);
  await connection.close();
  assertEquals(counts, { read: 5, committed: 3, superseded: 2, rejected: 0 });
  assertEquals(counted.images, 1);
  const kept = await scratch.query("SELECT id, part, v FROM t ORDER BY id, part");
  assertEquals(kept, [[1n, "a", 5n], [1n, "b", 2n], [2n, "a", 4n]]);
});

Deno.test("an image that holds a refused row is sent again by bound inserts, without that row", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v < 5))");
  const counted = counting();
  const config = configOf({ url: `libsql:${scratch.path()}` });
  const connection = await libsqlDriver.connect(config, { codec: counted.codec });
  const shape = shapeOf("append", { id: "int64", v: "int64" });
  await begin(connection, orderOf(shape));
  const records = Array.from(
    { length: 40 },
    (_, i) => ({ id: i === 30 ? 3 : i, v: i === 7 ? 9 : 0 }),
  );
  const result = await writeOne(connection, batchOf(shape, records), { rejectsMax: 2 });
  await connection.close();
  const { rejects } = expectKind(result, "written");
  assertEquals(rejects!.map(({ ordinal, column }) => [ordinal, column]), [[7, "v"], [30, "id"]]);
  assertEquals(counted.images, 1);
  assertEquals(await scratch.query("SELECT count(*), sum(v) FROM t"), [[38n, 0n]]);
});

Deno.test("an integer stays one in an image, whoever has read its record", async () => {
  const edges = [
    0n,
    1n,
    2n ** 15n,
    2n ** 31n,
    2n ** 47n - 1n,
    2n ** 47n,
    2n ** 53n - 1n,
    2n ** 53n,
  ];
  const largest = [2n ** 53n + 1n, 2n ** 63n - 1n];
  const integers = [...edges, ...largest, ...[...edges, ...largest].map((value) => -value)];
  // An escape in a name leaves the record to the reference.
  const records = integers.flatMap((v) => [`{"v":${v},"on":true}`, `{"\\u0076":${v},"on":true}`]);
  const shape = shapeOf("append", { v: "int64", on: "boolean" });
  for (const strict of ["", " STRICT"]) {
    await using scratch = new Scratch();
    await scratch.exec(`CREATE TABLE t (v INTEGER, "on" INTEGER)${strict}`);
    const counted = counting();
    const config = configOf({ url: `libsql:${scratch.path()}` });
    const connection = await libsqlDriver.connect(config, { codec: counted.codec });
    await begin(connection, orderOf(shape));
    expectKind(await writeOne(connection, batchOf(shape, records)), "written");
    await connection.close();
    assertEquals(counted.alike, 1);
    const kept = await scratch.query(`SELECT v, typeof(v), typeof("on") FROM t ORDER BY rowid`);
    const expected = integers.flatMap((
      v,
    ) => [[v, "integer", "integer"], [v, "integer", "integer"]]);
    assertEquals(kept, expected);
    assertEquals(await scratch.query("PRAGMA integrity_check"), [["ok"]]);
  }
});

Deno.test("no image is made where the settings say that statements are sent", async () => {
  await using scratch = new Scratch();
  const counted = counting();
  const config = configOf({ url: `libsql:${scratch.path()}`, bulk: "insert" });
  const connection = await libsqlDriver.connect(config, { codec: counted.codec });
  const shape = shapeOf("append", { v: "int64" });
  await begin(connection, orderOf(shape));
  expectKind(await writeOne(connection, batchOf(shape, [{ v: 1 }])), "written");
  await connection.close();
  assertEquals(counted.images, 0);
  assertEquals(await scratch.query("SELECT v FROM t"), [[1n]]);
});
