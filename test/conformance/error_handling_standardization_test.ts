/** Error handling standardization: one error, closed codes, the thing, the place and the way out. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { csv, LoadError, LoadStoppedError, ndjson, rows } from "../../mod.ts";
import { withDatabase } from "../support/postgres_database.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

async function stopped(
  target: Target,
  lines: string,
  options: {
    table?: string;
    mode?: "append" | "upsert" | "replace";
    key?: string[];
    name?: string;
    batchRowsMax?: number;
  } = {},
): Promise<LoadStoppedError> {
  return await withFolder(async (folder) => {
    const file = join(folder, options.name ?? "rows.ndjson");
    await Deno.writeTextFile(file, lines);
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    const source = file.endsWith(".csv") ? csv(file) : ndjson(file);
    const { table = "t", name: _, ...rest } = options;
    return await assertRejects(
      () => host.load(source, backend, { table, ...rest }),
      LoadStoppedError,
    );
  });
}

async function count(target: Target, table = "t"): Promise<number> {
  return Number(
    (await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM ${table}`))[0]!.n,
  );
}

for (const kind of TARGET_KINDS) {
  const test = (name: string, act: (target: Target) => Promise<void>): void =>
    Deno.test(`error handling standardization: ${kind.name}: ${name}`, () => kind.use(act));

  test("a malformed line names file, line and position, and its batch is not committed", async (target) => {
    const error = await stopped(target, `{"a":1}\n{"a":2}\n{"a":,}\n{"a":4}\n`, {
      batchRowsMax: 2,
    });
    assertEquals([error.code, error.blame], ["rows_rejected", "data"]);
    assertStringIncludes(error.message, "rows.ndjson:3:6");
    assertEquals([error.report.committed, await count(target)], [2, 2]);
  });

  test("a row that does not fit its column names line and column, and shows no value", async (target) => {
    await target.execute("CREATE TABLE t (a SMALLINT, b TEXT NOT NULL)");
    const error = await stopped(
      target,
      `{"a":1,"b":"x"}\n{"a":"row-secret","b":"y"}\n{"a":3,"b":null}\n`,
    );
    assertEquals(error.code, "rows_rejected");
    assertStringIncludes(error.message, "rows.ndjson:2: column a");
    assertStringIncludes(error.message, "rows.ndjson:3: column b");
    assertEquals(error.message.includes("row-secret"), false);
    assertEquals(await count(target), 0);
  });

  test("a row that the database refuses names its line, and shows no value", async (target) => {
    await target.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
    await target.execute("INSERT INTO t VALUES (77712345, 'there')");
    const error = await stopped(target, `{"a":1,"b":"x"}\n{"a":77712345,"b":"y"}\n`);
    assertEquals(error.code, "rows_rejected");
    assertStringIncludes(error.message, "rows.ndjson:2");
    assertEquals(error.message.includes("77712345"), false);
    assertEquals(await count(target), 1);
  });

  test("a table that lacks a column names table and column", async (target) => {
    await target.execute("CREATE TABLE t (a INTEGER)");
    const error = await stopped(target, `{"a":1,"extra":2}\n`);
    assertEquals([error.code, error.blame], ["column_missing", "config"]);
    assertStringIncludes(error.message, "extra");
  });

  test("an upsert without a key, and without a matching unique constraint", async (target) => {
    assertEquals((await stopped(target, `{"a":1}\n`, { mode: "upsert" })).code, "key_missing");
    await target.execute("CREATE TABLE t (a INTEGER, b INTEGER UNIQUE)");
    const error = await stopped(target, `{"a":1,"b":1}\n`, { mode: "upsert", key: ["a"] });
    assertEquals(error.code, "key_not_unique");
    assertStringIncludes(error.message, "(b)");
  });

  test("a field that first stands in a later batch is named, not dropped", async (target) => {
    const error = await stopped(target, `{"a":1}\n{"a":2,"b":3}\n`, { batchRowsMax: 1 });
    assertEquals(error.code, "rows_rejected");
    assertStringIncludes(error.message, "column b");
    assertEquals(await count(target), 1);
  });

  test("names that belong to the loader are refused", async (target) => {
    assertEquals(
      (await stopped(target, `{"a":1}\n`, { table: "_snakepipe_load" })).code,
      "name_refused",
    );
    assertEquals((await stopped(target, `{"_snakepipe_ordinal":1}\n`)).code, "name_refused");
  });

  test("a replace that fails leaves the old table whole", async (target) => {
    await target.execute("CREATE TABLE t (a INTEGER NOT NULL)");
    await target.execute("INSERT INTO t VALUES (1)");
    const error = await stopped(target, `{"a":2}\n{"a":"x"}\n`, {
      mode: "replace",
      batchRowsMax: 1,
    });
    assertEquals(error.code, "rows_rejected");
    assertEquals(
      await target.query(`SELECT ${target.textOf("a")} AS a FROM t`),
      [{ a: "1" }].map((r) => Object.assign(Object.create(null), r)),
    );
  });

  test("an empty source is a success with zero rows, and the table is there where its columns are known", (target) =>
    withFolder(async (folder) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      await Deno.writeTextFile(join(folder, "empty.csv"), "a,b\n");
      await Deno.writeTextFile(join(folder, "empty.ndjson"), "");
      const named = await host.load(csv(join(folder, "empty.csv")), backend, { table: "t" });
      assertEquals([named.state, named.read, named.committed, await count(target)], [
        "complete",
        0,
        0,
        0,
      ]);
      const known = await host.load(ndjson(join(folder, "empty.ndjson")), backend, {
        table: "u",
        schema: [{ name: "a", type: "int64", nullable: true, key: false }],
      });
      assertEquals([known.state, known.committed, await count(target, "u")], ["complete", 0, 0]);
      const unknown = await host.load(ndjson(join(folder, "empty.ndjson")), backend, {
        table: "v",
      });
      assertEquals([unknown.state, unknown.committed], ["complete", 0]);
      assertStringIncludes(unknown.notes.join(), "was not created");
    }));

  test("a missing source names the file", async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    const error: LoadError = await assertRejects(
      async () => await host.load(ndjson("no/such/file.ndjson"), backend, { table: "t" }),
      LoadError,
    );
    assertEquals(error.code, "source_missing");
    assertStringIncludes(error.message, "no/such/file.ndjson");
  });

  test("a source that fails half way stops the load and says what was committed", async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    function* failing(): Generator<{ a: number }> {
      for (let a = 0; a < 30_000; a++) yield { a };
      throw new LoadError("The source broke", { code: "source_unreadable", blame: "data" });
    }
    const error: LoadStoppedError = await assertRejects(
      () => host.load(rows(failing()), backend, { table: "t", batchRowsMax: 1_000 }),
      LoadStoppedError,
      "The source broke",
    );
    assertEquals(error.report.state, "failed");
    assertEquals(error.report.committed, await count(target));
    assert(error.report.committed > 0);
  });

  test("a cancelled load finishes the batch in hand and says where it stopped", async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    const stop = new AbortController();
    function* endless(): Generator<{ a: number }> {
      for (let a = 0;; a++) yield { a };
    }
    const error: LoadStoppedError = await assertRejects(
      () =>
        host.load(rows(endless()), backend, {
          table: "t",
          batchRowsMax: 1_000,
          signal: stop.signal,
          onProgress: (p) => p.batches === 3 && stop.abort(),
        }),
      LoadStoppedError,
    );
    assertEquals([error.code, error.report.state], ["cancelled", "cancelled"]);
    assertEquals(error.report.committed, await count(target));
    assert(error.report.committed >= 3_000);
  });
}

Deno.test("error handling standardization: a database that is down, refuses the password or is not there", () =>
  withDatabase(async (url) => {
    await using host = await openHost();
    const at = (change: (u: URL) => void): string => {
      const u = new URL(url);
      change(u);
      return u.href;
    };
    const failing = async (bad: string): Promise<LoadError> => {
      const error: LoadError = await assertRejects(
        () => host.createBackend("postgresql", { url: bad }),
        LoadError,
      );
      assertEquals(error.message.includes("wrong-password"), false);
      assertEquals(error.message.includes(new URL(url).password), false);
      return error;
    };
    assertEquals((await failing(at((u) => u.port = "1"))).code, "connection_failed");
    assertEquals(
      (await failing(at((u) => u.password = "wrong-password"))).code,
      "authentication_failed",
    );
    const missing = await failing(at((u) => u.pathname = "/no_such_database"));
    assertStringIncludes(missing.message, "no_such_database");
  }));

Deno.test("error handling standardization: a missing privilege is named, and nothing is half done", () =>
  withDatabase(async (url, sql) => {
    const role = `poor_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
    try {
      const poor = new URL(url);
      poor.username = role;
      poor.password = "pw";
      await using host = await openHost();
      const backend = await host.createBackend("postgresql", { url: poor.href });
      const error: LoadError = await assertRejects(
        () => host.load(rows([{ a: 1 }]), backend, { table: "t" }),
        LoadError,
      );
      assertEquals([error.code, error.blame, error.vendorCode], [
        "privilege_missing",
        "config",
        "42501",
      ]);
      const [{ n }] =
        await sql`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'` as unknown as [
          { n: number },
        ];
      assertEquals(n, 0);
      // Into a table that is there, it needs no more than what a loader needs.
      await sql.unsafe("CREATE TABLE there (a bigint)");
      const rich = await host.createBackend("postgresql", { url });
      await host.load(rows([{ a: 1 }]), rich, { table: "there" });
      await sql.unsafe(
        `GRANT SELECT, INSERT, UPDATE ON there, _snakepipe_load, _snakepipe_batch TO ${role}`,
      );
      const report = await host.load(rows([{ a: 2 }]), backend, { table: "there" });
      assertEquals(report.committed, 1);
      await backend.close();
      await sql.unsafe(`DROP OWNED BY ${role}`);
    } finally {
      await sql.unsafe(`DROP ROLE ${role}`);
    }
  }));
