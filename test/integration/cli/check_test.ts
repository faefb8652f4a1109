/** `snakepipe check`, by hand: a plugin that passes, one that does not, and a failed load once more. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { pluginThat } from "../../attack/module_attack.ts";
import { ALL_FAMILIES } from "../../families/families.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const BUILT = fromFileUrl(new URL("../../../plugins/dist/", import.meta.url));

/** Plans that drop the target, whatever the shape. */
const DROPPING = pluginThat({
  texts: ["DROP TABLE {table}"],
  exports: {
    write_batch: "(call $sql_prepare (call $text (i32.const 4))) " +
      "(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) (i32.const 10)) " +
      "(i32.const 0)",
  },
});

async function folderWith(bytes: Uint8Array): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  await Deno.mkdir(place.path("plugins"));
  await Deno.writeFile(place.path("plugins/sample.wasm"), bytes);
  return place;
}

const LOAD = [
  ...["load", "rows.ndjson", "--to", "sample:secret-place.db", "--table", "t"],
  ...["--plugins", "plugins"],
];

for (const { plugin: name } of ALL_FAMILIES) {
  Deno.test(`check finds nothing wrong with the plugin ${name}`, async () => {
    await using place = await ProgramFolder.create({});
    const { status, out } = await place.run(["check", `${BUILT}${name}.wasm`]);
    assertEquals(status, 0, out);
    assertStringIncludes(out, "write_batch: upsert, a composite key");
    assertStringIncludes(out, "\n  create[0]: CREATE TABLE ");
    assertEquals(out.split("create[0]").length, 2, "a statement is shown once");
    assertStringIncludes(out, "answered as they must be: it passes");
    const asked = await place.run(["check", `${BUILT}${name}.wasm`, "--json"]);
    const { problems, steps, manifest, plans } = JSON.parse(asked.out);
    assertEquals([problems, manifest.backend], [0, name]);
    assert(steps.length >= 20, `${steps.length}`);
    assertMatch(plans["write_batch: append, one key"].create[0], /^CREATE TABLE /);
  });
}

Deno.test("check says what a plugin does that it may not, and exits with 1", async () => {
  await using place = await folderWith(DROPPING);
  const { status, out } = await place.run(["check", "plugins/sample.wasm"]);
  assertEquals(status, 1);
  assertEquals(out.match(/Failed: write_batch.*/g), ["Failed: write_batch: append, one column"]);
  assertStringIncludes(out, "So does write_batch: append, one key; ");
  assertStringIncludes(out, "; and 3 more\n");
  assertStringIncludes(out, "is refused at prepare[0]");
  assertStringIncludes(out, "it does not pass");
});

Deno.test("check takes it for an answer that a plugin cannot plan a shape, and for none that it does not judge", async () => {
  await using place = await folderWith(pluginThat({
    texts: ["not today"],
    exports: { write_batch: "(call $error_set (call $text (i32.const 4))) (i32.const 1)" },
  }));
  const { status, out } = await place.run(["check", "plugins/sample.wasm"]);
  assertEquals(status, 1);
  assertEquals(out.match(/Failed: .*/g), ["Failed: health_check of an answer"]);
  assertStringIncludes(out, "not today");
});

Deno.test("check --replay asks what a failed load has asked, and gets the same answer", async () => {
  await using place = await folderWith(DROPPING);
  const failed = await place.run([...LOAD, "--json"]);
  assertEquals(failed.status, 1);
  const { error } = JSON.parse(failed.out);
  assertEquals(error.code, "plan_refused");
  assertEquals(error.question.plugin.name, "sample");
  assertEquals(error.question.shape.table, { name: "t" });
  assert(
    !failed.out.includes("secret-place"),
    "where it was to be written is nothing of the plugin's",
  );
  await Deno.writeTextFile(place.path("report.json"), failed.out);
  const replay = ["check", "plugins/sample.wasm", "--replay", "report.json"];
  const again = await place.run([...replay, "--json"]);
  assertEquals(again.status, 1);
  assertEquals(JSON.parse(again.out).error, error);
  await Deno.writeFile(place.path("plugins/sample.wasm"), pluginThat({}));
  const another = await place.run(replay);
  assertEquals(another.status, 1);
  assertStringIncludes(another.err, "Another file was asked than plugins/sample.wasm");
});

Deno.test("check --replay shows the plan where it passes", async () => {
  await using place = await ProgramFolder.create({});
  const file = `${BUILT}libsql.wasm`;
  const { sha256 } = JSON.parse((await place.run(["check", file, "--json"])).out);
  const question = {
    plugin: { name: "libsql", sha256 },
    settings: {},
    shape: {
      table: { name: "t" },
      columns: [{ name: "id", type: "int64", nullable: false, key: true }],
      mode: "append",
    },
  };
  await Deno.writeTextFile(place.path("question.json"), JSON.stringify(question));
  const { status, out } = await place.run(["check", file, "--replay", "question.json"]);
  assertEquals(status, 0, out);
  assertStringIncludes(out, "INSERT INTO {table} ({columns}) VALUES {rows}");
});

Deno.test("load that fails over a plan says how to ask for it again", async () => {
  await using place = await folderWith(DROPPING);
  const { status, err } = await place.run(LOAD);
  assertEquals(status, 1);
  assertStringIncludes(err, "snakepipe check --replay asks it again");
});

for (
  const [what, args, says] of [
    ["no file", ["check"], "takes the file of one plugin"],
    ["two files", ["check", "a.wasm", "b.wasm"], "takes the file of one plugin"],
    [
      "settings of a replay",
      ["check", "a.wasm", "--replay", "r", "--set", "a=b"],
      "exclude each other",
    ],
    [
      "a report that is not there",
      ["check", `${BUILT}libsql.wasm`, "--replay", "none"],
      "No such file",
    ],
    ["a setting that is not there", ["check", `${BUILT}libsql.wasm`, "--set", "no=1"], "no"],
  ] as const
) {
  Deno.test(`check refuses ${what}, and exits with 2`, async () => {
    await using place = await ProgramFolder.create({});
    const { status, err } = await place.run([...args]);
    assertEquals(status, 2, err);
    assertStringIncludes(err, says);
  });
}
