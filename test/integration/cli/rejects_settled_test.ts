/**
 * Lines of a file of rejects whose rows are not theirs to load any more, or not yet: their load has
 * taken them after all, or has not come so far, or the source was loaded again since.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { FAMILIES } from "../../families/families.ts";
import { inTurn } from "../../support/in_turn.ts";
import { ProgramFolder } from "./program.ts";

const DDL = "CREATE TABLE t (id integer UNIQUE, name text)";

/** What comes twice is not refused. */
const DOUBLES_DDL = DDL.replace(" UNIQUE", "");

const ROWS =
  '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n{"id":"x","name":"c"}\n{"id":4,"name":"d"}\n';

/** A program in a folder, and a database with the table t. */
interface Place {
  readonly program: ProgramFolder;
  readonly to: readonly string[];
  readonly truncate: string;
  query(sql: string): Promise<unknown[][]>;
}

let tests = 0;

/** The same test on two families, the next one on the others. */
function test(name: string, act: (place: Place) => Promise<void>): void {
  for (const family of inTurn(FAMILIES, { number: tests++, family: (family) => family })) {
    Deno.test(`rejects, settled: ${name}, ${family.plugin}`, () =>
      family.withDatabase(async ({ config, ...database }) => {
        await using program = await ProgramFolder.create({ "a.ndjson": ROWS });
        await database.execute(DDL);
        const query = async (sql: string) =>
          (await database.query(sql)).map((row) => Object.values(row));
        const to = ["--to", config.url, "--table", "t"];
        await act({ program, to, query, truncate: family.sql.truncate("t") });
      }));
  }
}

async function load({ program, to }: Place, ...more: string[]): Promise<void> {
  const rejects = ["--max-rejects", "10", "--rejects", "r.ndjson", "--batch-rows", "2"];
  const outcome = await program.run(["load", "a.ndjson", ...to, ...rejects, "--json", ...more]);
  assertEquals(outcome.status, 0, outcome.out + outcome.err);
}

async function replay({ program, to }: Place) {
  const { status, out } = await program.run(["rejects", "replay", "r.ndjson", ...to, "--json"]);
  const { committed, rejected, skipped, waiting, notes } = JSON.parse(out);
  return { status, counts: { committed, rejected, skipped, waiting }, notes: notes.join("\n") };
}

const NOTHING = { committed: 0, rejected: 0, skipped: 0, waiting: 0 };

function text({ program }: Place): Promise<string> {
  return Deno.readTextFile(program.path("r.ndjson"));
}

async function lines(place: Place): Promise<{ load: string; row: { id: unknown } }[]> {
  return (await text(place)).split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );
}

/** Writes something else in the place of what the lines say. */
async function edit(place: Place, of: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(place.program.path("r.ndjson"), of(await text(place)));
}

const corrected = (text: string) => text.replaceAll('"id":"x"', '"id":3');

async function ids({ query }: Place): Promise<unknown[]> {
  return (await query("SELECT id FROM t ORDER BY id")).flat();
}

/** As if the program had died before it could commit the second batch, whose rejects it had kept. */
async function uncommitSecond({ query }: Place): Promise<void> {
  await query("DELETE FROM _snakepipe_batch WHERE sequence = 1");
  await query("DELETE FROM t WHERE id >= 3");
  await query("UPDATE _snakepipe_load SET state = 'failed'");
}

test("a row waits for a load that has not committed its batch", async (place) => {
  await load(place);
  await uncommitSecond(place);
  await edit(place, corrected);
  const before = await text(place);
  const first = await replay(place);
  assertEquals([first.status, first.counts], [3, { ...NOTHING, waiting: 1 }]);
  assertStringIncludes(first.notes, "Run that load again, then replay");
  assertEquals(await text(place), before, "the line stays as it is");
  assertEquals(await ids(place), [1, 2]);
  await load(place);
  await edit(place, corrected);
  const second = await replay(place);
  assertEquals([second.status, second.counts], [0, { ...NOTHING, committed: 1 }]);
  assertEquals([await ids(place), await text(place)], [[1, 2, 3, 4], ""]);
});

test("a row that its load has taken after all is not loaded again", async (place) => {
  const { query } = place;
  await query("INSERT INTO t VALUES (4, 'in the way')");
  await load(place);
  await edit(place, corrected);
  const before = await text(place);
  assertEquals((await lines(place)).map(({ row }) => row.id), [3, 4]);
  await uncommitSecond(place);
  await query("DELETE FROM t WHERE name = 'in the way'");
  await load(place);
  // A copy of the file as it was before the load went on.
  await Deno.writeTextFile(place.program.path("r.ndjson"), before);
  const { status, counts, notes } = await replay(place);
  assertEquals([status, counts], [0, { ...NOTHING, committed: 1, skipped: 1 }]);
  assertStringIncludes(notes, "1 row had been loaded after all by the load that first left it out");
  assertEquals([await ids(place), await text(place)], [[1, 2, 3, 4], ""]);
});

const ANEW: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  "emptied": async (place) => {
    await place.query(place.truncate);
    await load(place);
  },
  "emptied, and loaded with --fresh": async (place) => {
    await place.query(place.truncate);
    await load(place, "--fresh");
  },
  "made again": async (place) => {
    await place.query("DROP TABLE t");
    await place.query(DOUBLES_DDL);
    await load(place);
  },
  "replaced": async (place) => await load(place, "--mode", "replace"),
};

for (const [name, again] of Object.entries(ANEW)) {
  test(`of a table that was ${name}, each row is in once`, async (place) => {
    await place.query("DROP TABLE t");
    await place.query(DOUBLES_DDL);
    await load(place);
    const [old] = await lines(place);
    await again(place);
    assertEquals((await lines(place)).map(({ row }) => row.id), ["x", "x"]);
    // Of the earlier load alone: it waits for what became of the row since.
    const all = await text(place);
    await edit(place, (text) => corrected(text).split("\n")[0]! + "\n");
    const first = await replay(place);
    assertEquals([first.status, first.counts], [3, { ...NOTHING, waiting: 1 }]);
    assertStringIncludes(first.notes, "1 row of an earlier load stay in r.ndjson, not loaded");
    assertEquals((await lines(place)).map(({ load }) => load), [old!.load]);
    assertEquals(await ids(place), [1, 2, 4]);
    // And both, in the order in which they were left out.
    await Deno.writeTextFile(place.program.path("r.ndjson"), corrected(all));
    const second = await replay(place);
    assertEquals([second.status, second.counts], [0, { ...NOTHING, committed: 1, skipped: 1 }]);
    assertStringIncludes(
      second.notes,
      "1 row of an earlier load taken out of r.ndjson: table t was",
    );
    assertEquals([await ids(place), await text(place)], [[1, 2, 3, 4], ""]);
  });
}

test("of a table that was loaded twice on purpose, each row is in twice", async (place) => {
  await place.query("DROP TABLE t");
  await place.query(DOUBLES_DDL);
  await load(place);
  await load(place, "--fresh");
  await edit(place, corrected);
  const { status, counts } = await replay(place);
  assertEquals([status, counts], [0, { ...NOTHING, committed: 2 }]);
  assertEquals(await ids(place), [1, 1, 2, 2, 3, 3, 4, 4]);
});
