// Loads through the plugin into a database file of its own: every mode, every type with its edges, names,
// keys, rows that are refused, loads that stop and go on.
import { testConformance } from "@snakepipe/snakepipe/conformance";

testConformance("mydb", async (use) => {
  const folder = await Deno.makeTempDir({ prefix: "mydb_" });
  try {
    const plugin = new URL("dist/mydb.wasm", import.meta.url).pathname;
    await use({ plugin, settings: { url: `libsql:${folder}/test.db` } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
