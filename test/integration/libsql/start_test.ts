import { assertEquals } from "@std/assert";
import { loadedModules, ofNode } from "../cli/loaded_modules.ts";
import { ProgramFolder, rowsText } from "../cli/program.ts";

/** What SQLite's engine is made of in this runtime. */
const ENGINE =
  /^(node:sqlite|ext:deno_node\/(sqlite|internal\/(crypto\/_keys|util\/types)|internal_binding\/types)\.ts)$/;

Deno.test("a load into a file loads none of Node's modules but SQLite's engine", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(10) });
  const args = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t"];
  const loaded = await loadedModules(place, args);
  assertEquals(ofNode(loaded).filter((url) => !ENGINE.test(url)), []);
});
