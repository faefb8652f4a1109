import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIMITS } from "../../../src/model/limits.ts";
import { FAMILIES } from "../../families/families.ts";
import type { TestFamily } from "../../families/family.ts";
import { inTurn } from "../../support/in_turn.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { ProgramFolder } from "./program.ts";

const DDL = `CREATE TABLE t (id integer NOT NULL CHECK (id < 1000), price numeric, name text,
  mark text DEFAULT 'by itself')`;

const BAD_ROWS = [
  '{"id":1,"price":1.10,"name":"good"}',
  '{"id":"x","price":12345678901234567890.10,"name":"no number"}',
  '{"id":3,"price":3,"name":"good too"}',
  '{"id":4000,"price":4.0,"name":"the check refuses it"}',
  '{"id":5,"name":',
  '{"id":6,"price":6,"nmae":"no such column"}',
].map((row) => `${row}\n`).join("");

/** A program in a folder, and a database with the table t. */
interface Place {
  readonly program: ProgramFolder;
  readonly to: readonly string[];
  /** Ids that are in, in order, and how often. */
  ids(): Promise<unknown[]>;
  query(sql: string): Promise<unknown[][]>;
}

let tests = 0;

/** The same test on two families, the next one on the others. */
function test(name: string, act: (place: Place) => Promise<void>): void {
  testOn(inTurn(FAMILIES, { number: tests++, family: (family) => family }), name, act);
}

/** The same test on each of some families. */
function testOn(
  families: readonly TestFamily[],
  name: string,
  act: (place: Place) => Promise<void>,
): void {
  const ids = "SELECT id FROM t ORDER BY id";
  for (const family of families) {
    Deno.test(`rejects ${name}, ${family.plugin}`, () =>
      family.withDatabase(async ({ config, ...database }) => {
        await using program = await ProgramFolder.create({ "a.ndjson": BAD_ROWS });
        // A column of numbers could keep fewer digits of the price.
        await database.execute(DDL.replace("numeric", family.sql.types.decimal));
        const query = async (sql: string) =>
          (await database.query(sql)).map((row) => Object.values(row));
        const to = ["--to", config.url, "--table", "t"];
        await act({ program, to, query, ids: async () => (await query(ids)).flat().map(Number) });
      }));
  }
}

/** Loads a file of the folder, and leaves the bad rows out. */
async function load({ program, to }: Place, file = "a.ndjson"): Promise<void> {
  // The field that is no column comes after the first batch, where it would stop the load.
  const rejects = ["--max-rejects", "10", "--rejects", "r.ndjson", "--batch-rows", "3"];
  const args = ["load", file, ...to, ...rejects, "--json"];
  const outcome = await program.run(args);
  assertEquals(outcome.status, 0, outcome.err);
}

async function replay({ program, to }: Place, ...more: string[]) {
  const outcome = await program.run(
    ["rejects", "replay", "r.ndjson", ...to, "--json", ...more],
  );
  const report = JSON.parse(outcome.out);
  const { committed, rejected, skipped, uncorrected, unreadable } = report;
  return {
    status: outcome.status,
    counts: { committed, rejected, skipped, uncorrected, unreadable },
    report,
  };
}

/** Puts one text in the place of another in the file of rejects. */
async function edit({ program }: Place, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(program.path("r.ndjson"));
  assertStringIncludes(text, from);
  await Deno.writeTextFile(program.path("r.ndjson"), text.replace(from, to));
}

function lines({ program }: Place): Record<string, unknown>[] {
  const text = Deno.readTextFileSync(program.path("r.ndjson"));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const NOTHING = { committed: 0, rejected: 0, skipped: 0, uncorrected: 0, unreadable: 0 };

testOn(
  FAMILIES,
  "that are corrected are loaded once, in as many rounds as it takes",
  async (place) => {
    await load(place);
    assertEquals(await place.ids(), [1, 3]);
    await edit(place, '"id":"x"', '"id":2');
    await edit(place, '"id":4000', '"id":4001');
    const first = await replay(place);
    const counts = { ...NOTHING, committed: 1, rejected: 2, uncorrected: 1 };
    assertEquals([first.status, first.counts], [3, counts]);
    assertEquals([first.report.state, first.report.read, first.report.table], ["complete", 4, "t"]);
    assertEquals(await place.ids(), [1, 2, 3]);
    assertEquals(
      lines(place).map(({ ordinal, code, attempt, row }) => [ordinal, code, attempt, row]),
      [
        [3, "integrity", 2, { id: 4001, price: 4, name: "the check refuses it" }],
        [4, "malformed", 1, undefined],
        [5, "unknown_field", 2, { id: 6, price: 6, nmae: "no such column" }],
      ],
    );
    await edit(place, '"id":4001', '"id":4');
    await edit(place, '"attempt":1,', '"attempt":1,"row":{"id":5},');
    await edit(place, '"nmae":', '"name":');
    const second = await replay(place);
    assertEquals([second.status, second.counts], [0, { ...NOTHING, committed: 3 }]);
    assertEquals(await place.ids(), [1, 2, 3, 4, 5, 6]);
    assertEquals(lines(place), []);
    const third = await replay(place);
    assertEquals([third.status, third.counts], [0, NOTHING]);
    assertEquals(
      await place.query("SELECT DISTINCT mark FROM t"),
      [["by itself"]],
      "a column that no row has is filled by the database",
    );
  },
);

test("keep their digits", async (place) => {
  await load(place);
  const bare = "12345678901234567890.10";
  assertStringIncludes(await Deno.readTextFile(place.program.path("r.ndjson")), `"price":${bare}`);
  await edit(place, '"id":4000', '"id":9000');
  assertEquals((await replay(place)).status, 3);
  const text = await Deno.readTextFile(place.program.path("r.ndjson"));
  assertStringIncludes(text, `"price":${bare}`);
  assertStringIncludes(text, '"row":{"id":9000,"price":4.0,');
});

testOn(
  FAMILIES,
  "that are in are skipped, whatever their lines say by now, in any mode",
  async (place) => {
    await place.query("CREATE UNIQUE INDEX t_name ON t (name)");
    await load(place);
    await edit(place, '"id":"x"', '"id":2');
    const before = await Deno.readTextFile(place.program.path("r.ndjson"));
    assertEquals((await replay(place)).counts.committed, 1);
    // As if the program had died before it changed the file, and somebody had then gone on with it.
    await Deno.writeTextFile(place.program.path("r.ndjson"), before);
    await edit(place, '"id":2,', '"id":22,');
    await edit(place, '"name":"no number"', '"name":"another"');
    await edit(place, '"id":4000', '"id":4');
    const again = await replay(place, "--mode", "upsert", "--key", "name");
    const counts = { ...NOTHING, committed: 1, rejected: 1, skipped: 1, uncorrected: 1 };
    assertEquals([again.status, again.counts], [3, counts]);
    assertEquals(await place.ids(), [1, 2, 3, 4]);
    assertEquals(lines(place).map(({ ordinal }) => ordinal), [4, 5]);
  },
);

test("of two loads and torn lines are told apart", async (place) => {
  await load(place);
  await Deno.writeTextFile(place.program.path("b.ndjson"), '{"id":7}\n{"id":true}\n');
  await Deno.writeTextFile(place.program.path("r.ndjson"), '{"load":"x","batch":0,"sou', {
    append: true,
  });
  await load(place, "b.ndjson");
  await edit(place, '"id":"x"', '"id":2');
  await edit(place, '"id":true', '"id":8');
  const { status, counts, report } = await replay(place);
  assertEquals([status, counts], [3, {
    ...NOTHING,
    committed: 2,
    rejected: 2,
    uncorrected: 1,
    unreadable: 1,
  }]);
  assertStringIncludes(report.notes[0], "stay as they are: 5");
  assertEquals(await place.ids(), [1, 2, 3, 7, 8]);
  const text = await Deno.readTextFile(place.program.path("r.ndjson"));
  assertStringIncludes(text, '\n{"load":"x","batch":0,"sou\n');
  const names = await place.query(
    "SELECT count(*) FROM _snakepipe_load WHERE source LIKE 'replay of %' AND state = 'complete'",
  );
  assertEquals(Number(names[0]![0]), 2);
});

test("of CSV are corrected by field, and go on as CSV", async (place) => {
  await Deno.writeTextFile(
    place.program.path("a.csv"),
    'id,price,name\n1,1.10,good\nx,-,"a ""b"",\nc"\n2,2\n3,,\n',
  );
  await load(place, "a.csv");
  const [wrong, short] = lines(place);
  assertEquals(wrong!.row, { id: "x", price: "-", name: 'a "b",\nc' });
  assertEquals([short!.row, short!.text], [undefined, "2,2"]);
  await edit(place, '"id":"x","price":"-"', '"id":"7","price":null');
  const { status, counts } = await replay(place);
  assertEquals([status, counts], [3, { ...NOTHING, committed: 1, uncorrected: 1 }]);
  assertEquals(await place.query("SELECT id, price, name FROM t WHERE id = 7"), [
    [7, null, 'a "b",\nc'],
  ]);
});

test("are told to people, and nothing is said with --quiet", async (place) => {
  const { program, to } = place;
  await load(place);
  await edit(place, '"id":"x"', '"id":2');
  const told = await program.run(["rejects", "replay", "r.ndjson", ...to]);
  assertEquals([told.status, told.err], [3, ""]);
  for (const piece of ["1 row committed to t", "2 rows refused again", "1 row not corrected"]) {
    assertStringIncludes(told.out, piece);
  }
  assert(!told.out.includes("no number"), "no value is shown");
  const quiet = await program.run(["rejects", "replay", "r.ndjson", ...to, "--quiet"]);
  assertEquals(quiet, { status: 3, out: "", err: "" });
});

test("want a table that is there", async (place) => {
  await load(place);
  await edit(place, '"id":"x"', '"id":2');
  const { program, to } = place;
  const { status, out } = await program.run(
    ["rejects", "replay", "r.ndjson", ...to.slice(0, 3), "gone", "--json"],
  );
  assertEquals([status, JSON.parse(out).error.code], [2, "table_missing"]);
  assertEquals(lines(place).length, 4);
});

test("by a share are counted over all of the load, its runs and its batches", async (place) => {
  const { program, to } = place;
  const rows = (from: number, to: number, bad: (i: number) => boolean) =>
    Array.from(
      { length: to - from },
      (_, i) => `{"id":${bad(from + i) ? '"x"' : (from + i) % 1000}}\n`,
    )
      .join("");
  // One of a hundred is bad: 1 %, in each batch and all in all.
  await Deno.writeTextFile(program.path("b.ndjson"), rows(0, 3_000, (i) => i % 100 === 99));
  const run = async (share: string, ...more: string[]) => {
    const rejects = ["--max-rejects", share, "--rejects", "r.ndjson", "--batch-rows", "10"];
    const outcome = await program.run(["load", "b.ndjson", ...to, ...rejects, "--json", ...more]);
    return { status: outcome.status, report: JSON.parse(outcome.out) };
  };
  const first = await run("0.25%");
  assertEquals([first.status, first.report.error.code], [3, "rows_rejected"]);
  assertStringIncludes(
    first.report.error.message,
    "25 were left out before, and no more than 25 may be, of the first 2,600",
  );
  assertEquals(lines(place).length, 25);
  const again = await run("0.25%");
  assertEquals([again.status, again.report.committed, lines(place).length], [3, 0, 25]);
  // Enough at each row, since the first 10,000 count as so many, and too many at the end.
  const second = await run("0.99%");
  assertEquals([second.status, second.report.error.code], [3, "rows_rejected"]);
  assertStringIncludes(
    second.report.error.message,
    "30 rows of 3,000 were left out and kept, and no more than 29 may be: the load is not complete",
  );
  assertEquals(await place.query("SELECT state FROM _snakepipe_load"), [["failed"]]);
  const third = await run("1%");
  assertEquals([third.status, third.report.committed, third.report.skipped], [0, 0, 3_000]);
  assertEquals(await place.query("SELECT state FROM _snakepipe_load"), [["complete"]]);
  assertEquals((await place.ids()).length, 2_970);
  assertEquals(lines(place).length, 30);
});

Deno.test("rejects are each in once after the program was killed in between", () =>
  withDatabase(async (url, sql) => {
    const count = 800;
    const lines = Array.from(
      { length: count },
      (_, i) =>
        `{"load":"l","batch":0,"source":"a","ordinal":${i},"line":${i + 1},"code":"type",` +
        `"message":"m","attempt":1,"row":{"id":${i}}}\n`,
    ).join("");
    await using program = await ProgramFolder.create({ "r.ndjson": lines });
    await sql.unsafe(DDL);
    const args = ["rejects", "replay", "r.ndjson", "--to", url, "--table", "t", "--json"];
    const child = program.start(args);
    for (let rows = 0; rows < 20;) {
      rows = Number((await sql`SELECT count(*) FROM t`)[0]!.count);
    }
    child.kill("SIGKILL");
    await child.output();
    const left = (await Deno.readTextFile(program.path("r.ndjson"))).length;
    assertEquals(left, lines.length, "it was killed before the file was changed");
    const { status, out, err } = await program.run(args);
    assertEquals(status, 0, err);
    const report = JSON.parse(out);
    assert(report.skipped >= 20, `${report.skipped} skipped`);
    assertEquals(report.committed + report.skipped, count);
    const [row] = await sql`SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM t`;
    assertEquals([row!.rows, row!.ids], [count, count]);
    assertEquals(await Deno.readTextFile(program.path("r.ndjson")), "");
  }));

test("of more fields than a table takes stay, and the others go in", async (place) => {
  await load(place);
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i]));
  const edited = lines(place).map(({ text: _, ...line }, at) =>
    `${JSON.stringify({ ...line, row: at === 0 ? wide : { id: 10 + at } })}\n`
  );
  await Deno.writeTextFile(place.program.path("r.ndjson"), edited.join(""));
  const { status, counts } = await replay(place);
  assertEquals([status, counts.committed, counts.rejected], [3, edited.length - 1, 1]);
  assertEquals(await place.ids(), [1, 3, ...edited.slice(1).map((_, at) => 11 + at)]);
  const [line, ...more] = lines(place);
  assertEquals([line!.code, line!.attempt, more], ["unknown_field", 2, []]);
});

Deno.test("rejects command line that does not fit is refused", async () => {
  await using program = await ProgramFolder.create({ "r.ndjson": "" });
  const to = ["--to", "libsql:t.db", "--table", "t"];
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["rejects", ...to], "takes replay and one file"],
    [["rejects", "replay", ...to], "takes replay and one file"],
    [["rejects", "drop", "r.ndjson", ...to], "takes replay and one file"],
    [["rejects", "replay", "r.ndjson", "--to", "libsql:t.db"], "A table must be named"],
    [["rejects", "replay", "r.ndjson", ...to, "--mode", "replace"], "append or upsert"],
    [["rejects", "replay", "gone.ndjson", ...to], "No such file: gone.ndjson"],
  ];
  for (const [args, message] of wrong) {
    const { status, err } = await program.run(args);
    assertEquals(status, 2);
    assertStringIncludes(err, message);
  }
  const help = await program.run(["rejects", "--help"]);
  for (const line of help.out.split("\n")) assert(line.length <= 100, line);
  assertStringIncludes(help.out, "rejects replay FILE");
});

test("tell a record that is too large from those that are kept", async (place) => {
  const { program, to } = place;
  const size = LIMITS.recordBytesMax + 1;
  const lines = [`{"id":1,"name":"${"x".repeat(size)}"}`, '{"id":"x"}', '{"id":3}'];
  await Deno.writeTextFile(program.path("large.ndjson"), lines.map((line) => `${line}\n`).join(""));
  const rejects = ["--max-rejects", "2", "--rejects", "r.ndjson"];
  const { status, out, err } = await program.run(["load", "large.ndjson", ...to, ...rejects]);
  assertEquals(status, 0, err);
  assertStringIncludes(out, "\n1 row rejected and kept\n");
  assertStringIncludes(
    out,
    "\n1 row rejected as too large: the place is kept, the record is not\n",
  );
  assertEquals((await place.ids()).map(Number), [3]);
  const kept = (await Deno.readTextFile(program.path("r.ndjson"))).trim().split("\n");
  assertEquals(kept.map((line) => "row" in JSON.parse(line)).sort(), [false, true]);
});
