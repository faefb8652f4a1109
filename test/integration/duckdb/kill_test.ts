/** A load into DuckDB that is killed, and goes on. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ndjson } from "../../../mod.ts";
import { withDuckFile } from "./fixture.ts";

/** Loads until that many batches are in, and is killed then. */
const LOADER = `import { createHost, ndjson } from "../../../mod.ts";
const [file, url, plugins, mode, batches] = Deno.args;
const host = await createHost({ plugins });
const backend = await host.createBackend("duckdb", { url });
let left = Number(batches);
await host.load(ndjson(file), backend, {
  table: "t", mode, key: ["id"], batchRowsMax: 1_000,
  onProgress: () => { if (--left === 0) Deno.kill(Deno.pid, "SIGKILL"); },
});`;

for (const mode of ["append", "upsert", "replace"] as const) {
  Deno.test(`duckdb: ${mode}: a load that is killed between batches goes on, and every row is in once`, () =>
    withDuckFile(async (file) => {
      await file.query(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR)",
        "INSERT INTO t VALUES (-1, 'old')",
      );
      const records = Array.from({ length: 9_500 }, (_, id) => ({ id, a: `a${id}` }));
      const path = await file.write(records, "killed.ndjson");
      const script = new URL(`./loader_${crypto.randomUUID().slice(0, 8)}.ts`, import.meta.url);
      await Deno.writeTextFile(script, LOADER);
      try {
        for (const batches of ["2", "5"]) {
          const plugins = join(import.meta.dirname!, "..", "..", "..", "plugins", "dist");
          const { signal } = await new Deno.Command(Deno.execPath(), {
            args: ["run", "-A", "--no-check", script.href, path, file.url, plugins, mode, batches],
            stderr: "null",
          }).output();
          assertEquals(signal, "SIGKILL");
        }
      } finally {
        await Deno.remove(script);
      }
      const report = await file.load(ndjson(path), {
        table: "t",
        mode,
        key: ["id"],
        batchRowsMax: 1_000,
      });
      // A replace begins again; the others have what was committed.
      assert(
        mode === "replace" ? report.skipped === 0 : report.skipped >= 5_000,
        `${report.skipped}`,
      );
      assertEquals(report.committed + report.skipped, 9_500);
      const old = mode === "replace" ? "0" : "1";
      assertEquals(
        await file.query(
          "SELECT count(*) FILTER (id >= 0), count(DISTINCT a), count(*) FILTER (id < 0) FROM t",
        ),
        [["9500", String(9_500 + Number(old)), old]],
      );
      assertEquals(
        await file.query("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%aside%'"),
        [["0"]],
      );
    }));
}
