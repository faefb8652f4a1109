/** A row that the table's policy does not let in, through a whole load. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LoadStoppedError, rows } from "../../../mod.ts";
import { openHost, withFolder } from "../../support/target.ts";
import { withRole } from "./role.ts";

const SECURED =
  `CREATE TABLE nodes (id bigint PRIMARY KEY, name text); ALTER TABLE nodes ENABLE ROW LEVEL SECURITY;
  CREATE POLICY shown ON nodes FOR SELECT USING (true);
  CREATE POLICY changed ON nodes FOR UPDATE USING (true);
  CREATE POLICY few ON nodes FOR INSERT WITH CHECK (id <> 3)`;
const UPSERT = { table: "nodes", mode: "upsert", key: ["id"] } as const;

Deno.test("a row that a policy refuses stops the load, or is left out and kept where that is allowed", () =>
  withRole(
    "GRANT SELECT, INSERT, UPDATE ON nodes TO ROLE",
    (url, sql) =>
      withFolder(async (folder) => {
        const source = () => rows([1, 2, 3, 4].map((id) => ({ id, name: "n" })), { name: "nodes" });
        const ids = async () => (await sql`SELECT id::int FROM nodes ORDER BY id`).map((r) => r.id);
        await using host = await openHost();
        const backend = await host.createBackend("postgresql", { url });
        const error = await assertRejects(
          () => host.load(source(), backend, UPSERT),
          LoadStoppedError,
        );
        assertEquals(error.code, "rows_rejected");
        assertStringIncludes(error.message, "row-level policy does not let this row in");
        assertEquals(await ids(), []);
        const rejects = join(folder, "r.ndjson");
        const report = await host.load(source(), backend, {
          ...UPSERT,
          rejects,
          maxRejects: { kind: "count", rowsMax: 1 },
        });
        assertEquals([report.committed, report.rejected], [3, 1]);
        assertEquals(await ids(), [1, 2, 4]);
        const kept = JSON.parse(await Deno.readTextFile(rejects));
        assertEquals([kept.row.id, kept.code], [3, "integrity"]);
        assertStringIncludes(kept.message, "row-level policy does not let this row in");
      }),
    SECURED,
  ));
