/**
 * CSV by ranges against CSV in batches that are read before: the same rows in the table, the same words
 * in the ledger, and the same refusals.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { CsvOptions } from "../../../host/sources/csv.ts";
import { csv } from "../../../host/sources/csv.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { Random } from "../../host/codec/differential_random.ts";
import { compare, DDL, load, READ_BEFORE, refusal, streamed, withPlace } from "./range_place.ts";

const KIB = 1024;
const NAMES = ["id", "name", "amount", "ok", "attrs"];

/** How a file is written, and what the load is told of it. */
interface Dialect {
  readonly options: CsvOptions;
  readonly lineEnds: readonly string[];
  /** What stands before the first record; the names by default. */
  readonly head?: string;
  /** Names in the order of the fields. */
  readonly names?: readonly string[];
}

const LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\n\n", "\n\r\n\n"];

const DIALECTS: Readonly<Record<string, Dialect>> = {
  "as most write it": { options: {}, lineEnds: LINE_ENDS },
  "with a mark and blank lines before": {
    options: {},
    lineEnds: ["\r\n"],
    head: "\uFEFF\r\n\r\nid,name,amount,ok,attrs\r\n\r\n",
  },
  "with tabs, and a text for NULL": {
    options: { delimiter: "\t", nullText: "NULL" },
    lineEnds: LINE_ENDS,
  },
  "without a header": { options: { header: NAMES }, lineEnds: LINE_ENDS, head: "" },
  "with lines that end in a carriage return": {
    options: { delimiter: ";" },
    lineEnds: ["\r", "\r", "\r\r"],
  },
  "with fields in another order, and without some": {
    options: {},
    lineEnds: LINE_ENDS,
    names: ["ok", "attrs", "id", "name"],
  },
};

const TEXTS = [
  "",
  "a",
  "ünï ☃ 𝄞",
  "back\\slash",
  'quote"s',
  "\\N",
  "NULL",
  ",;\t",
  "\n",
  "\r\n,\r",
];

/** Records in many forms, the longest field of about so many bytes. */
function textOf(random: Random, dialect: Dialect, size: { rows: number; longest: number }): string {
  const { options: { delimiter = "," }, lineEnds, names = NAMES } = dialect;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const either = (text: string) =>
    /["\r\n,;\t]/.test(text) || random.chance(0.2) ? quoted(text) : text;
  const nothing = options(dialect);
  const fields: Record<string, (id: number) => string> = {
    id: (id) => either(String(id)),
    name: () => {
      const long = random.chance(0.03) ? 'y,\r\n"'.repeat(random.below(size.longest) / 6) : "";
      return either(random.pick(TEXTS) + long);
    },
    amount: () => random.chance(0.1) ? nothing : either(random.pick(["1.5", "-0.25", "1e3", "7"])),
    ok: () => random.chance(0.1) ? nothing : either(random.pick(["true", "f", "1", "FALSE"])),
    attrs: () => quoted(random.pick(["{}", '{"a":[1,"x\\n"]}', '"s"', "[1,\n 2]", "null"])),
  };
  let text = dialect.head ?? names.join(delimiter) + lineEnds[0]!;
  for (let id = 0; id < size.rows; id++) {
    text += names.map((name) => fields[name]!(id)).join(delimiter) + random.pick(lineEnds);
  }
  return random.chance(0.5) ? text : text.replace(/[\r\n]+$/, "");
}

function options({ options: { nullText = "" } }: Dialect): string {
  return nullText;
}

Deno.test("ranges of CSV, however it is written, come to the same as in batches that are read before", () =>
  withPlace(async (place) => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const random = new Random(seed);
    for (const [i, [what, dialect]] of Object.entries(DIALECTS).entries()) {
      for (const longest of i === 0 ? [100, 700 * KIB] : [4 * KIB]) {
        const text = textOf(random, dialect, { rows: 200, longest });
        const size = new TextEncoder().encode(text).length;
        const count = await compare(place, text, {
          csv: dialect.options,
          batchBytesMax: Math.ceil(size / random.pick([3, 9])),
          connections: i === 1 ? 2 : 1,
        });
        // A record for which there is no room at first is read before; the next of its lane is not.
        assert(longest > 200 * KIB || count > 1, `${what}, seed ${seed}, ${longest}: ${count}`);
      }
    }
  }));

Deno.test("ranges of CSV: of one column, of one record, of none, binary, and with U+0000", () =>
  withPlace(async (place) => {
    const one = "(name text)";
    const blank = "name\n" + "a\n\n\nb\n\r\n".repeat(400);
    const small = { csv: {}, batchBytesMax: 500, connections: 1 };
    assert(await compare(place, blank, small, one) > 3);
    for (const text of ["id\n1", "id,name\n\n\n1,\n\n"]) {
      assertEquals(await compare(place, text, { csv: {} }), 1, JSON.stringify(text));
    }
    for (const text of ["id", "id,name\n\n\r\n"]) {
      assertEquals(await compare(place, text, { csv: {} }), 0, JSON.stringify(text));
    }
    const rows = Array.from({ length: 2_000 }, (_, i) => `2024-01-1${i % 9},${i}.5,"x${i}"\n`);
    const ddl = "(at date, v double precision, name text)";
    for (const copyFormat of ["binary", "text"]) {
      const odd = rows.map((row, i) => i % 300 === 0 ? row.replace("x", "\0") : row);
      const nul = { csv: {}, copyFormat, batchBytesMax: 9_000, nul: "escape" } as const;
      assert(await compare(place, "at,v,name\n" + odd.join(""), nul, ddl) > 2);
    }
  }));

Deno.test("ranges of CSV: columns that a header lacks take their defaults", () =>
  withPlace(async (place) => {
    const ddl =
      "(id bigint, name text DEFAULT 'none', n int GENERATED ALWAYS AS (7) STORED, w int)";
    const text = "w,id\n" + Array.from({ length: 900 }, (_, i) => `${i},${i * 2}\n`).join("");
    assert(await compare(place, text, { csv: {}, batchBytesMax: 2_000 }, ddl) > 2);
  }));

Deno.test("ranges of CSV: files whose headers differ in their order", () =>
  withPlace(async (place) => {
    const paths = ["a", "b"].map((name) => place.path.replace("rows", name));
    const rows = (row: (i: number) => string) => Array.from({ length: 900 }, (_, i) => row(i));
    await Deno.writeTextFile(paths[0]!, "id,name\n" + rows((i) => `${i},"n\n${i}"\n`).join(""));
    await Deno.writeTextFile(paths[1]!, "name,id\n" + rows((i) => `"n\n${i}",${i}\n`).join(""));
    await place.sql.unsafe(`CREATE TABLE t ${DDL}`);
    const backend = await place.host.createBackend("postgresql", { url: place.url });
    const report = await place.host.load(csv(paths), backend, {
      table: "t",
      batchBytesMax: 3_000,
      connections: 2,
    });
    await backend.close();
    assertEquals([report.state, report.committed], ["complete", 1_800]);
    assert(await streamed(place) > 4);
    const wrong = "SELECT count(*) FROM t WHERE name <> E'n\\n' || id";
    assertEquals((await place.sql.unsafe(wrong))[0]!.count, "0");
    const twice = "SELECT count(DISTINCT id), count(*) AS n FROM t";
    assertEquals({ ...(await place.sql.unsafe(twice))[0]! }, { count: "900", n: "1800" });
  }));

const BAD: Readonly<Record<string, string>> = {
  "has too few fields": "7",
  "has too many fields": "7,a,b",
  "has a quote in a field": '7,a"b',
  "has something behind a quote": '7,"a"b',
  "has a carriage return in a field": "7,a\rb",
  "does not fit": "many,a",
  "is not UTF-8": "7,\xff",
  "has U+0000": "7,a\0b",
  "is there already": "3,a",
};

/** A row that goes over two lines now and then. */
const row = (id: number) => `${id},${id % 9 === 0 ? `"n\r\n${id}"` : "n".repeat(id % 90)}\n`;
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

Deno.test("ranges of CSV: a row that is not to be taken stops the load as it does in a batch", () =>
  withPlace(async (place) => {
    for (const [what, bad] of Object.entries(BAD)) {
      const rows = Array.from({ length: 900 }, (_, i) => i === 500 ? bad + "\n" : row(i));
      await Deno.writeFile(place.path, latin1("id,name\n" + rows.join("\n")));
      const options = { csv: {}, batchBytesMax: 9_000 };
      const before = await streamed(place).catch(() => 0);
      const range = await refusal(place, "range", options);
      assert(
        await streamed(place) > before + 1,
        `one that ${what}: batches before it are streamed`,
      );
      assertEquals(range, await refusal(place, "batches", { ...options, ...READ_BEFORE }), what);
      // Two lines a row, one more for each that goes over two, and the header.
      assert(JSON.stringify(range).includes(":1058:"), `${what}: ${JSON.stringify(range)}`);
    }
  }));

Deno.test("ranges of CSV: a quote that is left open stops the load as it does in a batch", () =>
  withPlace(async (place) => {
    const rows = Array.from({ length: 900 }, (_, i) => i === 892 ? '892,"open\n' : row(i));
    await Deno.writeTextFile(place.path, "id,name\n" + rows.join(""));
    const options = { csv: {}, batchBytesMax: 9_000 };
    const range = await refusal(place, "range", options);
    assert(await streamed(place) > 1, "batches before it are streamed");
    assertEquals(range, await refusal(place, "batches", { ...options, ...READ_BEFORE }));
    assert(
      JSON.stringify(range).includes("in line 994 a quote opens a field"),
      JSON.stringify(range),
    );
  }));

Deno.test("ranges of CSV: what is missing is loaded where a load has stopped, each way after the other", () =>
  withPlace(async (place) => {
    const text = "id,name\n" + Array.from({ length: 2_000 }, (_, i) => row(i)).join("");
    const bad = text.replace("\n1201,", "\nnone,");
    for (const ways of [[{}, READ_BEFORE], [READ_BEFORE, {}]]) {
      await place.sql.unsafe(`DROP TABLE IF EXISTS t; CREATE TABLE t ${DDL}`);
      await Deno.writeTextFile(place.path, bad);
      const options = { csv: {}, batchBytesMax: 7_000, connections: 1 };
      const first = () => load(place, "t", { ...options, ...ways[0], fresh: true });
      await assertRejects(first, LoadStoppedError);
      await Deno.writeTextFile(place.path, text);
      const report = await load(place, "t", { ...options, ...ways[1] });
      assert(report.skipped > 0 && report.committed > 0, JSON.stringify(report));
      assertEquals(report.skipped + report.committed, 2_000);
      const [found] = await place.sql`SELECT count(*), count(DISTINCT id) AS ids FROM t`;
      assertEquals([found!.count, found!.ids], ["2000", "2000"]);
    }
  }));

Deno.test("ranges of CSV: a replace puts them in the place of what is there", () =>
  withPlace(async (place) => {
    await place.sql.unsafe(`CREATE TABLE t ${DDL}; INSERT INTO t VALUES (-1)`);
    await Deno.writeTextFile(
      place.path,
      "id,name\n" + Array.from({ length: 900 }, (_, i) => row(i)).join(""),
    );
    const report = await load(place, "t", { csv: {}, batchBytesMax: 3_000, mode: "replace" });
    assertEquals([report.state, report.committed], ["complete", 900]);
    assert(await streamed(place) > 3);
    const [found] = await place.sql`SELECT min(id), count(*) FROM t`;
    assertEquals([found!.min, found!.count], ["0", "900"]);
  }));
