/** Sources that had rows and have none now: what is in the database is not what stands there. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openSource } from "../../host/sources/open_source.ts";
import { rows } from "../../host/sources/rows.ts";
import type { Source } from "../../host/sources/source.ts";
import { LoadStoppedError } from "../../src/load/report.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";
import { ProgramFolder } from "./cli/program.ts";

/** Two rows in each form that a source has, and the forms of it without any. */
const FORMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "lines.ndjson": ['{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n', "", "\n\n"],
  "array.json": ['[{"id":1,"name":"a"},{"id":2,"name":"b"}]', "[]", "", " \n"],
  "rows.csv": ["id,name\n1,a\n2,b\n", "id,name\n", "id,name", ""],
  "rows.tsv": ["id\tname\n1\ta\n2\tb\n", "id\tname\n", ""],
};

for (const kind of TARGET_KINDS) {
  Deno.test(`emptied source: ${kind.name}: whatever its format, it is refused, and the rows stay`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const load = (source: Source, table: string, options = {}) =>
          host.load(source, backend, { table, ...options });
        const countOf = async (table: string) =>
          (await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM ${table}`))[0]!.n;
        let tables = 0;
        for (const [name, [full, ...empties]] of Object.entries(FORMS)) {
          for (const gzip of [false, true]) {
            // Batches, which are read here, and ranges, which are not.
            for (const options of [{}, { batchRowsMax: 1 }]) {
              const table = `t${++tables}`;
              const path = `${folder}/${table}_${name}${gzip ? ".gz" : ""}`;
              const put = (text: string) =>
                Deno.writeFile(path, gzip ? gzipSync(text) : new TextEncoder().encode(text));
              await put(full);
              await load(openSource([path]), table, options);
              for (const empty of empties) {
                await put(empty);
                const error = await assertRejects(
                  () => load(openSource([path]), table, options),
                  LoadStoppedError,
                );
                assertEquals(error.code, "source_changed", `${name} ${JSON.stringify(empty)}`);
              }
              assertEquals(await countOf(table), "2", name);
            }
          }
        }
        const named = { load: "mine" };
        await load(rows([{ id: 1 }, { id: 2 }]), "r", named);
        const error = await assertRejects(() => load(rows([]), "r", named), LoadStoppedError);
        assertEquals(error.code, "source_changed");
        await backend.close();
      })
    ));
}

Deno.test("emptied source: standard input, one file of a pattern, and what begins anew", async () => {
  await using place = await ProgramFolder.create({
    "a.csv": "id\n1\n",
    "b.csv": "id\n2\n",
  });
  const to = ["--to", "libsql:x.db", "--table"];
  const piped = ["load", "-", "--format", "csv", "--load", "mine", ...to, "p"];
  assertEquals((await place.run(piped, { stdin: "id\n1\n" })).status, 0);
  for (const stdin of ["id\n", ""]) {
    const { status, err } = await place.run(piped, { stdin });
    assertEquals(status, 1, err);
    assertStringIncludes(err, "The source has changed since it was loaded: - ends before byte");
  }
  const files = ["load", "*.csv", ...to, "f"];
  assertEquals((await place.run(files)).status, 0);
  await Deno.writeTextFile(place.path("a.csv"), "id\n");
  await Deno.writeTextFile(place.path("c.csv"), "id\n3\n");
  const { status, err } = await place.run(files);
  assertEquals(status, 1, err);
  assertStringIncludes(err, "a.csv ends before byte");
  // A file that was moved away is no change.
  await Deno.remove(place.path("a.csv"));
  assertEquals((await place.run(files)).status, 0);
  assertEquals(place.query("x.db", "SELECT count(*) FROM f"), [[3]]);
  await Deno.writeTextFile(place.path("b.csv"), "id\n");
  assertEquals((await place.run([...files, "--fresh"])).status, 0);
  await Deno.writeTextFile(place.path("c.csv"), "id\n");
  const emptied = await place.run([...files, "--mode", "replace", "--allow-empty"]);
  assertEquals(emptied.status, 0, emptied.err);
  assertEquals(place.query("x.db", "SELECT count(*) FROM f"), [[0]]);
});

Deno.test("emptied source: rows whose value has changed are not in two targets", async () => {
  const backends = Object.fromEntries(
    ["a", "b", "rest"].map((name) => [name, { type: "libsql", url: `libsql:${name}.db` }]),
  );
  const split = {
    ...{ source: "rows.csv", table: "t" },
    to: { by: "tenant", values: { x: "a", y: "b" }, else: "rest" },
  };
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": JSON.stringify({ backends, loads: { split } }),
    "rows.csv": "id,tenant\n1,x\n2,y\n",
  });
  assertEquals((await place.run(["run"])).status, 0);
  await Deno.writeTextFile(place.path("rows.csv"), "id,tenant\n1,y\n2,y\n");
  const { status, out } = await place.run(["run", "--json"]);
  const codes = JSON.parse(out).loads.map((load: { error?: { code: string } }) => load.error?.code);
  assertEquals([status, codes.slice(0, 2)], [1, ["source_changed", "source_changed"]], out);
  assertEquals(place.query("a.db", "SELECT id FROM t"), [[1]]);
  assertEquals(place.query("b.db", "SELECT id FROM t"), [[2]]);
});
