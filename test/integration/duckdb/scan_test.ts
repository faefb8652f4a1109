/** Rows as a table that the engine scans. */
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import type { Batch } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { CellReader, Codec } from "../../../host/codec/codec.ts";
import { DUCKDB_WORDS } from "../../../host/drivers/duckdb/names_and_types.ts";
import { ScanWriter } from "../../../host/drivers/duckdb/scan_writer.ts";
import { openSession } from "../../../host/drivers/duckdb/session.ts";
import { slotNames } from "../../../host/drivers/sql/names.ts";
import { withDuckFile } from "./fixture.ts";

/** Rows of a group, as DuckDB stores them. */
const GROUP = 122_880;

Deno.test("duckdb: a batch is a whole group of DuckDB's rows, which is written once", () =>
  withDuckFile(async (file) => {
    await file.load(Array.from({ length: GROUP + 10 }, (_, id) => `{"id":${id}}`), { table: "t" });
    assertEquals(
      await file.query("SELECT rows_read FROM _snakepipe_batch ORDER BY sequence"),
      [[`${GROUP}`], ["10"]],
    );
    assertEquals(
      await file.query("SELECT count(*), count(DISTINCT id), max(id) FROM t"),
      [[`${GROUP + 10}`, `${GROUP + 10}`, `${GROUP + 9}`]],
    );
    assertEquals(
      await file.query(
        "SELECT sum(count) FROM pragma_storage_info('t') WHERE segment_type = 'BIGINT' " +
          "GROUP BY row_group_id ORDER BY row_group_id",
      ),
      [[`${GROUP}`], ["10"]],
    );
  }));

for (const ahead of [false, true]) {
  Deno.test(`duckdb: rows that cannot be read ${ahead ? "ahead " : ""}end the statement, with the reason`, () =>
    withDuckFile(async (file) => {
      const session = await openSession({ path: file.path, bulk: "auto", threads: 1 });
      try {
        await session.run("CREATE TABLE t (id BIGINT)");
        const reason = new LoadError("No memory for the codec", {
          code: "resource_exhausted",
          blame: "host",
        });
        const shape = {
          table: { name: "t" },
          columns: [{ name: "id", type: "int64", nullable: true, key: false }],
          mode: "append",
        } as const;
        const reader: CellReader = {
          read: () => 0,
          readPacked: () => {
            throw reason;
          },
          rejects: [],
          repaired: 0,
          varies: false,
        };
        const writer = new ScanWriter(
          session,
          {
            codec: { cells: () => reader } as unknown as Codec,
            shape,
            names: slotNames(DUCKDB_WORDS, shape, { schema: "main", loadId: "" }),
            write: {
              sql: "INSERT INTO {table} ({columns}) VALUES {rows}",
              row: "({values})",
              rowsMax: 1,
            },
            place: { schema: "main", hostSchema: "main", tableName: "t" },
            loadId: "",
            nul: undefined,
            rules: { nul: "keep", nan: true },
            ordinal: false,
          } as ConstructorParameters<typeof ScanWriter>[1],
        );
        const rows = writer.prepare({ ordinal: 0 } as Batch, {
          rejectsMax: 0,
          ...ahead ? { meanwhile: () => {} } : {},
        });
        await setImmediate();
        assertStrictEquals(await assertRejects(() => rows.send()), reason);
        assertEquals(await session.all("SELECT count(*) FROM t"), [[0n]]);
      } finally {
        await session.close();
      }
    }));
}
