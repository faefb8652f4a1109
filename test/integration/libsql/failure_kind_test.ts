/** What real engines and a server of libSQL's say when they are provoked, by code and kind. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import type { FailureKind } from "../../../src/model/failure.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { writeOne } from "../../support/write_one.ts";
import {
  batchOf,
  begin,
  ENGINES,
  expectKind,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";

const SHAPE = shapeOf("append", { id: "int64", n: "int64", s: "text" });

/** What is done to the database once the load is open, and the batch that then fails. */
interface Case {
  readonly kind: FailureKind;
  readonly code: string;
  /** By another session. */
  readonly exec?: readonly string[];
  /** By the session of the load, where it keeps one. */
  readonly run?: readonly string[];
  readonly rows?: readonly unknown[];
  /** A part of the sentence. */
  readonly says: string;
}

const LONG_ROWS = Array.from({ length: 2_000 }, (_, id) => ({ id, s: "x".repeat(200) }));

const CASES: readonly Case[] = [
  {
    kind: "missing_table",
    code: "SQLITE_ERROR",
    exec: ["DROP TABLE t"],
    says: "The table is missing",
  },
  {
    kind: "missing_column",
    code: "SQLITE_ERROR",
    exec: ["ALTER TABLE t DROP COLUMN n"],
    says: "missing in the table, column n",
  },
  {
    kind: "invalid_plan",
    code: "SQLITE_ERROR",
    exec: ["ALTER TABLE t DROP COLUMN n", "ALTER TABLE t ADD COLUMN n AS (id + 1)"],
    says: "The database does not take a statement of the plan",
  },
  {
    kind: "resource",
    code: "SQLITE_FULL",
    run: ["PRAGMA max_page_count = 20"],
    rows: LONG_ROWS,
    says: "The disk is full",
  },
  {
    kind: "privilege",
    code: "SQLITE_READONLY",
    run: ["PRAGMA query_only = ON"],
    says: "cannot be written",
  },
];

for (const [engine, settings] of ENGINES) {
  for (const { kind, code, exec = [], run = [], rows, says } of CASES) {
    Deno.test(`a batch that fails for good is of the kind that says why: ${kind} (${engine})`, async () => {
      await using scratch = new Scratch();
      const connection = await scratch.connect(settings);
      await begin(connection, orderOf(SHAPE));
      await scratch.exec(...exec);
      await connection.run(run);
      const result = await writeOne(connection, batchOf(SHAPE, rows ?? [{ id: 1 }]));
      const { failure } = expectKind(result, "fatal");
      assertEquals([failure.kind, failure.code], [kind, code]);
      assertStringIncludes(failure.message, says);
    });
  }

  Deno.test(`a file that another program is writing to is a conflict (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect({ ...settings, busyTimeoutMs: 20 });
    await begin(connection, orderOf(SHAPE));
    const other = await scratch.connect({ ...settings });
    await other.run(["BEGIN IMMEDIATE"]);
    const result = await writeOne(connection, batchOf(SHAPE, [{ id: 1 }]));
    const { failure } = expectKind(result, "retry");
    assertEquals([failure.kind, failure.code], ["conflict", "SQLITE_BUSY"]);
    await other.run(["ROLLBACK"]);
    expectKind(await writeOne(connection, batchOf(SHAPE, [{ id: 1 }])), "written");
  });

  Deno.test(`a table that cannot be made is not called missing (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const plan = planOf(SHAPE, { create: ["CREATE TABLE {table} ({columns}, {columns})"] });
    const error = await assertRejects(
      () => connection.prepareLoad(orderOf(SHAPE, plan)),
      LoadError,
    );
    assertEquals([error.code, error.vendorCode], ["plan_refused", "SQLITE_ERROR"]);
  });

  Deno.test(`a stage that names what is not there says so (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const plan = planOf(SHAPE, {
      stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WHERE 0"],
    });
    const order = orderOf(SHAPE, plan);
    const { record } = await connection.prepareLoad(order);
    await scratch.exec("DROP TABLE t");
    const error = await assertRejects(() => connection.joinLoad(order, record), LoadError);
    assertEquals(error.code, "table_missing");
  });
}

Deno.test("a server's table or column that is missing is known by looking", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE));
  const kinds: FailureKind[] = [];
  for (const sql of ["ALTER TABLE t DROP COLUMN n", "DROP TABLE t"]) {
    await scratch.exec(sql);
    const result = await writeOne(connection, batchOf(SHAPE, [{ id: 1 }]));
    kinds.push(expectKind(result, "fatal").failure.kind);
  }
  assertEquals(kinds, ["missing_column", "missing_table"]);
});
