/** The bundled program beside the one that runs from its modules. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { outcomeOf, ProgramFolder } from "./program.ts";

const MODULES = fromFileUrl(new URL("../../../mod.ts", import.meta.url));

Deno.test("program loads alike from its modules and from its bundle", async () => {
  const lines = ['{"id":1,"text":"one"}', '{"id":2,"text":null}'].join("\n");
  await using place = await ProgramFolder.create({ "rows.ndjson": lines });
  const args = ["load", "rows.ndjson", "--table", "t", "--json", "--to"];
  const bundled = await place.run([...args, "libsql:bundled.db"]);
  const run = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MODULES, ...args, "libsql:modules.db"],
    cwd: place.folder,
    env: { NO_COLOR: "1" },
  }).output();
  const modules = outcomeOf(run);
  for (const { status, err } of [bundled, modules]) assertEquals([status, err], [0, ""]);
  assertEquals(told(bundled.out), told(modules.out));
  for (const name of ["bundled.db", "modules.db"]) {
    const rows = place.query(name, "SELECT id, text FROM t ORDER BY id");
    assertEquals(rows, [[1, "one"], [2, null]]);
  }
});

/** What a report says that does not differ from run to run. */
function told(out: string): unknown {
  const { state, source, backend, table, read, committed, batches } = JSON.parse(out);
  return { state, source, backend, table, read, committed, batches };
}
