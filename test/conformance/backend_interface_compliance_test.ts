/** Backend interface compliance: every member of `DatabaseBackend`, on every backend that there is. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Batch, DatabaseBackend, Shape } from "../../mod.ts";
import { LoadError } from "../../mod.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";
import { expectKind } from "../support/expect_kind.ts";
import { MemoryBackend } from "../support/memory_backend.ts";

const SHAPE: Shape = {
  table: { name: "people" },
  columns: [
    { name: "id", type: "int64", nullable: false, key: true },
    { name: "name", type: "text", nullable: true, key: false },
  ],
  mode: "append",
};

function batchOf(records: readonly object[], shape: Shape = SHAPE): Batch {
  const lines = records.map((r) => new TextEncoder().encode(JSON.stringify(r) + "\n"));
  const offsets = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => offsets[i + 1] = offsets[i]! + line.length);
  const bytes = new Uint8Array(offsets.at(-1)!);
  lines.forEach((line, i) => bytes.set(line, offsets[i]));
  return {
    shape,
    format: { kind: "ndjson" },
    bytes,
    offsets,
    sequence: 0,
    ordinal: 0,
    part: "test",
    byteOffset: 0,
    line: 1,
  };
}

/** What every backend must do, whatever it is made of. */
async function complies(backend: DatabaseBackend, count: () => Promise<number>): Promise<void> {
  assert(backend.capabilities?.modes.includes("append"), "capabilities");

  const good = batchOf([{ id: 1, name: "Ada" }, { id: 2, name: null }]);
  assertEquals(backend.validate!(good), { valid: true, faults: [] });
  const bad = batchOf([{ id: 1 }], { ...SHAPE, columns: [], mode: "upsert" });
  assertEquals(backend.validate!(bad).valid, false);
  assert(backend.validate!(bad).faults.length > 0);

  const written = expectKind(await backend.writeBatch(good), "written");
  assertEquals(written.counts, { read: 2, committed: 2, superseded: 0, rejected: 0 });
  assertEquals(await count(), 2);

  const health = await backend.healthCheck();
  assert(health.status !== "unhealthy", health.detail);
  assert(health.latencyMs >= 0);
  assert(Number.isFinite(health.checkedAt));

  await backend.close();
  await backend.close();
  assertEquals((await backend.healthCheck()).status, "unhealthy");
}

for (const kind of TARGET_KINDS) {
  Deno.test(`backend interface compliance: ${kind.name} through its plugin`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      await complies(
        backend,
        async () =>
          Number(
            (await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM people`))[0]!.n,
          ),
      );
    }));

  Deno.test(`backend interface compliance: ${kind.name} rejects a row, names it, and writes nothing`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const result = expectKind(
        await backend.writeBatch(
          batchOf([{ id: 1, name: "x" }, { id: "secret-value", name: "y" }]),
        ),
        "reject",
      );
      assertEquals(result.rows.map((r) => [r.ordinal, r.line, r.column, r.code]), [[
        1,
        2,
        "id",
        "type",
      ]]);
      assertEquals(JSON.stringify(result).includes("secret-value"), false);
      assertEquals(
        (await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM people`))[0]!.n,
        "0",
      );
    }));

  Deno.test(`backend interface compliance: ${kind.name} describes a table that is there, and none that is not`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      assertEquals(await backend.describeTable!({ name: "people" }), undefined);
      await target.execute(
        "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name TEXT, age DOUBLE PRECISION)",
      );
      const table = await backend.describeTable!({ name: "people" });
      assertEquals(table!.columns.map((c) => [c.name, c.type.replace("int32", "int64")]), [
        ["id", "int64"],
        ["name", "text"],
        ["age", "float64"],
      ]);
      assertEquals(table!.uniqueKeys, [["id"]]);
    }));
}

Deno.test("backend interface compliance: a backend in TypeScript, registered by its class", async () => {
  await using host = await openHost();
  host.registerBackend("memory", MemoryBackend, MemoryBackend.SCHEMA);
  const backend = await host.createBackend("memory", { name: "compliance" });
  await complies(backend, () => Promise.resolve(MemoryBackend.rowsOf("compliance").length));
});

Deno.test("backend interface compliance: connection and configuration errors are distinct", async () => {
  await using host = await openHost();
  await withFolder(async (folder) => {
    const config: LoadError = await assertRejects(
      () => host.createBackend("libsql", { url: 3 }),
      LoadError,
    );
    assertEquals([config.code, config.blame], ["config_invalid", "config"]);
    const connection: LoadError = await assertRejects(
      () => host.createBackend("libsql", { url: `libsql:${folder}/no/such/folder/x.db` }),
      LoadError,
    );
    assertEquals(connection.code === "config_invalid", false, connection.message);
  });
  const down: LoadError = await assertRejects(
    () => host.createBackend("postgresql", { url: "postgres://nobody:hunter2@127.0.0.1:1/db" }),
    LoadError,
  );
  assertEquals(down.code, "connection_failed");
  assertEquals(down.message.includes("hunter2"), false);
});
