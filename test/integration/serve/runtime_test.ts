/** The sentence of the README about plugins that come while loads run, as an operator with a folder sees it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { eventually } from "../../support/eventually.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { PLUGINS } from "../../support/target.ts";
import { rowsFrom, ServeFolder } from "./serve_program.ts";

const SENTENCE =
  "Drop a `.wasm` file into the folder of plugins, or replace it, while loads run: the new one is asked " +
  "for the plans in use first, and serves the loads that begin.";

const README = new URL("../../../README.md", import.meta.url);

Deno.test(SENTENCE, async () => {
  assertStringIncludes(await Deno.readTextFile(README), SENTENCE);
  const backends = { file: { type: "libsql", url: "libsql:out.db" } };
  const loads = {
    rows: { source: "rows.ndjson", table: "t" },
    piped: { source: "pipe.ndjson", table: "piped", batchRows: 10 },
  };
  await using folder = await ServeFolder.create({ backends, default: "file", loads });
  const dropped = folder.path("plugins", "duckdb.wasm");
  await Deno.remove(dropped);
  const pipe = folder.path("pipe.ndjson");
  await makePipe(pipe);
  await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(0, 5));
  await using serve = folder.serve();
  await serve.run("rows");
  const first = await serve.until("rows", "complete");
  await serve.run("piped");
  using writer = await Deno.open(pipe, { write: true });
  const write = (from: number) => writer.write(new TextEncoder().encode(rowsFrom(from, 100)));
  await write(0);
  await serve.underWay("piped");

  // A file is dropped, and the configuration names what it makes.
  await Deno.copyFile(join(PLUGINS, "duckdb.wasm"), dropped);
  await serve.says(/Plugin \S+duckdb\.wasm was added: backend duckdb/);
  await folder.configure({
    backends: { ...backends, more: { type: "duckdb", url: "duckdb:more.duckdb" } },
    default: "file",
    loads: { ...loads, other: { source: "rows.ndjson", table: "t", to: "more", watch: true } },
  });
  assertEquals((await serve.until("other", "complete")).last?.committed, 5);

  // Another one is replaced, and the operator says that it is meant.
  const file = folder.path("plugins", "libsql.wasm");
  await Deno.writeFile(file, variantOf(await Deno.readFile(file), "next build"));
  const granted = await folder.run("grant", file);
  assertEquals(granted.status, 0, granted.err);
  const [replaced] = await serve.says(/libsql\.wasm was replaced in .*/);
  assertMatch(replaced, /0 of [1-9]\d* plans in use are other$/);
  await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(5, 5), { append: true });
  await serve.run("rows");
  const second = await eventually("the next load", async () => {
    const load = await serve.load("rows");
    return load?.runs === 2 && load.last;
  });
  assertEquals([second.committed, second.skipped], [5, 5]);
  assert(second.plugin!.sha256 !== first.last!.plugin!.sha256);

  await write(100);
  writer.close();
  const piped = await serve.until("piped", "complete");
  assertEquals([piped.last?.committed, piped.last?.plugin], [200, first.last!.plugin]);
  assertEquals((await serve.stop()).code, 0);
  assertEquals(folder.query("out.db", "SELECT count(*), count(DISTINCT id) FROM piped"), [[
    200,
    200,
  ]]);
  assertEquals(folder.query("out.db", "SELECT count(*), count(DISTINCT id) FROM t"), [[10, 10]]);
});
