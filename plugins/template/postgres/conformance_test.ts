// Loads through the plugin into a real database: every mode, every type with its edges, names, keys, rows
// that are refused, loads that stop and go on. It makes tables of its own there, and removes them.
import { testConformance } from "@snakepipe/snakepipe/conformance";

testConformance("mydb", async (use) => {
  const url = Deno.env.get("DATABASE_URL");
  if (!url) throw new Error("Name a database to test in: DATABASE_URL=postgres://me@localhost/test deno task test");
  await use({ plugin: new URL("dist/mydb.wasm", import.meta.url).pathname, settings: { url } });
});
