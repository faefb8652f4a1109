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

Deno.test("version is that of the package", async () => {
  await using place = await ProgramFolder.create();
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)),
  );
  assertEquals(await place.run(["--version"]), { status: 0, out: `${version}\n`, err: "" });
});

Deno.test("unknown options are refused together, with what may have been meant", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const { status, err } = await place.run(["load", "a.ndjson", "--tabel=t", "--jsn", "-x", "--to"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--tabel: Unknown option, did you mean --table?");
  assertStringIncludes(err, "--jsn: Unknown option, did you mean --json?");
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
  const twice = await place.run(["load", "a.ndjson", "--to", "a:b", "--to", "c:d"]);
  assertEquals(twice.status, 2);
  assertStringIncludes(twice.err, "--to: Given 2 times, takes one value");
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
