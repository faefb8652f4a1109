/** Files that the program writes to: what is none of its own is refused at once, and stays as it is. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { makePipe } from "../../support/named_pipe.ts";
import { ProgramFolder } from "./program.ts";

const ROWS = '{"id":1}\n{"id":"x"}\n{"id":3}\n';

/** What is named, and what is said of it. */
const REJECTS: readonly (readonly [string, string])[] = [
  ["image.png", "line 1 is no line of a file of rejects"],
  ["a.ndjson", "it is the source"],
  ["link.ndjson", "it is the source"],
  ["empty.ndjson", "it is the source"],
  ["t.db", "it is the database that rows go to"],
  ["new.db", "it is the database that rows go to"],
  ["t.db-wal", "it is the database that rows go to"],
  ["audit.ndjson", "it is the audit log"],
  ["plugins/plugins.lock", "it is plugins.lock of the plugins"],
  ["plugins/libsql.wasm", "it is the plugin"],
  ["snakepipe.jsonc", "it is the configuration"],
  ["schema.json", "it is the schema"],
  ["pipe", "it is a pipe"],
  ["/dev/full", "it is a device"],
];

const AUDIT: readonly (readonly [string, string])[] = [
  ["image.png", "it holds something else"],
  ["empty.ndjson", "it is the source"],
  ["t.db", "it holds something else"],
  ["pipe", "it is a pipe"],
  ["/dev/full", "it is a device"],
  ["schema.json", "it is the schema"],
];

Deno.test("files that are something else are written to by no option, and stay as they are", async () => {
  await using program = await ProgramFolder.create({
    "a.ndjson": ROWS,
    "empty.ndjson": "",
    "snakepipe.jsonc": '{ "backends": {} }',
    "schema.json": '{ "columns": [{ "name": "id", "type": "int64" }] }',
  });
  await Deno.writeFile(program.path("image.png"), crypto.getRandomValues(new Uint8Array(20_000)));
  await Deno.link(program.path("a.ndjson"), program.path("link.ndjson"));
  await makePipe(program.path("pipe"));
  new DatabaseSync(program.path("t.db")).exec("CREATE TABLE t (id integer)");
  await Deno.mkdir(program.path("plugins"));
  const built = new URL("../../../plugins/dist/libsql.wasm", import.meta.url);
  await Deno.copyFile(built, program.path("plugins/libsql.wasm"));
  const args = (to: string) => [
    ...["load", "a.ndjson", "empty.ndjson", "--table", "t", "--to", `libsql:${to}`],
    ...["--plugins", "plugins", "--schema", "schema.json", "--max-rejects", "5"],
  ];
  assertEquals((await program.run([...args("t.db"), "--rejects", "own.ndjson"])).status, 0);
  const before = await bytesIn(program.folder);
  const check = async (name: string, words: string, more: readonly string[]) => {
    const { status, err } = await program.run([
      ...args(name === "new.db" ? name : "t.db"),
      ...more,
    ]);
    assertEquals(status, 2, `${name}: ${err}`);
    assertStringIncludes(err, words);
  };
  for (const [name, words] of REJECTS) {
    const audit = name === "audit.ndjson" ? ["--audit", name] : [];
    await check(name, words, ["--rejects", name, ...audit]);
  }
  for (const [name, words] of AUDIT) {
    await check(name, words, ["--rejects", "own.ndjson", "--audit", name]);
  }
  const after = await bytesIn(program.folder);
  // What a database that is new begins with, and a log.
  for (const name of ["audit.ndjson", "new.db"]) after.delete(name);
  assertEquals([...after.keys()], [...before.keys()]);
  for (const [name, bytes] of after) assertEquals(before.get(name), bytes, name);
});

/** Every file of a folder, by its name. */
async function bytesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) files.set(name, (await Deno.readFile(`${folder}/${name}`)).toHex());
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

Deno.test("program that waits for a schema through a pipe ends by a signal", async () => {
  await using program = await ProgramFolder.create({ "a.ndjson": ROWS });
  await makePipe(program.path("pipe"));
  const args = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t", "--schema", "pipe"];
  const child = program.start(args);
  const output = child.output();
  // Opens once somebody reads there, who then waits.
  using _pipe = await Deno.open(program.path("pipe"), { write: true });
  child.kill("SIGTERM");
  const { signal, code } = await output;
  assertEquals(signal === "SIGTERM" || code === 143, true);
  await child.stdin.close();
});
