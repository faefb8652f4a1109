/**
 * Upserts by ranges, staged while they are read, against upserts in batches that are read before: the
 * last row of a key wins, in a range and across ranges, and what the others come to is counted alike.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { Random } from "../../host/codec/differential_random.ts";
import { compare, load, type Loaded, READ_BEFORE, streamed, withPlace } from "./range_place.ts";

const DDL = "(id bigint PRIMARY KEY, name text, amount numeric CHECK (amount < 1000))";
const UPSERT = { mode: "upsert", key: ["id"] } as const;

/** Rows whose keys come again, near and far. */
function rowsOf(random: Random, count: number): { id: number; name: string; amount: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: random.chance(0.4) ? random.below(i + 1) : i,
    name: `${i} ${random.pick(["", 'quote"s,', "line\nend", "x".repeat(90)])}`,
    amount: random.below(999),
  }));
}

type Row = ReturnType<typeof rowsOf>[number];

const ndjson = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const csv = (rows: readonly Row[]) =>
  "id,name,amount\n" +
  rows.map(({ id, name, amount }) => `${id},"${name.replaceAll('"', '""')}",${amount}\n`).join("");

Deno.test("upserts by ranges come to the same as in batches that are read before", () =>
  withPlace(async (place) => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const random = new Random(seed);
    const rows = rowsOf(random, 2_000);
    const last = new Map(rows.map(({ id, name }) => [id, name]));
    const limits = { ...UPSERT, batchBytesMax: 15_000 };
    const ways: readonly (readonly [string, Loaded, string])[] = [
      [ndjson(rows), limits, DDL],
      [csv(rows), { ...limits, csv: {} }, DDL],
      // In binary, and with a text that only the reference can write.
      [
        ndjson(rows).replaceAll("quote", "nul\\u0000"),
        { ...limits, copyFormat: "binary", nul: "strip" },
        DDL.replace("numeric", "double precision"),
      ],
    ];
    for (const [text, options, ddl] of ways) {
      assert(await compare(place, text, options, ddl) > 4, `with seed ${seed}`);
      const found = await place.sql.unsafe("SELECT id, name FROM range");
      assertEquals(found.length, last.size);
      if (text.includes("\\u0000")) continue;
      for (const { id, name } of found) assertEquals(name, last.get(Number(id)), `seed ${seed}`);
    }
  }));

Deno.test("upserts by ranges leave what a row does not have, whose batch is read", () =>
  withPlace(async (place) => {
    const lines = Array.from(
      { length: 600 },
      (_, i) =>
        i % 200 === 150
          ? `{"id":${i % 90},"amount":7}\n`
          : `{"id":${i % 90},"name":"${i}","amount":1}\n`,
    );
    const options = { ...UPSERT, batchBytesMax: 2_000 };
    await compare(place, lines.join(""), options, DDL);
    const named = "SELECT count(*) FROM range WHERE name IS NULL";
    assertEquals((await place.sql.unsafe(named))[0]!.count, "0");
  }));

Deno.test("upserts by ranges: a row that the table refuses stops the load as it does in a batch", () =>
  withPlace(async (place) => {
    const rows = rowsOf(new Random(1), 900);
    // Of its key, only the last row meets the table.
    const bad = rows.map((row, i) => i === 500 ? { ...row, id: 5_000, amount: 2_000 } : row);
    await Deno.writeTextFile(place.path, ndjson(bad));
    const refusal = async (table: string, options: Loaded) => {
      await place.sql.unsafe(`CREATE TABLE ${table} ${DDL}`);
      const loading = () => load(place, table, { ...UPSERT, batchBytesMax: 9_000, ...options });
      const { code, message, report } = await assertRejects(loading, LoadStoppedError);
      const found = await place.sql.unsafe(`SELECT t::text AS row FROM ${table} t ORDER BY id`);
      const { committed, superseded } = report;
      return {
        ...{ code, message: message.replaceAll(table, "t"), committed, superseded },
        rows: found.map(({ row }) => row),
      };
    };
    const range = await refusal("range", {});
    assert(await streamed(place) > 1, "batches before it are streamed");
    assertEquals(range, await refusal("batches", READ_BEFORE));
    assert(range.message.includes(":"), range.message);
    assertEquals(range.code, "rows_rejected");
  }));

Deno.test("upserts by ranges: what is missing is loaded where a load has stopped, each way after the other", () =>
  withPlace(async (place) => {
    const rows = rowsOf(new Random(2), 2_000);
    const text = ndjson(rows);
    const lines = text.split("\n");
    lines[1_200] = lines[1_200]!.replace('{"id":', '{"ix":');
    for (const ways of [[{}, READ_BEFORE], [READ_BEFORE, {}]]) {
      await place.sql.unsafe(`DROP TABLE IF EXISTS t; CREATE TABLE t ${DDL}`);
      await Deno.writeTextFile(place.path, lines.join("\n"));
      const options = { ...UPSERT, batchBytesMax: 7_000 };
      const first = () => load(place, "t", { ...options, ...ways[0], fresh: true });
      await assertRejects(first, LoadStoppedError);
      await Deno.writeTextFile(place.path, text);
      const report = await load(place, "t", { ...options, ...ways[1] });
      assert(report.skipped > 0 && report.committed > 0, JSON.stringify(report));
      const found = await place.sql`SELECT id, name FROM t`;
      const last = new Map(rows.map(({ id, name }) => [String(id), name]));
      assertEquals(new Map(found.map(({ id, name }) => [id, name])), last);
    }
  }));
