import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { configFiles, PAGE, SCHEMA } from "../../../tools/write_config.ts";
import { ProgramFolder } from "./program.ts";

/** Ten mistakes, each in a line of its own, which is named. */
const TEN: readonly (readonly [line: string, path: string, said: string])[] = [
  ['"plugin": "x",', "plugin", "Unknown name, did you mean plugins?"],
  ['"audit": 3,', "audit", "Expected a string"],
  ['"default": "nope",', "default", "No backend is named nope, there are: lite, typo, server"],
  [
    '"routes": [{ "table": "t", "backend": "gone" }],',
    "routes.0.backend",
    "No backend is named gone",
  ],
  ['"backends": { "lite": { "type": "libsql", "url": "libsql:a.db",', "", ""],
  ['  "poolSize": "two" },', "backends.lite.poolSize", "Expected a number but received"],
  [
    '  "typo": { "type": "libsq", "url": "libsql:a.db" },',
    "backends.typo.type",
    "did you mean libsql?",
  ],
  [
    '  "server": { "type": "libsql", "url": "libsql:${SNAKEPIPE_NO_SUCH}" } },',
    "backends.server.url",
    "SNAKEPIPE_NO_SUCH is not set",
  ],
  ['"loads": { "a": { "source": "a.csv",', "", ""],
  ['  "mode": "insert",', "loads.a.mode", "Expected append, upsert or replace"],
  ['  "schedule": "never" },', "loads.a.schedule", "in the words of cron"],
  [
    '  "b": { "source": "b.csv", "after": "b" } }',
    "loads.b.after",
    "No load can come after itself",
  ],
];

Deno.test("config check: ten mistakes are told at once, each with its line", async () => {
  const text = `{\n${TEN.map(([line]) => line).join("\n")}\n}`;
  await using place = await ProgramFolder.create({ "snakepipe.jsonc": text });
  const { status, out } = await place.run(["config", "check", "--json"]);
  assertEquals(status, 2);
  const { file, valid, issues } = JSON.parse(out);
  assertEquals([file, valid, issues.length], ["snakepipe.jsonc", false, 10]);
  for (const [i, [, path, said]] of TEN.entries()) {
    if (path === "") continue;
    const issue = issues.find((issue: { path: string }) => issue.path === path);
    assert(issue, `${path} is missing in ${out}`);
    assertEquals(issue.line, i + 2, path);
    assertStringIncludes(issue.message, said);
  }
  const human = await place.run(["config", "check", "snakepipe.jsonc"]);
  assertEquals([human.status, human.err], [2, ""]);
  assertStringIncludes(human.out, "snakepipe.jsonc:2:1: plugin: Unknown name");
  assertStringIncludes(human.out, "10 problems in snakepipe.jsonc");
});

Deno.test("config check: mistakes in the JSON are told, and names that stand twice", async () => {
  await using place = await ProgramFolder.create({
    "broken.jsonc": '{\n  "default": "a" "b"\n  "backends": {,}\n}',
    "twice.jsonc": `{
  "backends": { "a": { "type": "libsql", "url": "libsql:a.db" } },
  "backends": { "b": { "type": "libsql", "url": "libsql:b.db" } }
}`,
  });
  const broken = await place.run(["config", "check", "broken.jsonc"]);
  assertEquals(broken.status, 2);
  assertStringIncludes(broken.out, "broken.jsonc:2:18: Invalid JSON: ");
  assertStringIncludes(broken.out, "broken.jsonc:3:");
  const twice = await place.run(["config", "check", "twice.jsonc"]);
  assertStringIncludes(twice.out, "twice.jsonc:3:3: backends: Stands there twice");
  const gone = await place.run(["config", "check", "gone.jsonc"]);
  assertEquals(gone.status, 2);
  assertStringIncludes(
    gone.err,
    "No such configuration file: gone.jsonc; name it with --config FILE",
  );
});

Deno.test("config check: settings of loads, and their files of columns, are held to what takes them", async () => {
  await using place = await ProgramFolder.create({
    "columns.json": `{"columns":[{"name":"id","type":"int46"}]}`,
    "snakepipe.jsonc": `{
      "backends": { "lite": { "type": "libsql", "url": "libsql:a.db" } },
      "loads": { "a": { "source": "a.csv", "to": "lite", "schema": "columns.json",
        "set": { "poolSise": 3, "busyTimeoutMs": "soon" } } }
    }`,
  });
  const { status, out } = await place.run(["config", "check"]);
  assertEquals(status, 2);
  assertStringIncludes(out, "loads.a.schema: columns.json is not valid: columns.0.type: Expected");
  assertStringIncludes(out, "loads.a.set.poolSise: Unknown name, did you mean poolSize?");
  assertStringIncludes(out, "loads.a.set.busyTimeoutMs: Expected a whole number");
});

Deno.test("config check: targets are read as a load reads them, whatever else is missing", async () => {
  const lines: readonly (readonly [line: string, path: string, said: string])[] = [
    ['"backends": { "lite": { "type": "libsql", "url": "libsql:a.db" },', "", ""],
    [
      '"port": { "type": "postgresql", "url": "postgres://u:hunter2@h:99999/d" },',
      "backends.port.url",
      "its port is not a number from 1 to 65535",
    ],
    [
      '"tls": { "type": "postgresql", "url": "postgres://u:hunter2@h/d?sslmode=foo" },',
      "backends.tls.url",
      "sslmode must be one of",
    ],
    [
      '"two": { "type": "mysql", "url": "mysql://u@h/d", "password": "hunter2", "passwordFile": "p" },',
      "backends.two.passwordFile",
      "stands beside password",
    ],
    [
      '"unset": { "type": "postgresql", "url": "${SNAKEPIPE_NO_SUCH}", "password": "x", "passwordFile": "p" },',
      "backends.unset.url",
      "SNAKEPIPE_NO_SUCH is not set",
    ],
    [
      '"memory": { "type": "duckdb", "url": "duckdb::memory:" } },',
      "backends.memory.url",
      "a file",
    ],
    [
      '"loads": { "whole": { "source": "a.csv", "to": "lite", "table": "${SNAKEPIPE_NO_SUCH}" },',
      "loads.whole.table",
      "is not set",
    ],
    [
      '"set": { "source": "a.csv", "to": "libsql:b.db", "set": { "foo": "x" } },',
      "loads.set.set.foo",
      "Unknown name",
    ],
    [
      '"several": { "source": "a.csv", "to": ["lite", "duckdb:b.db"], "set": { "threads": 2 } },',
      "loads.several.set.threads",
      "Unknown name",
    ],
    [
      '"port": { "source": "a.csv", "to": "postgres://u:hunter2@h:99999/d" },',
      "loads.port.to",
      "its port is not a number",
    ],
    [
      '"scheme": { "source": "a.csv", "to": "libsq:a.db" },',
      "loads.scheme.to",
      "did you mean libsql",
    ],
    ['"lost": { "source": "lost.csv" },', "loads.lost", "No route fits table lost"],
    [
      '"routed": { "source": "routed.csv", "set": { "bar": 1 } },',
      "loads.routed.set.bar",
      "Unknown name",
    ],
    [
      '"unnamed": { "source": ["a.csv", "b.csv"], "to": "lite" } },',
      "loads.unnamed",
      "table must be named",
    ],
    ['"routes": [{ "table": "routed", "backend": "lite" }]', "", ""],
  ];
  const text = `{\n${lines.map(([line]) => line).join("\n")}\n}`;
  await using place = await ProgramFolder.create({ "snakepipe.jsonc": text });
  const { status, out } = await place.run(["config", "check", "--json"]);
  assertEquals(status, 2);
  assert(!out.includes("hunter2"), out);
  const { issues } = JSON.parse(out);
  for (const [i, [, path, said]] of lines.entries()) {
    if (path === "") continue;
    const found = issues.filter((issue: { path: string }) => issue.path === path);
    assertEquals(found.length, 1, `${path} in ${out}`);
    assertEquals(found[0].line, i + 2, path);
    assertStringIncludes(found[0].message, said);
  }
  const told = new Set(lines.map(([, path]) => path).filter((path) => path !== ""));
  const more = issues.filter(({ path }: { path: string }) => !told.has(path));
  assertEquals(
    more.map(({ path }: { path: string }) => path),
    ["backends.unset.passwordFile"],
  );
});

Deno.test("config check: no value of a secret is shown", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": `{ "default": "\${PASSWORD}", "backends": { "a": {
      "type": "libsql", "url": "libsql:a.db", "poolSize": "\${PASSWORD}" } } }`,
  });
  const { status, out, err } = await place.run(["config", "check"], {
    env: { PASSWORD: "hunter2x" },
  });
  assertEquals(status, 2);
  assert(!`${out}${err}`.includes("hunter2x"), out);
});

Deno.test("config check: a file without a fault is valid, and words that are none are refused", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": `{ "$schema": "./snakepipe.schema.json", "backends": {}, }`,
  });
  const { status, out } = await place.run(["config", "check"]);
  assertEquals([status, out], [0, "snakepipe.jsonc is valid\n"]);
  const word = await place.run(["config", "chek"]);
  assertEquals(word.status, 2);
  assertStringIncludes(word.err, "config takes check or schema, did you mean check?");
});

Deno.test("config schema: page and schema are as the program has them", async () => {
  const files = await configFiles(await Deno.readTextFile(PAGE));
  const way = "write them again: deno run -A tools/write_config.ts";
  assertEquals(await Deno.readTextFile(PAGE), files.page, way);
  assertEquals(await Deno.readTextFile(SCHEMA), files.schema, way);
  await using place = await ProgramFolder.create();
  const { status, out } = await place.run(["config", "schema"]);
  assertEquals([status, JSON.parse(out)], [0, JSON.parse(files.schema)]);
});
