/** What a role lacks beside privileges on its table is named, with the GRANT that helps. */
import { assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import type { LoadOrder } from "../../../host/drivers/driver.ts";
import { writeOne } from "../../support/write_one.ts";
import { batch, connected, load, NODES, NODES_DDL, order, planOf, shape } from "./fixture.ts";
import { ofKind, refused } from "./fixture.ts";
import { withRole } from "./role.ts";

const APPEND = order(shape("append"), planOf("append", NODES_DDL));
const ON_NODES = "GRANT SELECT, INSERT, UPDATE ON nodes TO ROLE";

/** The statements of a message, to whomever. */
function grantsIn(message: string): string[] {
  return message.match(/GRANT [^;(]+(?= TO )/g) ?? [];
}

/** A load by the superuser, who so makes the host's tables. */
async function madeByAnother(url: string, own: LoadOrder = APPEND): Promise<void> {
  const admin = new URL(url);
  admin.username = "postgres";
  admin.password = new URL(Deno.env.get("SNAKEPIPE_TEST_POSTGRES")!).password;
  await connected({ url: admin.href }, async (connection) => {
    await load(connection, { ...own, source: "of another" }, []);
  });
}

Deno.test("the host's tables of another role are named with what is lacking on them", () =>
  withRole(ON_NODES, async (url, sql, role) => {
    await madeByAnother(url);
    const lacked = [
      ["", [
        "SELECT, INSERT, UPDATE ON _snakepipe_batch",
        "SELECT, INSERT, UPDATE ON _snakepipe_load",
      ]],
      ["GRANT SELECT, INSERT, UPDATE ON _snakepipe_load TO ROLE", [
        "SELECT, INSERT, UPDATE ON _snakepipe_batch",
      ]],
    ] as const;
    for (const [granted, says] of lacked) {
      await sql.unsafe(granted.replaceAll("ROLE", role));
      await connected({ url }, async (connection) => {
        // A load that goes on reads what is in.
        const error = await refused(load(connection, { ...APPEND, source: "of another" }, []));
        assertObjectMatch(error, { code: "privilege_missing" });
        assertEquals(grantsIn(error.message), says.map((what) => `GRANT ${what}`));
        assertStringIncludes(error.message, ` TO ${role}`);
      });
    }
    await sql.unsafe(`GRANT SELECT ON _snakepipe_batch TO ${role}`);
    await connected({ url }, async (connection) => {
      const { record } = await connection.prepareLoad(APPEND);
      await connection.joinLoad(APPEND, record);
      const result = await writeOne(connection, batch(APPEND.shape, NODES));
      const { failure } = ofKind(result, "fatal");
      assertEquals(failure.kind, "privilege");
      assertEquals(grantsIn(failure.message), ["GRANT INSERT, UPDATE ON _snakepipe_batch"]);
    });
    await sql.unsafe(`GRANT INSERT, UPDATE ON _snakepipe_batch TO ${role}`);
    await connected({ url }, (connection) => load(connection, APPEND, [NODES]).then(() => {}));
    assertEquals((await sql`SELECT FROM nodes`).length, NODES.length);
  }));

Deno.test("a table of rejects that another role has made is tried before the first row", () =>
  withRole(ON_NODES, async (url, sql, role) => {
    const rejecting = { ...APPEND, rejectTable: true };
    await madeByAnother(url, rejecting);
    await sql.unsafe(
      `GRANT SELECT, INSERT, UPDATE ON _snakepipe_load, _snakepipe_batch TO ${role}`,
    );
    await connected({ url }, async (connection) => {
      const error = await refused(connection.prepareLoad(rejecting));
      assertObjectMatch(error, { code: "privilege_missing" });
      assertEquals(grantsIn(error.message), ["GRANT INSERT ON _snakepipe_reject"]);
      // Who keeps none there needs no privilege on it.
      await load(connection, APPEND, [NODES]);
    });
  }));

Deno.test("what is lacking on schema and database is named", () =>
  withRole(ON_NODES, async (url, sql, role) => {
    await sql.unsafe(`CREATE SCHEMA s; CREATE TABLE s.nodes (${NODES_DDL})`);
    const of = (schema: string) => ({
      ...APPEND,
      shape: { ...APPEND.shape, table: { schema, name: "nodes" } },
    });
    const says = async (work: () => Promise<unknown>) => {
      const error = await refused(work());
      assertObjectMatch(error, { code: "privilege_missing" });
      return grantsIn(error.message);
    };
    await connected({ url }, async (connection) => {
      assertEquals(await says(() => connection.prepareLoad(of("s"))), [
        "GRANT CREATE ON SCHEMA s",
        "GRANT USAGE ON SCHEMA s",
      ]);
      await sql.unsafe(`GRANT USAGE ON SCHEMA s TO ${role}; GRANT INSERT ON s.nodes TO ${role}`);
      assertEquals(await says(() => connection.prepareLoad(of("s"))), ["GRANT CREATE ON SCHEMA s"]);
      const { pathname } = new URL(url);
      await sql.unsafe(`REVOKE TEMPORARY ON DATABASE "${pathname.slice(1)}" FROM PUBLIC`);
      const upsert = order(shape("upsert"), planOf("upsert", NODES_DDL));
      const { record } = await connection.prepareLoad(upsert);
      assertEquals(await says(() => connection.joinLoad(upsert, record)), [
        `GRANT TEMPORARY ON DATABASE ${pathname.slice(1)}`,
      ]);
    });
  }));
