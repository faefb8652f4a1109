import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ProgramFolder, rowsText } from "./program.ts";

Deno.test("load reports to people on standard output, with nothing on standard error", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(1500) });
  const args = ["load", "nodes.ndjson", "--to", "libsql:ast.db", "--table", "nodes"];
  const { status, out, err } = await place.run(args);
  assertEquals([status, err], [0, ""]);
  assertMatch(out, /^1,500 rows committed to nodes in .+: .+ rows\/s, .+ kB, 1 batch\n/);
  assertMatch(out, /plugin libsql \S+ \(sha256 [0-9a-f]{12}\)/);
  assertEquals(place.query("ast.db", "SELECT count(*), sum(id) FROM nodes"), [[1500, 1124250]]);
});

Deno.test("load --json prints exactly one report object", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(10) });
  const args = [
    "load",
    "nodes.ndjson",
    "--to=libsql:ast.db",
    "--table=nodes",
    "--batch-rows=4",
    "--json",
  ];
  const { status, out, err } = await place.run(args);
  assertEquals([status, err], [0, ""]);
  assertEquals(out.trimEnd().split("\n").length, 1);
  const report = JSON.parse(out);
  assertEquals(
    [
      report.state,
      report.read,
      report.committed,
      report.superseded,
      report.rejected,
      report.skipped,
    ],
    ["complete", 10, 10, 0, 0, 0],
  );
  assertEquals([report.batches, report.backend, report.table, report.mode, report.source], [
    3,
    "libsql",
    "nodes",
    "append",
    "nodes.ndjson",
  ]);
  assertEquals(report.plugin.name, "libsql");
  assertMatch(report.plugin.sha256, /^[0-9a-f]{64}$/);
  assertEquals(typeof report.seconds, "number");
  assertEquals(typeof report.rowsPerSecond, "number");
  assertEquals(report.load.generation, 1);
});

Deno.test("load --quiet says nothing", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(3) });
  const args = ["load", "nodes.ndjson", "--to", "libsql:ast.db", "--table", "nodes", "--quiet"];
  assertEquals(await place.run(args), { status: 0, out: "", err: "" });
});

Deno.test("load reads standard input", async () => {
  await using place = await ProgramFolder.create();
  const args = [
    "load",
    "-",
    "--to",
    "libsql:ast.db",
    "--table",
    "nodes",
    "--mode",
    "upsert",
    "--key",
    "id",
  ];
  const { status, err } = await place.run(args, { stdin: rowsText(7) + rowsText(2) });
  assertEquals([status, err], [0, ""]);
  assertEquals(place.query("ast.db", "SELECT count(*) FROM nodes"), [[7]]);
});

Deno.test("load takes CSV without a header, an empty null text and types from --schema", async () => {
  await using place = await ProgramFolder.create({
    "rows.txt": "1;;a\n2;5;\n",
    "schema.jsonc": `{ "columns": [
      { "name": "id", "type": "int64", "nullable": false }, // the key
      { "name": "size", "type": "int32" },
      { "name": "name", "type": "text" },
    ] }`,
  });
  const args = [
    "load",
    "rows.txt",
    "--format",
    "csv",
    "--delimiter",
    ";",
    "--header",
    "id,size,name",
  ];
  const to = [
    "--null",
    "",
    "--schema",
    "schema.jsonc",
    "--key",
    "id",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
  ];
  const { status, err } = await place.run([...args, ...to]);
  assertEquals([status, err], [0, ""]);
  assertEquals(place.query("t.db", "SELECT id, typeof(size), name FROM t ORDER BY id"), [
    [1, "null", "a"],
    [2, "integer", null],
  ]);
});

Deno.test("load of an empty source is a success, and the table exists", async () => {
  await using place = await ProgramFolder.create({
    "empty.ndjson": "",
    "schema.json": `{"columns":[{"name":"id","type":"int64"}]}`,
  });
  const args = [
    "load",
    "empty.ndjson",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
    "--schema",
    "schema.json",
  ];
  const { status, out } = await place.run(args);
  assertEquals(status, 0);
  assertStringIncludes(out, "0 rows committed to t");
  assertStringIncludes(out, "Note: The source has no rows");
  assertEquals(place.query("t.db", "SELECT count(*) FROM t"), [[0]]);
});

Deno.test("load notes the files of source code that it passed over", async () => {
  await using place = await ProgramFolder.create({ "good.js": "let a = 1;\n" });
  await Deno.writeFile(place.path("bad.js"), new Uint8Array([0x61, 0xff, 0x0a]));
  const { status, out } = await place.run(["load", "ast:.", "--to", "libsql:ast.db"]);
  assertEquals(status, 0);
  assertStringIncludes(out, "committed to nodes");
  assertStringIncludes(out, "Note: 1 file was passed over (not UTF-8): bad.js");
});

Deno.test("load without a file says which, and exits with 2", async () => {
  await using place = await ProgramFolder.create();
  const args = ["load", "gone.ndjson", "--to", "libsql:ast.db", "--table", "nodes"];
  const { status, out, err } = await place.run(args);
  assertEquals([status, out, err], [2, "", "snakepipe: No such file: gone.ndjson\n"]);
});

Deno.test("load makes terminal escapes in file names visible", async () => {
  await using place = await ProgramFolder.create();
  const { err } = await place.run([
    "load",
    "\x1b[31mgone.ndjson",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
  ]);
  assertStringIncludes(err, "No such file: \\u{1b}[31mgone.ndjson");
});

Deno.test("load that stops on a later run says what is in of earlier ones", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(4) });
  const args = ["load", "a.ndjson", "--to", "libsql:ast.db", "--table", "nodes"];
  assertEquals((await place.run([...args, "--batch-rows", "2"])).status, 0);
  for (
    const [more, says] of [
      [
        '{"id":"no number"}\n',
        "Nothing further was committed to nodes; 4 rows of earlier runs are in",
      ],
      [
        '{"id":7}\n{"id":8}\n{"id":"no number"}\n',
        "2 rows of 1 batch are committed to nodes; 4 rows of earlier runs are in",
      ],
    ] as const
  ) {
    await Deno.writeTextFile(place.path("a.ndjson"), rowsText(4) + more);
    const { status, err } = await place.run([...args, "--batch-rows", "2"]);
    assertEquals(status, 3, err);
    assertStringIncludes(err, says);
  }
});

Deno.test("load of a malformed line names file, line and column, and exits with 3", async () => {
  await using place = await ProgramFolder.create({
    "bad.ndjson": '{"id":1}\n{"id":2}\n{"id":!}\n',
  });
  const args = ["load", "bad.ndjson", "--to", "libsql:ast.db", "--table", "nodes"];
  const people = await place.run(args);
  assertEquals([people.status, people.out], [3, ""]);
  assertStringIncludes(people.err, "bad.ndjson:3:7:");
  assertStringIncludes(people.err, "Nothing was committed to nodes");
  const { status, out } = await place.run([...args, "--json"]);
  const report = JSON.parse(out);
  assertEquals([status, report.state, report.committed], [3, "failed", 0]);
  assertEquals([report.error.code, report.error.blame], ["rows_rejected", "data"]);
  assertEquals(report.error.issues[0].path, "bad.ndjson:3:7");
});

Deno.test("load for an unknown scheme lists what is there, and exits with 2", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(1) });
  const args = ["load", "nodes.ndjson", "--to", "oracle://me:hunter2@host/db", "--table", "nodes"];
  const { status, err } = await place.run(args);
  assertEquals(status, 2);
  assertStringIncludes(err, "No backend answers to oracle:");
  for (const scheme of ["libsql", "postgres"]) assertStringIncludes(err, scheme);
  assert(!err.includes("hunter2"), err);
});

Deno.test("load says which plugin was refused where no backend fits", async () => {
  await using place = await ProgramFolder.create({
    "nodes.ndjson": rowsText(1),
    "junk.wasm": "junk",
  });
  const args = ["load", "nodes.ndjson", "--to", "libsql:t.db", "--table", "t", "--plugins", "."];
  const { status, err } = await place.run(args);
  assertEquals(status, 2);
  assertStringIncludes(err, "junk.wasm was refused");
});

Deno.test("load widens the pool for its connections, unless it was set", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(100) });
  const args = [
    "load",
    "nodes.ndjson",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
    "--connections",
    "3",
  ];
  assertEquals((await place.run(args)).status, 0);
  const { status, err } = await place.run([...args, "--set", "poolSize=2"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "poolSize, which is 2");
});

Deno.test("load writes an audit log", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(5) });
  const args = [
    "load",
    "nodes.ndjson",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
    "--audit",
    "audit.ndjson",
  ];
  assertEquals((await place.run(args)).status, 0);
  const lines = (await Deno.readTextFile(place.path("audit.ndjson"))).trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line).event);
  for (const event of ["backend_registered", "load_started", "batch", "load_ended"]) {
    assert(events.includes(event), event);
  }
});
