import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ProgramFolder, rowsText } from "./program.ts";

Deno.test("program without arguments prints help and exits with 2", async () => {
  await using place = await ProgramFolder.create();
  const { status, out } = await place.run([]);
  assertEquals(status, 2);
  assertStringIncludes(out, "Usage:");
});

Deno.test("help shows commands, options and examples", async () => {
  await using place = await ProgramFolder.create();
  for (const args of [["help", "load"], ["load", "--help"], ["load", "-h"]]) {
    const { status, out, err } = await place.run(args);
    assertEquals([status, err], [0, ""]);
    for (const piece of ["--to TARGET", "--mode MODE", "Examples:", "Ctrl-C"]) {
      assertStringIncludes(out, piece);
    }
    for (const line of out.split("\n")) assert(line.length <= 100, line);
  }
  assertStringIncludes((await place.run(["backends", "--help"])).out, "--check");
  assertStringIncludes((await place.run(["--help"])).out, "snakepipe load");
});

Deno.test("unknown options are refused together, with what may have been meant", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const { status, err } = await place.run([
    "load",
    "a.ndjson",
    "--tabel=t",
    "--jsn",
    "--limit=3",
    "-x",
    "--to",
  ]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--tabel: Unknown option, did you mean --table?");
  assertStringIncludes(err, "--jsn: Unknown option, did you mean --json?");
  assertStringIncludes(err, "--limit: Unknown option\n");
  assertStringIncludes(err, "-x: Unknown option");
  assertStringIncludes(err, "--to: Needs a value");
  assertStringIncludes(err, "snakepipe load --help");
});

Deno.test("values that do not fit are refused together", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const numbers = [
    "--connections",
    "0",
    "--batch-rows",
    "1e3",
    "--batch-bytes",
    "99999999999999999",
  ];
  const words = ["--mode", "insert", "--key", "a,,b", "--set", "url", "--table", ""];
  const { status, err } = await place.run(["load", "a.ndjson", ...numbers, ...words]);
  assertEquals(status, 2);
  const options = ["connections", "batch-rows", "batch-bytes", "mode", "key", "set", "table"];
  for (const option of options) assertMatch(err, new RegExp(`--${option}: `));
});

Deno.test("options given twice and unknown commands are refused", async () => {
  await using place = await ProgramFolder.create();
  const twice = await place.run([
    "load",
    "a.ndjson",
    "--to",
    "a:b",
    "--table",
    "t",
    "--table",
    "u",
  ]);
  assertEquals(twice.status, 2);
  assertStringIncludes(twice.err, "--table: Given 2 times, takes one value");
  const command = await place.run(["laod", "a.ndjson"]);
  assertEquals(command.status, 2);
  assertStringIncludes(command.err, "Unknown command: laod, did you mean load?");
});

Deno.test("faults of the command line are told as JSON where that is asked for", async () => {
  await using place = await ProgramFolder.create();
  const { status, out } = await place.run(["load", "--json", "--tabel", "t"]);
  const report = JSON.parse(out);
  assertEquals([status, report.state, report.read, report.error.code], [2, "failed", 0, "usage"]);
});

Deno.test("sources that are URLs are refused without repeating them", async () => {
  await using place = await ProgramFolder.create();
  const { status, err } = await place.run(["load", "postgres://me:hunter2@host/db"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--to");
  assert(!err.includes("hunter2"), err);
});

Deno.test("file names that begin with a dash stand behind --", async () => {
  await using place = await ProgramFolder.create({
    "-a.ndjson": rowsText(2),
    "1.ndjson": rowsText(3),
  });
  const args = ["load", "--to", "libsql:t.db", "--table", "t", "--", "-a.ndjson", "1.ndjson"];
  assertEquals((await place.run(args)).status, 0);
  assertEquals(place.query("t.db", "SELECT count(*) FROM t"), [[5]]);
});

Deno.test("schema file reports every failing path", async () => {
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "schema.json": `{"columns":[{"name":"id","type":"int46"},{"nme":"x","type":"text"}]}`,
    "twice.json": `{"columns":[{"name":"id","type":"int64"},{"name":"id","type":"text"}]}`,
  });
  const args = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t", "--schema"];
  const { status, err } = await place.run([...args, "schema.json"]);
  assertEquals(status, 2);
  for (const path of ["columns.0.type", "columns.1.name", "columns.1.nme"]) {
    assertStringIncludes(err, path);
  }
  assertStringIncludes((await place.run([...args, "twice.json"])).err, "Expected each column once");
  assertStringIncludes(
    (await place.run([...args, "gone.json"])).err,
    "No such schema file: gone.json",
  );
});

/** What people write, and what they are told. */
const WRONG: readonly [words: readonly string[], said: string][] = [
  [["--batch-rows", "0"], "--batch-rows: Expected a whole number from 1 to 122880"],
  [["--connections", "-1"], "--connections: Expected a whole number from 1 to 64"],
  [
    ["--max-rejects", "101%"],
    "--max-rejects: Expected a whole number of rows, or a share of them up",
  ],
  [["--max-rejects", "0.5"], "such as 0.5%"],
  [["--mode", "UPSERT"], "--mode: Expected append, upsert or replace, did you mean upsert?"],
  [["--mode", "upsrt"], "--mode: Expected append, upsert or replace, did you mean upsert?"],
  [["--indexes", "later"], "--indexes: Expected after"],
  [["--json=true"], "--json: Takes no value"],
  [["--delimiter", ";"], "--delimiter: only CSV has that, and the source is read as ndjson"],
  [["--header", "a,b", "--null", "x"], "--header, --null: only CSV has that"],
  [["--set", "url=libsql:b.db"], "--set url: The target has its URL already, by --to"],
  [
    ["--set", "cacheMegabytes=0"],
    "cacheMegabytes: Expected a number from 1 to 4096 but received 0",
  ],
  [["--set", "poolSize=many"], "--set poolSize: Expected a whole number"],
  [["--set", "engine=sqlite"], 'engine: Expected one of auto, libsql but received "sqlite"'],
];

Deno.test("what is wrong with a command line is told in words", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  for (const [words, said] of WRONG) {
    const run = await place.run(["load", "a.ndjson", "--to", "libsql:t.db", ...words]);
    assertEquals(run.status, 2, run.err);
    assertStringIncludes(run.err, said);
  }
  const targets: [to: string, said: string][] = [
    [
      "t.db",
      "is a file, and may be of several databases; say of which: ",
    ],
    ["t", "neither a URL, such as "],
    ["postgre://me:hunter2@host/db", "No backend answers to postgre:, did you mean postgres?"],
    ["C:\\t.db", "neither a URL"],
    [
      "oracle://me:hunter2@host/db",
      "No backend answers to oracle:, there are: ",
    ],
    ["sqlite:t.db", "No backend answers to sqlite:; write libsql:ast.db or libsql://host"],
    ["pg://host/db", "No backend answers to pg:; write postgres://user@host/database"],
    ["libsql:///t.db", "a file is written libsql:/path or file:///path"],
  ];
  for (const [to, said] of targets) {
    const run = await place.run(["load", "a.ndjson", "--table", "t", "--to", to]);
    assertEquals(run.status, 2, run.err);
    assertStringIncludes(run.err, said);
    assert(!run.err.includes("hunter2"));
  }
});

Deno.test("version tells the program's, and what it runs on", async () => {
  await using place = await ProgramFolder.create();
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)),
  );
  const { deno, v8 } = Deno.version;
  const { target } = Deno.build;
  const line = `snakepipe ${version} (deno ${deno}, v8 ${v8}, ${target})\n`;
  for (const word of ["version", "--version", "-V"]) {
    assertEquals(await place.run([word]), { status: 0, out: line, err: "" });
  }
  const { out } = await place.run(["version", "--json"]);
  assertEquals(JSON.parse(out), { version, deno, v8, target });
  assertEquals((await place.run(["version", "--what"])).status, 2);
});

Deno.test("a table without a name is called by the one file, and the report says so", async () => {
  const files = { "nodes.ndjson": rowsText(2), "b.csv": "id,name\n1,a\n", "my-b.csv": "id\n1\n" };
  await using place = await ProgramFolder.create(files);
  const zipped = new Response(rowsText(3)).body!.pipeThrough(new CompressionStream("gzip"));
  await Deno.mkdir(place.path("data"));
  await Deno.writeFile(place.path("data/More_2.jsonl.gz"), await new Response(zipped).bytes());
  const to = ["--to", "libsql:t.db"];
  const named: [file: string, table: string, rows: number][] = [
    ["nodes.ndjson", "nodes", 2],
    ["b.csv", "b", 1],
    ["data/More_2.jsonl.gz", "More_2", 3],
  ];
  for (const [file, table, rows] of named) {
    const { status, out } = await place.run(["load", file, ...to]);
    assertEquals(status, 0);
    assertStringIncludes(out, `${table} is the name of the file`);
    assertEquals(place.query("t.db", `SELECT count(*) FROM ${table}`), [[rows]]);
  }
  const told = await place.run(["load", "nodes.ndjson", "--table", "nodes", ...to]);
  assert(!told.out.includes("is the name of the file"), told.out);
  const json = JSON.parse((await place.run(["load", "b.csv", ...to, "--json"])).out);
  assert(json.notes.some((note: string) => note.includes("b is the name of the file")));
  const unnamed: [sources: string[], why: string][] = [
    [["-"], "Standard input has no name"],
    [["nodes.ndjson", "data/More_2.jsonl.gz"], "Several files have no one name"],
    [["n*.ndjson"], "A pattern has no name"],
    [["my-b.csv"], "The file's name cannot be the table's"],
  ];
  for (const [sources, why] of unnamed) {
    const { status, err } = await place.run(["load", ...sources, ...to], { stdin: rowsText(1) });
    assertEquals(status, 2, sources.join(" "));
    assertStringIncludes(err, `A table must be named, as in --table nodes. ${why}`);
  }
});

Deno.test("a route goes by the name that a table has of its file", async () => {
  const config = {
    backends: { a: { type: "libsql", url: "libsql:a.db" } },
    routes: [{ table: "nod*", backend: "a" }],
  };
  await using place = await ProgramFolder.create({
    "nodes.ndjson": rowsText(2),
    "snakepipe.jsonc": JSON.stringify(config),
  });
  assertEquals((await place.run(["load", "nodes.ndjson"])).status, 0);
  assertEquals(place.query("a.db", "SELECT count(*) FROM nodes"), [[2]]);
});

Deno.test("a configuration or a schema that does not end is read no further than 16 MiB", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": '{"id":1}\n', "big.json": "" });
  await Deno.truncate(place.path("big.json"), 16 * 1024 * 1024 + 1);
  const load = ["load", "a.ndjson", "--to", "libsql:a.db"];
  for (const option of ["--schema", "--config"]) {
    for (const file of ["big.json", "/dev/zero"]) {
      const { status, err } = await place.run([...load, option, file]);
      assertEquals([option, file, status], [option, file, 2]);
      assertStringIncludes(err, `Cannot read ${file}: it has more than 16 MiB`);
    }
  }
});
