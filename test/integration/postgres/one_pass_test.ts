/**
 * Sources that cannot be opened twice, written in one pass from where they are read to, against the same
 * rows by ranges of a file, and against batches each of which is encoded by itself.
 */
import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import type postgres from "postgres";
import type { Source } from "../../../host/sources/source.ts";
import { ast, ndjson, rows } from "../../../mod.ts";
import { Random } from "../../host/codec/differential_random.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { ProgramFolder } from "../cli/program.ts";
import {
  contentOf,
  DDL,
  ENCODED,
  load,
  type Loaded,
  type Place,
  READ_BEFORE,
  withPlace,
  written,
} from "./range_place.ts";

const KIB = 1024;

/** What comes by a pipe: it comes in pieces of any size, and cannot be opened again. */
function piped(source: Source, random: Random, pieceBytes: number): Source {
  return {
    ...source,
    async *parts() {
      for await (const part of source.parts()) {
        yield {
          name: part.name,
          open: async (signal) => {
            const { file: _, ...open } = await part.open(signal);
            const read = (into: Uint8Array<ArrayBuffer>) =>
              open.read(into.subarray(0, 1 + random.below(pieceBytes)));
            return { ...open, read };
          },
        };
      }
    },
  };
}

const ODD = [
  "",
  "ünï ☃ 𝄞",
  'quote"s',
  "a,b",
  "line\nbreak",
  "\r\n",
  "back\\slash",
  "x".repeat(300),
];

/** Records in many forms; one is larger than what is read of a file at once. */
function textOf(random: Random, isCsv: boolean, count: number): string {
  let text = isCsv ? "id,name,amount,ok,attrs\n" : "";
  for (let id = 0; id < count; id++) {
    const name = id === count - 9 ? "long ".repeat(70_000) : random.pick(ODD);
    const amount = random.pick(["1.5", "-0.25", "12345678901234567890.5"]);
    text += isCsv
      ? `${id},"${name.replaceAll('"', '""')}",${amount},true,"{}"\n`
      : `{"id":${id},"name":${JSON.stringify(name)},"amount":${amount},"ok":true,"attrs":{}}\n`;
    if (random.chance(0.1)) text += random.pick(["\n", "\r\n"]);
  }
  return text;
}

async function sameAsFile(
  place: Place,
  options: Loaded & { readonly through: (source: Source) => Source },
): Promise<void> {
  for (const table of ["file", "pipe"]) {
    await place.sql.unsafe(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} ${DDL}`);
  }
  const { through, ...rest } = options;
  const file = await load(place, "file", { ...rest, ...ENCODED, fresh: true });
  const before = written(place);
  const pipe = await load(place, "pipe", { ...rest, through, fresh: true });
  const { onePass, encoded } = written(place);
  assertEquals([pipe.state, pipe.committed, pipe.batches], [
    ...["complete", file.committed, file.batches],
  ]);
  // A record for which there is no room at first is encoded by itself, and so is the batch behind it.
  const others = encoded - before.encoded;
  assertEquals(onePass - before.onePass + others, file.batches);
  assert(others <= 2 && file.batches > 10, `${others} of ${file.batches}`);
  const generations = "DELETE FROM _snakepipe_load l WHERE generation < (SELECT max(generation) " +
    "FROM _snakepipe_load o WHERE o.source = l.source)";
  await place.sql.unsafe(generations);
  assertEquals(await contentOf(place, "pipe"), await contentOf(place, "file"));
}

Deno.test("one pass: what comes by a pipe, in pieces of any size, comes to the same as a file", () =>
  withPlace(async (place) => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const random = new Random(seed);
    console.log(`seed ${seed}`);
    for (const isCsv of [false, true]) {
      for (const pieceBytes of [60, 70 * KIB]) {
        // Pieces of a few bytes are many.
        const count = pieceBytes < KIB ? 600 : 3_000;
        await Deno.writeTextFile(place.path, textOf(random, isCsv, count));
        await sameAsFile(place, {
          ...(isCsv ? { csv: {} } : {}),
          batchBytesMax: pieceBytes < KIB ? 4_000 : 20_000,
          connections: 1 + random.below(2),
          through: (source) => piped(source, random, pieceBytes),
        });
      }
    }
  }));

Deno.test("one pass: gzip, rows from memory and syntax trees are written in it, as far as they are lines", () =>
  withPlace(async (place) => {
    const random = new Random(7);
    await Deno.writeTextFile(place.path, textOf(random, false, 3_000));
    await Deno.writeFile(`${place.path}.gz`, gzipSync(await Deno.readFile(place.path)));
    const options = { batchBytesMax: 20_000, connections: 2 };
    await sameAsFile(place, { ...options, through: () => ndjson(`${place.path}.gz`) });
    const objects = (await Deno.readTextFile(place.path)).split("\n").filter((line) =>
      line.trim() !== ""
    );
    const ofRows = { ...options, through: () => rows(objects.map((line) => JSON.parse(line))) };
    await place.sql.unsafe(`TRUNCATE pipe`);
    const before = written(place);
    assertEquals((await load(place, "pipe", { ...ofRows, fresh: true })).committed, 3_000);
    assert(written(place).onePass - before.onePass > 10);
    const code = place.path.replace("rows.ndjson", "code.ts");
    await Deno.writeTextFile(code, "export const a = [1, 2, 3];\n".repeat(40));
    const trees = written(place).onePass;
    const { batches } = await load(place, "code", { ...options, through: () => ast(code) });
    assert(batches > 3);
    assertEquals(written(place).onePass - trees, batches);
    // An array's elements end with a comma: each batch is encoded by itself.
    await Deno.writeTextFile(place.path, `[${objects.slice(0, 900).join(",\n")}]`);
    const earlier = written(place);
    assertEquals((await load(place, "pipe", { ...options, fresh: true })).committed, 900);
    assertEquals(written(place).onePass, earlier.onePass);
  }));

/** A row that is refused here and there: by the codec, by the database, by both in one batch. */
function poisoned(count: number): string {
  const bad: Readonly<Record<number, string>> = {
    40: '{"id":"many"}',
    300: '{"id":299}',
    310: '{"id":7,',
    311: '{"id":1}',
    600: '{"id":600,"name":"a\\u0000b"}',
  };
  return Array.from(
    { length: count },
    (_, id) => `${bad[id] ?? `{"id":${id},"name":"row ${id}"}`}\n`,
  ).join("");
}

Deno.test("one pass: rows that are left out are the same, and their batches are encoded by themselves", () =>
  withPlace(async (place) => {
    await Deno.writeTextFile(place.path, poisoned(900));
    const contents = [];
    for (const [table, way] of Object.entries({ one: READ_BEFORE, encoded: ENCODED })) {
      await place.sql.unsafe(`CREATE TABLE ${table} ${DDL}; CREATE UNIQUE INDEX ON ${table} (id)`);
      const before = written(place);
      const report = await load(place, table, {
        ...way,
        batchBytesMax: 800,
        connections: 1,
        maxRejects: { kind: "count", rowsMax: 5 },
        rejectTable: true,
      });
      assertEquals([report.state, report.committed, report.rejected], ["complete", 895, 5]);
      const { onePass, encoded } = written(place);
      const one = onePass - before.onePass;
      assertEquals(encoded - before.encoded + one, report.batches);
      // Where a batch has such a row, two more behind it are not tried in one pass.
      assert(way === READ_BEFORE ? one >= 16 && one < report.batches - 2 : one === 0, String(one));
      const rejects = await place.sql.unsafe(
        `SELECT ordinal, sequence, byte, line, column_name, code, convert_from(record, 'UTF8') AS record
FROM _snakepipe_reject r JOIN _snakepipe_load l ON l.id = r.load_id
WHERE l.source = '${table}' ORDER BY byte`,
      );
      contents.push([await contentOf(place, table), rejects.map((row) => ({ ...row }))]);
    }
    assertEquals(contents[0], contents[1]);
  }));

Deno.test("one pass: a program that is killed while a pipe goes on has its rows once, when it is loaded again", () =>
  withDatabase(async (url, sql) => {
    await using place = await ProgramFolder.create();
    for (const format of ["ndjson", "csv"]) {
      const lines = Array.from({ length: 20_000 }, (_, id) => {
        const name = `"row ${id}${"\u2603".repeat(id % 9)}"`;
        return format === "csv" ? `${id},${name}\n` : `{"id":${id},"name":${name}}\n`;
      });
      const text = (format === "csv" ? "id,name\n" : "") + lines.join("");
      const args = [
        ...["load", "-", "--format", format, "--to", url, "--table", format],
        ...["--load", format, "--batch-bytes", "20000", "--connections", "2"],
      ];
      const child = place.start(args);
      const outcome = child.output();
      const writer = child.stdin.getWriter();
      // Cut within a record; the pipe stays open.
      await writer.write(new TextEncoder().encode(text).subarray(0, 300_001));
      await until(async () => await batchesOf(sql, format) > 4);
      child.kill("SIGKILL");
      assertEquals((await outcome).code, 137);
      await writer.close().catch(() => {});
      const before = await batchesOf(sql, format);
      const again = await place.run([...args, "--json"], { stdin: text });
      assertEquals(again.status, 0, again.err);
      const { committed, skipped } = JSON.parse(again.out);
      assertEquals(committed + skipped, 20_000);
      assert(skipped > 0 && before > 4);
      const [found] = await sql.unsafe(
        `SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM ${format}`,
      );
      assertEquals({ ...found }, { rows: 20_000, ids: 20_000 });
    }
  }));

async function batchesOf(sql: postgres.Sql, load: string): Promise<number> {
  try {
    const [found] = await sql.unsafe(
      `SELECT count(*)::int AS n FROM _snakepipe_batch b JOIN _snakepipe_load l ON l.id = b.load_id
WHERE l.source = '${load}'`,
    );
    return found!.n;
  } catch {
    // There is no ledger yet.
    return 0;
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It never came to that");
}
