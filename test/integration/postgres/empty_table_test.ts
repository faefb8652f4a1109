/** Whether a table was emptied, as roles see it that may not read all of it. */
import { assertEquals } from "@std/assert";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { POSTGRES } from "../../../host/drivers/postgres/family.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { HostTables } from "../../../host/drivers/sql/host_tables.ts";
import { isEmpty } from "../../../host/drivers/sql/is_empty.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { config } from "./fixture.ts";

async function emptyFor(url: string): Promise<boolean> {
  const session = await Session.open(readTarget(config({ url })));
  const place = { schema: "public", hostSchema: "public", tableName: "t" };
  try {
    const database = { session, family: POSTGRES, endpoint: "" };
    return await isEmpty(new HostTables(database, { place, table: { name: "t" } }));
  } finally {
    await session.close();
  }
}

Deno.test("a table whose rows are hidden from a role is not taken for an emptied one", () =>
  withDatabase(async (url, sql) => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
    const own = url.replace(/\/\/[^@]*@/, `//${role}:pw@`);
    try {
      await sql.unsafe("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
      assertEquals([await emptyFor(url), await emptyFor(own)], [false, false]);
      await sql.unsafe(`GRANT SELECT ON t TO ${role}`);
      assertEquals(await emptyFor(own), false);
      await sql.unsafe("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
      assertEquals(await emptyFor(own), false);
      await sql.unsafe("DELETE FROM t");
      assertEquals([await emptyFor(url), await emptyFor(own)], [true, false]);
      await sql.unsafe("TRUNCATE t");
      assertEquals([await emptyFor(url), await emptyFor(own)], [true, true]);
    } finally {
      await sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }));
