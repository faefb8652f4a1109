/**
 * Images of databases, read by SQLite itself: they hold the cells that the reference reads, in sound
 * pages. The seed of a run is printed with what it finds.
 */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals } from "@std/assert";
import type { Batch } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import type { Cell, CellRules, Codec, ImageEncoder } from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { randomBatch } from "./differential_batch.ts";
import { Random } from "./differential_random.ts";
import { batchOf, columnsOf, csvFormat } from "./sample_batch.ts";

await buildCodec();

const codec = await createWasmCodec();
const reference = await createReferenceCodec();

/** What SQLite takes. */
const RULES: CellRules = { nul: "keep", nan: false };
const PAGE_BYTES = [512, 1024, 4096, 65_536];
const MILLISECONDS = 1_500;

/** A row by its number, from 1, and its cells. */
type NumberedRow = readonly [number, ...Cell[]];

function tableSql({ shape: { columns } }: Batch): string {
  return `CREATE TABLE rows(${columns.map((_, i) => `c${i}`).join(",")})`;
}

function encoderOf(
  batch: Batch,
  { pageBytes = 65_536, rules = RULES }: { pageBytes?: number; rules?: CellRules } = {},
): ImageEncoder | undefined {
  const sql = tableSql(batch);
  return codec.image!(batch, { rules, table: "rows", sql, wholeAsInteger: false, pageBytes });
}

/** A database that is an image. */
function opened(image: Uint8Array): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  // The types of Node's module lack it.
  (database as unknown as { deserialize(image: Uint8Array): void }).deserialize(image);
  return database;
}

/** The rows of an image, which is sound. */
function rowsOf(image: Uint8Array, columns: number, pageBytes: number): NumberedRow[] {
  using database = opened(image);
  const { integrity_check: said } = database.prepare("PRAGMA integrity_check").get() as {
    integrity_check: string;
  };
  assertEquals(said, "ok");
  const asks = [["page_size", pageBytes], ["page_count", image.length / pageBytes]] as const;
  for (const [pragma, value] of asks) {
    assertEquals(database.prepare(`PRAGMA ${pragma}`).get(), { [pragma]: value });
  }
  // Of a text with U+0000 not all would be read.
  const list = Array.from(
    { length: columns },
    (_, i) => `iif(typeof(c${i}) = 'text', 'text:' || hex(c${i}), c${i})`,
  );
  const select = database.prepare(`SELECT rowid, ${list.join(", ")} FROM rows ORDER BY rowid`);
  select.setReturnArrays(true);
  select.setReadBigInts(true);
  return (select.all() as unknown as Cell[][]).map(([row, ...cells]) => [Number(row), ...cells]);
}

/** The same rows by the reference. */
function expectedRows(batch: Batch, of: Codec = reference, rules = RULES) {
  const cells: Cell[] = [];
  const numbers: number[] = [];
  const reader = of.cells(batch, rules);
  while (reader.read(1000, cells, numbers) > 0);
  const width = batch.shape.columns.length;
  const encoder = new TextEncoder();
  const shown = cells.map((cell) =>
    typeof cell === "string" ? `text:${encoder.encode(cell).toHex().toUpperCase()}` : cell
  );
  const rows = numbers.map((number, i): NumberedRow => [
    number + 1,
    ...shown.slice(i * width, (i + 1) * width),
  ]);
  return { rows, rejects: reader.rejects, repaired: reader.repaired, varies: reader.varies };
}

/** Holds an image against the reference; whether there was one. */
function expectSame(
  batch: Batch,
  { pageBytes = 65_536, rules = RULES }: { pageBytes?: number; rules?: CellRules } = {},
): boolean {
  const image = encoderOf(batch, { pageBytes, rules });
  const bytes = image?.encode(Infinity);
  if (!image || !bytes) return false;
  const expected = expectedRows(batch, reference, rules);
  assertEquals(image.varies, expected.varies);
  if (image.varies) return true;
  assertEquals(image.rejects, expected.rejects);
  assertEquals(image.repaired, expected.repaired);
  assertEquals(image.rows, expected.rows.length);
  const rows = rowsOf(bytes, batch.shape.columns.length, pageBytes);
  // Told apart: 1 from 1n, 0 from -0.
  const shown = (row: readonly Cell[]) =>
    row.map((cell) => {
      if (cell instanceof Uint8Array) return cell.toHex();
      return `${typeof cell} ${Object.is(cell, -0) ? "-0" : cell}`;
    }).join("|");
  assertEquals(rows.map(shown).join("\n"), expected.rows.map(shown).join("\n"));
  return true;
}

Deno.test("images hold the cells of random batches, with pages of every size", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new Random(seed);
  const end = performance.now() + MILLISECONDS;
  let images = 0;
  try {
    while (performance.now() < end || images < 20) {
      const batch = randomBatch(random, 3_000);
      const rules: CellRules = {
        nul: random.pick(["keep", "strip", "escape", "reject"]),
        nan: false,
      };
      if (expectSame(batch, { pageBytes: random.pick(PAGE_BYTES), rules })) images++;
    }
  } catch (error) {
    throw new Error(`Image ${images} of seed ${seed}`, { cause: error });
  }
});

Deno.test("images hold texts and bytes of every length around the ends of a page", () => {
  for (const pageBytes of [512, 4096, 65_536]) {
    const ends = [pageBytes - 35, pageBytes, 2 * pageBytes - 35, 3 * pageBytes];
    const lengths = ends.flatMap((end) => Array.from({ length: 16 }, (_, i) => end - 12 + i));
    const records = lengths.map((length) => `{"t":"${"x".repeat(length)}"}\n`);
    assert(expectSame(batchOf(records, columnsOf({ t: "text" })), { pageBytes }));
    const octets = lengths.map((length) => `"${new Uint8Array(length).fill(7).toBase64()}"\n`);
    assert(expectSame(batchOf(octets, columnsOf({ b: "bytes" }), csvFormat(["b"])), { pageBytes }));
  }
});

Deno.test("images hold rows whose pages are two and three levels deep", () => {
  for (const [rows, pageBytes] of [[1, 512], [400, 512], [30_000, 512]] as const) {
    const records = Array.from({ length: rows }, (_, i) => `{"n":${i},"t":"${i % 7}"}\n`);
    assert(expectSame(batchOf(records, columnsOf({ n: "int64", t: "text" })), { pageBytes }));
  }
});

Deno.test("images leave no inner page with a single child", () => {
  let levels = 0;
  for (let leaves = 45; leaves <= 47; leaves++) {
    // A record of 400 bytes fills a page of 512.
    const records = Array.from({ length: leaves }, () => `{"t":"${"x".repeat(400)}"}\n`);
    const batch = batchOf(records, columnsOf({ t: "text" }));
    using database = opened(encoderOf(batch, { pageBytes: 512 })!.encode(0)!);
    const inner = database.prepare(
      "SELECT min(ncell) AS least, count(*) AS pages FROM dbstat WHERE name = 'rows' AND pagetype = 'internal'",
    ).get() as { least: number; pages: number };
    assert(inner.least >= 1, `${leaves} leaves: ${inner.least}`);
    levels = Math.max(levels, inner.pages);
  }
  assertEquals(levels, 3);
});

Deno.test("images hold rows of as many columns as SQLite takes, and reads with the row's number", () => {
  for (const width of [1, 125, 126, 127, 128, 200, 1999]) {
    const names = Array.from({ length: width }, (_, i) => `c${i}`);
    const columns = columnsOf(Object.fromEntries(names.map((name) => [name, "text"])));
    const record = (text: string) => `{${names.map((name) => `"${name}":"${text}"`).join(",")}}\n`;
    const records = [record(""), record("x".repeat(100)), "{}\n"];
    assert(expectSame(batchOf(records, columns)));
  }
});

Deno.test("images hold integers and doubles at the limits of every length", () => {
  const integers = [8, 16, 24, 32, 48, 63].flatMap((bits) => {
    const power = 2n ** BigInt(bits);
    return [
      power - 1n,
      power,
      -power,
      -power - 1n,
      power / 2n,
      power / 2n - 1n,
      -(power / 2n) - 1n,
    ];
  }).filter((n) => n < 2n ** 63n && n >= -(2n ** 63n));
  const records = [0n, 1n, 2n, -1n, ...integers].map((n) => `{"n":${n},"d":${n}.5}\n`);
  const doubles = ["5e-324", "1.7976931348623157e308", "-0.0", "0.1", "9007199254740993", "1e23"];
  const all = [...records, ...doubles.map((d) => `{"d":${d}}\n`)];
  assert(expectSame(batchOf(all, columnsOf({ n: "int64", d: "float64" }))));
});

Deno.test("images hold a double that ends where its field does, and not where its digits do", () => {
  const columns = columnsOf({ a: "float64", b: "int64" });
  const format = csvFormat(["a", "b"], { delimiter: "e" });
  assert(
    expectSame(
      batchOf(["12345678901234567890e7\n", "0.12345678901234567890e8\n"], columns, format),
    ),
  );
});

Deno.test("images write whole doubles as SQLite does in a column of REAL", () => {
  const numbers = ["1", "-1", "0", "-0.0", "2.5", "140737488355327", "140737488355328", "1e300"];
  const batch = batchOf(numbers.map((n) => `{"d":${n}}\n`), columnsOf({ d: "float64" }));
  const image = codec.image!(batch, {
    rules: RULES,
    table: "rows",
    sql: "CREATE TABLE rows(d REAL)",
    wholeAsInteger: true,
  })!;
  using database = opened(image.encode(0)!);
  database.exec("CREATE TABLE own(d REAL)");
  for (const n of numbers) database.prepare("INSERT INTO own VALUES (?)").run(Number(n));
  const pages = "SELECT sum(payload) AS bytes FROM dbstat WHERE name = ?";
  assertEquals(
    database.prepare(pages).get("rows"),
    database.prepare(pages).get("own"),
  );
  const shown = (table: string) =>
    database.prepare(`SELECT typeof(d) AS t, quote(d) AS q FROM ${table}`).all();
  assertEquals(shown("rows"), shown("own"));
});

Deno.test("there is no image of records that are too large, nor of more rejects than may be", () => {
  const columns = columnsOf({ n: "int64", t: "text" });
  const large = batchOf([`{"t":"${"x".repeat(5 << 20)}"}\n`], columns);
  assertEquals(encoderOf(large)!.encode(0), undefined);
  const wrong = batchOf([`{"n":"a"}\n`, `{"n":1}\n`, `{"n":"b"}\n`], columns);
  const image = encoderOf(wrong)!;
  assertEquals(image.encode(1)?.length, 0);
  assertEquals(image.rejects.map(({ ordinal }) => ordinal), [100, 102]);
  assert(expectSame(wrong));
});
