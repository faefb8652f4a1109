/**
 * Images of records that are streamed, in chunks of any size, against those of the same records as a
 * batch. The seed of a run is printed with what it finds.
 */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Batch } from "../../../src/model/batch.ts";
import type { Codec, ImageOptions } from "../../../host/codec/codec.ts";
import { Random } from "./differential_random.ts";
import {
  batchOf,
  bytesOf,
  codecs,
  COLUMNS,
  NAMES,
  NDJSON,
  randomRecords,
} from "./streamed_records.ts";

const encoder = new TextEncoder();

/** The rows of an image, which is sound; what stands between them is of no meaning. */
function imageRows(image: Uint8Array): unknown[] {
  using database = new DatabaseSync(":memory:");
  // The types of Node's module lack it.
  (database as unknown as { deserialize(image: Uint8Array): void }).deserialize(image);
  const [said] = database.prepare("PRAGMA integrity_check").all();
  assertEquals(said, { integrity_check: "ok" });
  const cells = NAMES.map((name) => `typeof(${name}), hex(${name})`);
  return database.prepare(`SELECT rowid, ${cells.join()} FROM rows ORDER BY rowid`).all();
}

/** The image of a batch; undefined where a row of it is not taken. */
function imaged(codec: Codec, batch: Batch, options: ImageOptions) {
  const image = codec.image!(batch, options)!;
  const bytes = image.encode(0);
  if (!bytes || bytes.length === 0) return undefined;
  const hash = codec.contentHash(batch);
  const { rows, repaired } = image;
  return { image: imageRows(bytes), rows, repaired, hash: hash.hex(), marks: hash.marks() };
}

Deno.test("an image of records that are streamed is that of a batch of them", async () => {
  const { compiled } = await codecs();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new Random(seed);
  const room = { bytes: new Uint8Array(0) };
  let taken = 0;
  for (const { batch, bytes, nul, about } of randomRecords(random, 49, seed)) {
    const options: ImageOptions = {
      rules: { nul, nan: false },
      table: "rows",
      sql: "CREATE TABLE rows(id, name, amount, ok, attrs)",
      wholeAsInteger: random.chance(0.5),
      pageBytes: random.pick([512, 4096, 65_536]),
    };
    const expected = imaged(compiled, batch, options);
    const { shape, format } = batch;
    const found = await compiled.streamImage!({ shape, format }, bytes, { ...options, room });
    assertEquals(
      found && {
        image: imageRows(found.bytes),
        rows: found.rows,
        repaired: found.repaired,
        hash: found.contentHash,
        marks: found.marks,
      },
      expected,
      about,
    );
    if (found) taken++;
  }
  assert(taken > 10, `with seed ${seed}, ${taken}`);
});

Deno.test("there is no image of streamed records that are too large, too few, or none at all", async () => {
  const { compiled } = await codecs();
  const room = { bytes: new Uint8Array(0) };
  const sql = "CREATE TABLE rows(id, name, amount, ok, attrs)";
  const options = { rules: { nul: "keep", nan: false }, table: "rows", sql, room } as const;
  const of = (
    text: string,
    { more = 0, sql = options.sql }: { more?: number; sql?: string } = {},
  ) => {
    const bytes = encoder.encode(text);
    const read = bytesOf(bytes, new Random(1), 1 << 20);
    const records = { ...batchOf(encoder.encode("{}\n"), NDJSON, COLUMNS)! };
    const { shape, format } = records;
    const given = { length: bytes.length + more, read: read.read };
    return compiled.streamImage!({ shape, format }, given, {
      ...{ ...options, sql, wholeAsInteger: false },
    });
  };
  const large = `{"name":"${"x".repeat(600_000)}"}\n`;
  assertEquals(await of(large), undefined);
  // The next one has more room.
  assertEquals((await of(large))?.rows, 1);
  assertEquals(await of("\n \n"), undefined);
  assertEquals(await of("{}\n", { sql: `CREATE TABLE ${"x".repeat(70_000)}(id)` }), undefined);
  await assertRejects(() => of("{}\n", { more: 5 }), Error, "Records end before they should");
});
