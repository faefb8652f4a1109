/** Standard input and pipes into several targets: each has all of it, whatever becomes of the others. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { DatabaseBackend } from "../../mod.ts";
import { openSource } from "../../host/sources/open_source.ts";
import { SourceTee } from "../../host/sources/tee.ts";
import { LoadError } from "../../src/model/errors.ts";
import { FAMILIES } from "../families/families.ts";
import { makePipe } from "../support/named_pipe.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";
import { killAfter, type Outcome, ProgramFolder, rowsText } from "./cli/program.ts";

const LITE = (name: string) => ({ type: "libsql", url: `libsql:${name}.db` });

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Runs the program with these bytes at its standard input. */
async function piped(
  place: ProgramFolder,
  args: readonly string[],
  bytes: string | Uint8Array<ArrayBuffer>,
): Promise<Outcome> {
  return await place.run([...args, "--json"], { stdin: bytes });
}

/** State, committed and skipped of each load, or of the only one. */
function figures(out: string): [string, number, number][] {
  const report = JSON.parse(out);
  return (report.loads ?? [report]).map((load: Record<string, never>) => [
    load.state,
    load.committed,
    load.skipped,
  ]);
}

/** Writes into a pipe, by a program: this one could not give up waiting for its reader. */
async function writeInto(pipe: string, text: string): Promise<void> {
  const args = ["-c", 'exec cat > "$1"', "sh", pipe];
  const writer = new Deno.Command("sh", { args, stdin: "piped" }).spawn();
  // The reader may go before all is written.
  await new Response(text).body!.pipeTo(writer.stdin).catch(() => {});
  await writer.status;
}

async function folder(backends: Readonly<Record<string, unknown>>, loads = {}) {
  return await ProgramFolder.create({ "snakepipe.jsonc": JSON.stringify({ backends, loads }) });
}

for (const kind of TARGET_KINDS) {
  Deno.test(`pipe into several targets: ${kind.name} and a file have all rows, and go on with what is added`, () =>
    kind.use(async (target) => {
      const { type, config: { url, ...settings } } = target;
      await using place = await folder({ main: { type, url, ...settings }, file: LITE("file") });
      const to = (names: string) => ["load", "-", "--table", "t", "--to", names];
      const first = await piped(place, to("main,file"), rowsText(2_000));
      assertEquals([first.status, figures(first.out)], [0, [
        ["complete", 2_000, 0],
        ["complete", 2_000, 0],
      ]], first.err);
      const count = `SELECT ${target.textOf("count(DISTINCT id)")} AS n FROM t`;
      assertEquals(await target.query(count), [{ n: "2000" }]);
      // It is the load that each target would have by itself, and the other way round.
      const alone = await piped(place, to("main"), rowsText(2_010));
      assertEquals(figures(alone.out), [["complete", 10, 2_000]], alone.err);
      const both = await piped(place, to("file,main"), rowsText(2_020));
      assertEquals(figures(both.out), [["complete", 20, 2_000], ["complete", 10, 2_010]], both.err);
      assertEquals(place.query("file.db", "SELECT count(DISTINCT id) FROM t"), [[2_020]]);
    }));
}

Deno.test("pipe into several targets: CSV, TSV, arrays and gzip are read as a single load reads them", async () => {
  const csv = "id,name\r\n" +
    Array.from({ length: 500 }, (_, id) => `${id},"a\nb, ${id}"\r\n`).join("");
  const array = JSON.stringify(
    Array.from({ length: 500 }, (_, id) => ({ id, name: `x${id}` })),
    null,
    1,
  );
  const inputs: [string, readonly string[], string | Uint8Array<ArrayBuffer>][] = [
    ["ndjson", [], `\ufeff${rowsText(500)}`],
    ["csv", ["--format", "csv"], csv],
    ["tsv", ["--format", "tsv", "--header", "id,name"], csv.slice(9).replaceAll(",", "\t")],
    ["array", [], array],
    ["ndjson_gz", [], await gzipped(rowsText(500))],
    ["csv_gz", ["--format", "csv"], await gzipped(csv)],
  ];
  await using place = await folder({ one: LITE("one"), two: LITE("two"), three: LITE("three") });
  for (const [table, options, bytes] of inputs) {
    const load = (to: string) =>
      piped(
        place,
        ["load", "-", ...options, "--table", table, "--to", to, "--batch-rows", "70"],
        bytes,
      );
    const alone = await load("one");
    assertEquals(figures(alone.out), [["complete", 500, 0]], alone.err);
    const all = await load("one,two,three");
    assertEquals(figures(all.out), [
      ["complete", 0, 500],
      ["complete", 500, 0],
      ["complete", 500, 0],
    ], `${table}: ${all.err}`);
    const rows = (name: string) => place.query(`${name}.db`, `SELECT * FROM ${table} ORDER BY id`);
    assertEquals(rows("two"), rows("one"));
    assertEquals(rows("three"), rows("one"));
  }
});

Deno.test("pipe into several targets: run reads a named pipe for all of them at once, whatever --jobs says", async () => {
  const to = ["one", "two", "three"];
  await using place = await folder(Object.fromEntries(to.map((name) => [name, LITE(name)])), {
    fan: { source: "pipe.ndjson", table: "t", to },
  });
  await makePipe(place.path("pipe.ndjson"));
  for (const expected of [["complete", 50_000, 0], ["complete", 0, 50_000]]) {
    const writing = writeInto(place.path("pipe.ndjson"), rowsText(50_000));
    const { status, out, err } = await piped(place, ["run", "fan", "--jobs", "1"], "");
    assertEquals([status, figures(out)], [0, to.map(() => expected)], err);
    await writing;
  }
  const args = ["load", "-", "--table", "dry", "--to", to.join(), "--dry-run"];
  const dry = await piped(place, args, rowsText(50_000));
  assertEquals([dry.status, JSON.parse(dry.out).state], [0, "previewed"], dry.err);
});

Deno.test("pipe into several targets: one that is down, or refuses a row, holds up nobody, and resumes by itself", async () => {
  await using place = await folder({
    good: LITE("good"),
    strict: LITE("strict"),
    down: { type: "postgresql", url: "postgres://me@127.0.0.1:1/x" },
  });
  await piped(place, ["load", "-", "--to", "strict", "--table", "other"], rowsText(1));
  const { DatabaseSync } = await import("node:sqlite");
  {
    using strict = new DatabaseSync(place.path("strict.db"));
    strict.exec("CREATE TABLE t (id INTEGER CHECK (id <> 4000), name TEXT)");
  }
  const load = (...args: readonly string[]) =>
    piped(place, ["load", "-", "--table", "t", "--batch-rows", "1000", ...args], rowsText(5_000));
  const first = await load("--to", "good,strict,down");
  assertEquals(first.status, 1);
  const [good, strict, down] = JSON.parse(first.out).loads;
  assertEquals([good.state, good.committed], ["complete", 5_000]);
  assertEquals([strict.state, strict.committed, strict.error.code], [
    "failed",
    4_000,
    "rows_rejected",
  ]);
  assertEquals([down.state, down.error.code], ["failed", "connection_failed"]);
  const second = await load("--to", "strict,good", "--max-rejects", "1", "--rejects-table");
  assertEquals(figures(second.out), [["complete", 999, 4_000], ["complete", 0, 5_000]], second.err);
});

Deno.test("pipe into several targets: after a kill, the same input makes both whole", async () => {
  await using place = await folder({ one: LITE("one"), two: LITE("two") });
  const args = ["load", "-", "--table", "t", "--to", "one,two", "--batch-rows", "500"];
  const rows = 40_000;
  let kills = 0;
  for (let batches = 1;; batches += 25) {
    const child = place.start([...args, "--verbose", "--json"]);
    const writing = new Response(rowsText(rows)).body!.pipeTo(child.stdin).catch(() => {});
    const { wasKilled, said } = await killAfter(child, batches);
    const [{ code }, out] = await Promise.all([
      child.status,
      new Response(child.stdout).text(),
      writing,
    ]);
    if (wasKilled) {
      kills++;
      continue;
    }
    assertEquals(code, 0, said.slice(-2_000));
    assertEquals(figures(out).map(([state, committed, skipped]) => [state, committed + skipped]), [
      ["complete", rows],
      ["complete", rows],
    ]);
    break;
  }
  assert(kills >= 2, `killed ${kills} times`);
  for (const name of ["one", "two"]) {
    assertEquals(place.query(`${name}.db`, "SELECT count(*), count(DISTINCT id), max(id) FROM t"), [
      [rows, rows, rows - 1],
    ]);
  }
});

Deno.test("pipe into several targets: by a column's value it is refused, with the reason", async () => {
  await using place = await folder({ one: LITE("one"), two: LITE("two") }, {
    split: {
      source: "pipe.ndjson",
      table: "t",
      to: { by: "id", values: { 1: "one" }, else: "two" },
    },
  });
  await makePipe(place.path("pipe.ndjson"));
  const { status, out, err } = await piped(place, ["run", "split"], "");
  assertEquals(status, 2, err);
  for (const { error } of JSON.parse(out).loads) {
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, "none writes before each has come past what it has loaded");
  }
});

const ROWS = 60_000;

for (const family of FAMILIES) {
  if ("untried" in family.crash) continue;
  const { hold, openPlaces } = await family.crash();
  if (!hold) continue;
  Deno.test(`pipe into several targets: one that blocks is cut off, and has the rest when it is given it again: ${family.name}`, () =>
    withFolder(async (scratch) => {
      await using places = await openPlaces({ folder: scratch });
      const place = await places.next();
      const pipe = join(scratch, "pipe.ndjson");
      await makePipe(pipe);
      await using host = await openHost();
      const backendOf = (url: string) =>
        host.createBackend(host.typeOfScheme(url.split(":")[0]!), { url });
      const load = async (
        tee: SourceTee,
        name: string,
        { backend, table }: { readonly backend: DatabaseBackend; readonly table: string },
      ) => {
        const source = tee.sourceOf(name, openSource([pipe]));
        try {
          return await host.load(source, backend, { table, batchRowsMax: 500 });
        } finally {
          tee.leave(name);
        }
      };
      await place.execute(`CREATE TABLE ${place.sqlName("t")} (id INTEGER, name VARCHAR(100))`);
      const free = { backend: await backendOf(`libsql:${join(scratch, "free.db")}`), table: "t" };
      const blocked = { backend: await backendOf(place.url), table: place.table };
      const release = await hold(place);
      const tee = new SourceTee(["free", "blocked"], { bytesMax: 200_000, waitMsMax: 300 });
      const writing = writeInto(pipe, rowsText(ROWS));
      const refused = assertRejects(() => load(tee, "blocked", blocked), LoadError);
      const report = await load(tee, "free", free);
      assertEquals([report.state, report.committed], ["complete", ROWS]);
      await release();
      const error = await refused;
      assertEquals(error.code, "backend_unavailable", error.message);
      assertStringIncludes(error.message, "went on without this target");
      await writing;
      const again = writeInto(pipe, rowsText(ROWS));
      const rest = await load(new SourceTee(["blocked"]), "blocked", blocked);
      assertEquals([rest.state, rest.committed + rest.skipped], ["complete", ROWS]);
      await again;
      const [row] = await place.rows(
        `SELECT count(*), count(DISTINCT id), max(id) FROM ${place.sqlName("t")}`,
      );
      assertEquals(row!.map(Number), [ROWS, ROWS, ROWS - 1]);
    }));
}
