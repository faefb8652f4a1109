/** `snakepipe check --to`, by hand: what it says of plugins that are right and wrong, and what it leaves. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import { buildFolder, moduleOf } from "../../../host/plugins/author/build_folder.ts";
import { newPlugin } from "../../../host/plugins/author/new_plugin.ts";
import { CHECKS_FILE } from "../../../host/plugins/store/kept_checks.ts";
import { DRIVER_FAMILIES } from "../../../host/drivers/load_driver.ts";
import { type Target, TARGET_KINDS, type TargetKind } from "../../support/target.ts";
import { ProgramFolder, rowsText, toWords } from "./program.ts";

const BUILT = fromFileUrl(new URL("../../../plugins/dist/", import.meta.url));
const GROUPS = "keys,resume";
/** A file whose database needs no server, for what is the same for all. */
const FILE_KIND = TARGET_KINDS.findLast(({ family }) => !family.startServer)!;

/** A folder with the family's own plugin. */
async function placeOf({ name }: TargetKind): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  await Deno.mkdir(place.path("plugins"));
  await Deno.copyFile(join(BUILT, `${name}.wasm`), place.path(`plugins/${name}.wasm`));
  return place;
}

/** Names of the tables that are there. */
async function tablesOf({ query, sql }: Target): Promise<string[]> {
  return (await query(sql.tables)).map(({ name }) => name!).sort();
}

/** All that is in the host's own tables, as text. */
async function hostRows({ query, textOf, sql }: Target): Promise<string> {
  const found = [];
  for (
    const [table, columns] of [
      ["_snakepipe_load", ["id", "source", "state", "generation", "rows_committed"]],
      ["_snakepipe_batch", ["load_id", "rows_read", "committed"]],
    ] as const
  ) {
    const texts = columns.map((column) => `${textOf(column)} AS ${column}`).join(", ");
    found.push(await query(`SELECT ${texts} FROM ${sql.quote(table)} ORDER BY 1`));
  }
  return JSON.stringify(found);
}

for (const [i, kind] of TARGET_KINDS.entries()) {
  const { name, family } = kind;

  Deno.test(`check --to ${name}: a plugin that is right passes, and the database is as it was`, () =>
    kind.use(async (target) => {
      await using place = await placeOf(kind);
      const load = ["load", "rows.ndjson", "--table", "mine", "--plugins", "plugins"];
      assertEquals((await place.run([...load, ...toWords(target.config)])).status, 0);
      const left = "conformance_0a1b_first";
      await target.execute(`CREATE TABLE ${left} (id integer)`);
      const before = [await tablesOf(target), await hostRows(target)];
      const check = ["check", `plugins/${name}.wasm`, ...toWords(target.config), "--only", GROUPS];
      const { status, out, err } = await place.run([...check, "--json"]);
      assertEquals(status, 0, err + out);
      const { state, database, passed, failed, untried, cases, kept, speed } = JSON.parse(out);
      assertEquals([state, failed, untried, kept, speed], ["passed", 0, 0, null, null]);
      assert(passed >= 18, `${passed}`);
      assertEquals(new Set(cases.map((one: { group: string }) => one.group)).size, 2);
      assertMatch(database, /^[A-Za-z]+ \d+\.\d+/);
      assertStringIncludes(err, `Trying ${cases.length} cases on ${database}`);
      assertStringIncludes(err, "keys: 12 cases\n");
      const drop = `one was killed and has left them: DROP TABLE ${target.sql.quote(left)};`;
      assertStringIncludes(err, drop);
      assertEquals([await tablesOf(target), await hostRows(target)], before);
      assert(!(await has(place.path(`plugins/${CHECKS_FILE}`))), "some groups prove nothing");
    }));

  Deno.test(`check --to ${name}: a plugin that loses digits of whole numbers is told by those`, () =>
    kind.use(async (target) => {
      await using place = await ProgramFolder.create();
      const { int64, float32 } = family.sql.types;
      const file = await changedPlugin(place, family.name, [
        [new RegExp(`"${int64}"`, "i"), `"${float32}"`],
      ]);
      const check = ["check", file, ...toWords(target.config), "--only", "types"];
      // The cases of all types take long: of the databases in turn, once for programs, once for people.
      if (i % 2 === 1) {
        const told = await place.run(check);
        assertEquals(told.status, 1);
        assertMatch(
          told.out,
          /Failed: types: int64: .*\n {2}.* was found for .*\n {2}Try: Look at what/,
        );
        assertStringIncludes(told.out, ": it does not pass");
        assertEquals(await tablesOf(target), []);
        return;
      }
      const { status, out } = await place.run([...check, "--json"]);
      assertEquals(status, 1, out);
      const failed = JSON.parse(out).cases.filter((one: { kind: string }) => one.kind === "failed");
      const names = failed.map((one: { name: string }) => one.name);
      assert(names.includes("int64: largest") || names.some((n: string) => /^int64/.test(n)), out);
      for (const { name, advice } of failed) {
        assertMatch(name, /^int64|^int32|^int16/, out);
        assertStringIncludes(advice, "typeOf");
      }
      assertEquals(await tablesOf(target), []);
    }));

  Deno.test(`check --to ${name}: nothing is left behind a signal`, () =>
    kind.use(async (target) => {
      await using place = await placeOf(kind);
      const child = place.start([
        "check",
        `plugins/${name}.wasm`,
        ...toWords(target.config),
        "--json",
      ]);
      await child.stdin.close();
      const out = new Response(child.stdout).text();
      let err = "";
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        const before = err;
        err += text;
        // Cases have made tables by then, and there are many to come.
        if (!before.includes("shapes:") && err.includes("shapes:")) child.kill("SIGINT");
      }
      assertEquals((await child.status).code, 130, err);
      assertStringIncludes(err, "Stopping after the case in hand");
      assertMatch(
        err,
        /Stopped behind \d+ of \d+ cases, 0 of which failed: nothing of them is left/,
      );
      assertEquals(JSON.parse(await out).state, "stopped");
      assertEquals(await tablesOf(target), []);
      assert(!(await has(place.path(`plugins/${CHECKS_FILE}`))));
    }));

  Deno.test(`check --to ${name}: a database that is not to be had is told once`, () =>
    kind.use(async (target) => {
      await using place = await placeOf(kind);
      const { url } = target.config;
      const nowhere = family.startServer
        ? url.replace(/:\d+(?=\/)/, ":1").replace(/host=[^&]*/, "host=/nowhere")
        : url.replace(/[^/:]+$/, "no/such/folder/t.db");
      const { status, out, err } = await place.run([
        ...["check", `plugins/${name}.wasm`, "--to", nowhere],
      ]);
      assertEquals([status, out], [1, ""], err);
      assertEquals(
        err.trim().split("\n").filter((line) => line.startsWith("snakepipe:")).length,
        1,
      );
      assert(!/Trying|it passes/.test(err), err);
    }));
}

Deno.test("check --to: a URL of another family is refused by its scheme, and not repeated", async () => {
  await using place = await placeOf(FILE_KIND);
  for (const { name, schemes } of DRIVER_FAMILIES) {
    if (name === FILE_KIND.family.name) continue;
    const url = `${schemes[0]}://me:hunter2@nowhere/t`;
    const { status, err } = await place.run([
      "check",
      `plugins/${FILE_KIND.name}.wasm`,
      "--to",
      url,
    ]);
    assertEquals(status, 2);
    assertStringIncludes(err, `plans for driver ${FILE_KIND.family.name}, whose URLs begin with`);
    assertStringIncludes(err, `--to begins with ${schemes[0]}:`);
    assert(!err.includes("hunter2"), err);
  }
});

Deno.test("check --to: a whole run is kept by the file's bytes, and a failed one takes it out", () =>
  FILE_KIND.use(async (target) => {
    const { name } = FILE_KIND;
    await using place = await placeOf(FILE_KIND);
    const check = ["check", `plugins/${name}.wasm`, ...toWords(target.config)];
    const { status, out, err } = await place.run(check);
    assertEquals(status, 0, err + out);
    assertMatch(out, /\nSpeed: 100,000 rows by append in .*, [\d,]+ rows\/s; it decides nothing\n/);
    assertStringIncludes(out, `it is kept in plugins/${CHECKS_FILE}`);
    assertEquals(await tablesOf(target), []);
    const text = await Deno.readTextFile(place.path(`plugins/${CHECKS_FILE}`));
    assert(!text.includes(basename(place.folder)) && !text.includes("url"), text);
    const told = async () => {
      const listed = await place.run(["backends", "--plugins", "plugins"]);
      const line = /was checked against .*/.exec(listed.out)?.[0];
      const json = await place.run(["backends", "--plugins", "plugins", "--json"]);
      const { backends: [{ checks }] } = JSON.parse(json.out);
      assertEquals(checks.length, line === undefined ? 0 : 1);
      return line ?? "";
    };
    assertMatch(await told(), /^was checked against [A-Za-z]+ [\d.]+ on \d{4}-\d\d-\d\d$/);
    // The same plugin with a section that nobody reads has other bytes.
    const file = place.path(`plugins/${name}.wasm`);
    const bytes = await Deno.readFile(file);
    await Deno.writeFile(file, new Uint8Array([...bytes, 0, 2, 1, 0x78]));
    await place.run(["grant", `plugins/${name}.wasm`]);
    assertEquals(await told(), "");
    await Deno.writeFile(file, bytes);
    await place.run(["grant", `plugins/${name}.wasm`]);
    assertMatch(await told(), /^was checked against/);
    await Deno.writeTextFile(
      place.path("quirks.json"),
      JSON.stringify({ "keys: a key that is null is no key": { is: "…untrue", why: "A test" } }),
    );
    const failed = await place.run([...check, "--only", "keys", "--quirks", "quirks.json"]);
    assertEquals(failed.status, 1, failed.out);
    assertStringIncludes(failed.out, "Failed: keys: a key that is null is no key");
    assertEquals(await told(), "");
  }));

Deno.test("check --to: what differs is known by a file of quirks", () =>
  FILE_KIND.use(async (target) => {
    const { name } = FILE_KIND;
    await using place = await placeOf(FILE_KIND);
    const check = ["check", `plugins/${name}.wasm`, ...toWords(target.config), "--only", "keys"];
    const label = "keys: a key that is null is no key";
    await Deno.writeTextFile(
      place.path("quirks.jsonc"),
      `{ "${label}": { "is": "…1 committed, 2 rejected…", "why": "It is so everywhere" } }`,
    );
    const known = await place.run([...check, "--quirks", "quirks.jsonc", "--json"]);
    assertEquals(known.status, 0, known.out);
    const found = JSON.parse(known.out).cases.find((one: { name: string }) =>
      label.endsWith(one.name)
    );
    assertEquals([found.kind, found.message], ["differs", "It is so everywhere"]);
    await Deno.writeTextFile(
      place.path("quirks.jsonc"),
      `{ "keys: a key that is nul is no key": { "is": "", "why": "" } }`,
    );
    const invalid = await place.run([...check, "--quirks", "quirks.jsonc"]);
    assertEquals(invalid.status, 2);
    assertStringIncludes(invalid.err, "Expected a reason");
    await Deno.writeTextFile(
      place.path("quirks.jsonc"),
      `{ "keys: a key that is nul is no key": { "is": "", "why": "x" } }`,
    );
    const strange = await place.run([...check, "--quirks", "quirks.jsonc"]);
    assertEquals(strange.status, 2);
    assertStringIncludes(strange.err, `did you mean ${label}?`);
  }));

for (
  const [what, args, says] of [
    ["a group that is none", ["--to", "URL", "--only", "kees"], "No group of cases is called kees"],
    ["groups without a database", ["--only", "keys"], "it needs --to"],
    ["quirks without a database", ["--quirks", "q.json"], "it needs --to"],
    ["quirks that are not there", ["--to", "URL", "--quirks", "q.json"], "No such file of quirks"],
    ["a replay into a database", ["--to", "URL", "--replay", "r"], "exclude each other"],
    ["a setting that is not there", ["--to", "URL", "--set", "no=1"], "no"],
    ["what is no URL", ["--to", "nodes"], "what --to names is no URL"],
  ] as const
) {
  Deno.test(`check --to refuses ${what}, and exits with 2`, () =>
    FILE_KIND.use(async ({ config }) => {
      await using place = await placeOf(FILE_KIND);
      const words = args.map((word) => word === "URL" ? config.url : word);
      const { status, err } = await place.run([
        "check",
        `plugins/${FILE_KIND.name}.wasm`,
        ...words,
      ]);
      assertEquals(status, 2, err);
      assertStringIncludes(err, says);
    }));
}

/** A plugin of the family's template, with texts of its plans changed; its module. */
async function changedPlugin(
  place: ProgramFolder,
  family: string,
  changes: readonly (readonly [from: RegExp, to: string])[],
): Promise<string> {
  const folder = place.path("mine");
  await newPlugin({ folder, family });
  const plan = join(folder, "assembly", "plan.ts");
  let text = await Deno.readTextFile(plan);
  for (const [from, to] of changes) {
    assertMatch(text, from);
    text = text.replace(from, to);
  }
  await Deno.writeTextFile(plan, text);
  const { file, check } = await buildFolder(folder, moduleOf(folder), { quick: true });
  assertEquals(check.steps.filter(({ problem }) => problem !== undefined), []);
  return file;
}

async function has(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined)) !== undefined;
}
