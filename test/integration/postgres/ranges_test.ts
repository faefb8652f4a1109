/**
 * A file by ranges, written while it is read, against the same file in batches that are read before:
 * the same rows in the table, and the same words in the ledger.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { compare, DDL, load, READ_BEFORE, refusal, streamed, withPlace } from "./range_place.ts";

const KIB = 1024;

class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(this.#state / 2 ** 32 * count);
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

const TEXTS = ["", "a", "ünï ☃ 𝄞", "tab\tline\n", "back\\slash", 'quote"s', "\\N", "x".repeat(300)];
const NUMBERS = ["0", "-1.5", "1e3", "123456789012345678901234567890", "0.1", "1E-7"];
const JSONS = ["{}", "[1, 2]", '{"a":{"b":[null,true]}}', '"s"', "null", '{"u":"\\u00e9"}'];
const ENDS = ["\n", "\n", "\n", "\r\n", "\n\n", "\n \t\r\n", " \n"];

/** Lines of rows in many forms, the longest of about so many bytes. */
function lines(random: Random, count: number, longest: number): string {
  let text = "";
  for (let id = 0; id < count; id++) {
    const long = random.below(40) === 0 ? "y".repeat(random.below(longest)) : "";
    const members = [
      `"id":${id}`,
      `"name":${JSON.stringify(random.oneOf(TEXTS) + long)}`,
      `"amount":${random.oneOf(NUMBERS)}`,
      `"ok":${random.oneOf(["true", "false", "null"])}`,
      `"attrs":${random.oneOf(JSONS)}`,
    ];
    if (random.below(9) === 0) members.push(members.splice(random.below(5), 1)[0]!);
    if (random.below(9) === 0) members.splice(1 + random.below(members.length - 1), 1);
    const gap = random.oneOf(["", "", " "]);
    const name = random.below(20) === 0 ? '"n\\u0061me"' : '"name"';
    text += `{${gap}${members.join(`,${gap}`).replace('"name"', name)}${gap}}${random.oneOf(ENDS)}`;
  }
  return text;
}

Deno.test("ranges: random lines come to the same as in batches that are read before", () =>
  withPlace(async (place) => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const random = new Random(seed);
    const longest = [200, 3 * KIB, 90 * KIB, 700 * KIB];
    for (const [i, bytes] of longest.entries()) {
      const text = (i % 2 === 0 ? "" : "\uFEFF\n \n") + lines(random, 400, bytes);
      const trimmed = i === 2 ? text.trimEnd() : text;
      const size = new TextEncoder().encode(trimmed).length;
      for (const batchBytesMax of [Math.ceil(size / 3), 40 * KIB + random.below(9_000)]) {
        const count = await compare(place, trimmed, {
          batchBytesMax,
          connections: 1 + random.below(3),
          nul: "strip",
        });
        // A record for which there is no room at first is read before; the next of its lane is not.
        assert(bytes > 200 * KIB || count > 0, `with seed ${seed}, ${bytes}`);
      }
    }
  }));

Deno.test("ranges: binary rows, U+0000 that is repaired, and what only the reference reads", () =>
  withPlace(async (place) => {
    const ddl = "(id bigint, at timestamptz, v double precision, name text)";
    let text = "";
    for (let id = 0; id < 3_000; id++) {
      const at = `2024-0${1 + id % 9}-11T10:00:00.${id}Z`;
      const name = id % 50 === 0 ? "nul\\u0000in" : `row ${id}`;
      text += `{"id":${id},"at":"${at}","v":${id}.${
        id % 7 === 0 ? "1e-3" : "25"
      },"name":"${name}"}\n`;
    }
    for (const copyFormat of ["binary", "text"]) {
      const options = { copyFormat, batchBytesMax: 50_000, nul: "escape", connections: 2 } as const;
      assertEquals(await compare(place, text, options, ddl), Math.ceil(text.length / 50_000));
    }
  }));

Deno.test("ranges: a file of one record, of blank lines before and behind, and of none", () =>
  withPlace(async (place) => {
    for (const text of ['{"id":1}', '\n\n {"id":1}', '{"id":1}\n\n \n', '{"id":1}\r\n{"id":2}']) {
      assertEquals(await compare(place, text, {}), 1, JSON.stringify(text));
    }
    for (const text of ["", "\n \n"]) assertEquals(await compare(place, text, {}), 0);
  }));

const BAD: Readonly<Record<string, string>> = {
  "is no JSON": '{"id":',
  "does not fit": '{"id":"many"}',
  "has a field that the table lacks": '{"id":7,"other":1}',
  "is not UTF-8": '{"id":7,"name":"\xff"}',
  "has U+0000": '{"id":7,"name":"a\\u0000b"}',
  "is there already": '{"id":3}',
};

for (const [what, bad] of Object.entries(BAD)) {
  Deno.test(`ranges: a row that ${what} stops the load as it does in a batch`, () =>
    withPlace(async (place) => {
      const row = (id: number) => `{"id":${id},"name":"${"n".repeat(id % 90)}"}\n`;
      const text = Array.from({ length: 900 }, (_, i) => i === 500 ? bad + "\n" : row(i)).join(
        "\n",
      );
      await Deno.writeFile(place.path, Uint8Array.from(text, (c) => c.charCodeAt(0)));
      const range = await refusal(place, "range", { batchBytesMax: 9_000 });
      assert(await streamed(place) > 1, "batches before it are streamed");
      assertEquals(range, await refusal(place, "read", { batchBytesMax: 9_000, ...READ_BEFORE }));
      assert(JSON.stringify(range).includes(":1001:"), JSON.stringify(range));
    }));
}

Deno.test("ranges: what is missing is loaded where a load has stopped, each way after the other", () =>
  withPlace(async (place) => {
    const row = (id: number) => `{"id":${id},"name":"${"n".repeat(id % 90)}"}\n`;
    const text = Array.from({ length: 2_000 }, (_, i) => row(i)).join("");
    const bad = text.replace('{"id":1200,', '{"id":"no",');
    for (const ways of [[{}, READ_BEFORE], [READ_BEFORE, {}], [{}, {}]]) {
      await place.sql.unsafe(`DROP TABLE IF EXISTS t; CREATE TABLE t ${DDL}`);
      await Deno.writeTextFile(place.path, bad);
      const options = { batchBytesMax: 7_000, connections: 2 };
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

Deno.test("ranges: a file that is replaced while it is loaded is read to its end all the same", () =>
  withPlace(async (place) => {
    const row = (id: number) => `{"id":${id},"name":"${"n".repeat(id % 90)}"}\n`;
    const text = (from: number) => Array.from({ length: 3_000 }, (_, i) => row(from + i)).join("");
    await place.sql.unsafe(`CREATE TABLE t ${DDL}`);
    await Deno.writeTextFile(place.path, text(0));
    await Deno.writeTextFile(`${place.path}.new`, text(50_000));
    let replaced = false;
    const onProgress = () => {
      if (!replaced) Deno.renameSync(`${place.path}.new`, place.path);
      replaced = true;
    };
    const report = await load(place, "t", { batchBytesMax: 6_000, connections: 2, onProgress });
    assertEquals([report.state, report.committed], ["complete", 3_000]);
    const [found] = await place.sql`SELECT min(id), max(id), count(DISTINCT id) AS ids FROM t`;
    assertEquals([found!.min, found!.max, found!.ids], ["0", "2999", "3000"]);
    const number = "SELECT count(*) AS n FROM _snakepipe_batch WHERE ordinal_first < 0";
    assertEquals((await place.sql.unsafe(number))[0]!.n, "0");
  }));

Deno.test("ranges: a load that is stopped finishes what it has in hand, and goes on from there", () =>
  withPlace(async (place) => {
    const row = (id: number) => `{"id":${id},"name":"${"n".repeat(id % 90)}"}\n`;
    const text = Array.from({ length: 20_000 }, (_, i) => row(i)).join("");
    await place.sql.unsafe(`CREATE TABLE t ${DDL}`);
    await Deno.writeTextFile(place.path, text);
    const options = { batchBytesMax: 20_000, connections: 2 };
    const stop = new AbortController();
    const stopped = { ...options, signal: stop.signal, onProgress: () => stop.abort() };
    const error = await assertRejects(() => load(place, "t", stopped), LoadStoppedError);
    assertEquals(error.code, "cancelled");
    const { committed } = error.report;
    assert(committed > 0 && committed < 20_000, String(committed));
    const rest = await load(place, "t", options);
    assertEquals([rest.skipped, rest.committed], [committed, 20_000 - committed]);
    const [found] = await place.sql`SELECT count(*), count(DISTINCT id) AS ids FROM t`;
    assertEquals([found!.count, found!.ids], ["20000", "20000"]);
  }));

Deno.test("ranges: a load that was begun with a limit of rows keeps to it", () =>
  withPlace(async (place) => {
    const text = Array.from({ length: 95 }, (_, i) => `{"id":${i}}\n`).join("");
    await place.sql.unsafe(`CREATE TABLE t ${DDL}`);
    await Deno.writeTextFile(place.path, text.replace('{"id":50}', '{"id":"no"}'));
    const begin = () => load(place, "t", { batchRowsMax: 10, connections: 1 });
    await assertRejects(begin, LoadStoppedError);
    await Deno.writeTextFile(place.path, text);
    const report = await load(place, "t", {});
    assertEquals([report.skipped, report.committed, report.batches], [50, 45, 5]);
    assertEquals(await streamed(place), 0);
  }));

Deno.test("ranges: the report says how large they are, and whose choice it is", () =>
  withPlace(async (place) => {
    await Deno.writeTextFile(place.path, '{"id":1,"v":"a value"}\n'.repeat(5));
    const transactionsOf = async (options: Parameters<typeof load>[2]) =>
      (await load(place, "t", { fresh: true, ...options })).transactions;
    assertEquals(await transactionsOf({}), { bytesMax: 4096 * KIB, bytesBy: "source" });
    assertEquals(await transactionsOf({ batchBytesMax: 60 }), { bytesMax: 60, bytesBy: "option" });
    const kept = { maxRejects: { kind: "count", rowsMax: 1 }, rejectTable: true } as const;
    const read = await transactionsOf({ ...kept, batchBytesMax: 60 });
    assertEquals(read, { bytesMax: 60, bytesBy: "option", rowsMax: 100_000, rowsBy: "default" });
  }));
