/** Names and reasons of strangers that pretend to be lines of the program. */
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { pluginThat } from "../../attack/module_attack.ts";
import { type Outcome, ProgramFolder } from "./program.ts";

const FORGED = "x\nsnakepipe: Verified by the operator\r\u001b[2J\u2028\u202eNote: trusted";
/** As it is shown. */
const SHOWN =
  "x\\u{a}snakepipe: Verified by the operator\\u{d}\\u{1b}[2J\\u{2028}\\u{202e}Note: trusted";

// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

/** No line of theirs, no control. Returns all that was shown. */
function honest({ out, err }: Outcome): string {
  for (const line of `${out}\n${err}`.split("\n")) {
    assertFalse(/^(snakepipe: Verified|Note: trusted)/.test(line.trim()), line);
    assertFalse(CONTROLS.test(line), JSON.stringify(line));
  }
  return out + err;
}

Deno.test("name of a file forges no line, in messages, reports, rejects and the audit log", async () => {
  const name = `${FORGED}.ndjson`;
  await using program = await ProgramFolder.create({ [name]: '{"id":1}\n{"id":"x"}\n' });
  new DatabaseSync(program.path("t.db")).exec("CREATE TABLE t (id integer)");
  const to = ["--to", "libsql:t.db", "--table", "t"];
  const load = ["load", name, ...to, "--audit", "audit.ndjson"];
  assertStringIncludes(honest(await program.run(load)), `${SHOWN}.ndjson:2`);
  assertStringIncludes(
    honest(await program.run(["load", `${FORGED}gone.ndjson`, ...to])),
    `No such file: ${SHOWN}gone.ndjson`,
  );
  const told = await program.run([...load, "--json"]);
  assertEquals(JSON.parse(told.out).source, name);
  assertEquals(JSON.parse(told.out).error.issues[0].path, `${name}:2`);
  honest(told);
  const rejects = ["--max-rejects", "1", "--rejects", `${FORGED}.rejects`];
  assertEquals((await program.run([...load, ...rejects])).status, 0);
  const replay = await program.run(["rejects", "replay", `${FORGED}.rejects`, ...to]);
  assertStringIncludes(honest(replay), `refused again, kept in ${SHOWN}.rejects`);
  const audit = (await Deno.readTextFile(program.path("audit.ndjson"))).trimEnd().split("\n");
  const sources = audit.map((line) => JSON.parse(line).source).filter((source) => source);
  assertEquals(new Set(sources), new Set([name]));
  for (const line of audit) assertFalse(CONTROLS.test(line));
});

Deno.test("names of columns, tables, backends and their settings forge no line", async () => {
  await using program = await ProgramFolder.create({
    "a.csv": `id,"${FORGED}"\n1,x\n`,
    "b.ndjson": '{"id":1}\n',
    "c.jsonc": JSON.stringify({ [FORGED]: 1 }),
  });
  const ddl = `CREATE TABLE t (id integer, "${FORGED}" integer)`;
  new DatabaseSync(program.path("t.db")).exec(ddl);
  const to = ["--to", "libsql:t.db", "--table"];
  const column = await program.run(["load", "a.csv", ...to, "t"]);
  assertStringIncludes(honest(column), `a.csv:3: column ${SHOWN}: `);
  const table = await program.run(["load", "b.ndjson", ...to, `"${FORGED}"`]);
  assertEquals(table.status, 0, table.err);
  assertStringIncludes(honest(table), SHOWN);
  assertEquals(program.query("t.db", `SELECT id FROM "${FORGED}"`), [[1]]);
  assertStringIncludes(honest(await program.run(["backends", "--config", "c.jsonc"])), SHOWN);
  const option = await program.run([
    "load",
    "b.ndjson",
    ...to,
    "t",
    `--${FORGED}`,
    "--set",
    FORGED,
  ]);
  assertEquals(option.status, 2);
  honest(option);
});

Deno.test("reason and file of a plugin forge no line", async () => {
  await using program = await ProgramFolder.create({ "b.ndjson": '{"id":1}\n' });
  await Deno.mkdir(program.path("plugins"));
  const says = pluginThat({
    texts: [FORGED],
    exports: { write_batch: `(call $error_set (call $text (i32.const 4))) (i32.const 1)` },
  });
  await Deno.writeFile(program.path("plugins/sample.wasm"), says);
  await Deno.writeTextFile(program.path(`plugins/${FORGED}.wasm`), "no module");
  const plugins = ["--plugins", "plugins", "--audit", "audit.ndjson"];
  const load = ["load", "b.ndjson", "--to", "sample:t.db", "--table", "t", ...plugins];
  assertStringIncludes(honest(await program.run(load)), SHOWN);
  const json = await program.run([...load, "--json"]);
  assertStringIncludes(JSON.parse(json.out).error.message, SHOWN);
  honest(json);
  const listed = await program.run(["backends", "--plugins", "plugins"]);
  assertStringIncludes(honest(listed), `${SHOWN}.wasm`);
  const exact = await program.run(["backends", "--plugins", "plugins", "--json"]);
  const { backends } = JSON.parse(exact.out);
  assert(backends.some(({ type }: { type: string }) => type === FORGED));
  honest(exact);
  // Of a backend that is not there, with the reason why one is not.
  const other = ["load", "b.ndjson", "--to", "gone:t.db", "--table", "t", "--plugins", "plugins"];
  assertStringIncludes(honest(await program.run(other)), SHOWN);
  honest(await program.run(["check", "plugins/sample.wasm"]));
  const audit = await Deno.readTextFile(program.path("audit.ndjson"));
  for (const line of audit.trimEnd().split("\n")) assertFalse(CONTROLS.test(line));
});
