/** Into a table that is new, rows bring the types that JavaScript knows, on both databases. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHost, LoadError, type LoadOptions, rows } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const DAY = new Date(Date.UTC(2024, 1, 29, 12, 30, 0, 5));

/** A column's values, and what its type is declared as: for libSQL, for PostgreSQL. */
const COLUMNS: Readonly<Record<string, readonly [unknown[], string, string]>> = {
  date: [[DAY, null, new Date(0)], "TIMESTAMPTZ TEXT", "timestamp with time zone"],
  bytes: [[new Uint8Array([0, 255]), new ArrayBuffer(2), undefined], "BLOB", "bytea"],
  big: [[1n, 2n ** 62n], "INTEGER", "bigint"],
  bigger: [[1n, 2n ** 64n], "DECIMAL TEXT", "numeric"],
  whole: [[1, 2], "INTEGER", "bigint"],
  fraction: [[1, 2.5], "REAL", "double precision"],
  infinite: [[Infinity, -Infinity, 1], "REAL", "double precision"],
  flag: [[true, false], "BOOLEAN INTEGER", "boolean"],
  nested: [[{ at: DAY }, [new Uint8Array(1)]], "JSON TEXT", "jsonb"],
  text: [["2024-02-29T12:30:00.005Z", "x"], "TEXT", "text"],
  instant_text: [["2024-02-29T12:30:00.005Z", "2024-03-01T00:00:00.000Z"], "TEXT", "text"],
  mixed_date: [[DAY, "yesterday"], "TEXT", "text"],
  mixed_bytes: [[new Uint8Array(2), 1], "JSON TEXT", "jsonb"],
  mixed_kinds: [[DAY, new Uint8Array(2)], "TEXT", "text"],
};

function typesOf(target: Target): Promise<Record<string, string | null>[]> {
  return target.query(
    target.type === "libsql"
      ? "SELECT name, type FROM pragma_table_info('t')"
      : "SELECT column_name AS name, data_type AS type FROM information_schema.columns " +
        "WHERE table_name = 't'",
  );
}

for (const kind of TARGET_KINDS) {
  const load = async (target: Target, values: readonly object[], options: LoadOptions = {}) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    return await host.load(rows(values), backend, { table: "t", ...options });
  };

  Deno.test(`rows: ${kind.name}: types that values tell are inferred from them`, () =>
    kind.use(async (target) => {
      const count = Math.max(...Object.values(COLUMNS).map(([values]) => values.length));
      const records = Array.from(
        { length: count },
        (_, i) => Object.fromEntries(Object.entries(COLUMNS).map(([name, [v]]) => [name, v[i]])),
      );
      assertEquals((await load(target, records)).committed, count);
      const types = new Map((await typesOf(target)).map(({ name, type }) => [name, type]));
      for (const [name, [, libsql, postgresql]] of Object.entries(COLUMNS)) {
        assertEquals(types.get(name), target.type === "libsql" ? libsql : postgresql, name);
      }
      const hex = target.type === "libsql" ? "nullif(hex(bytes), '')" : "encode(bytes, 'hex')";
      const read = `${hex} AS bytes, ${target.textOf("bigger")} AS bigger, ${
        target.type === "libsql" ? "date" : "to_json(date AT TIME ZONE 'UTC') #>> '{}'"
      } AS date`;
      const found = await target.query(`SELECT ${read} FROM t`);
      assertEquals(
        found.map(({ bytes }) => bytes?.toLowerCase() ?? null).sort(),
        [
          "0000",
          "00ff",
          null,
        ].sort(),
      );
      assertEquals(found.map(({ bigger }) => bigger).includes("18446744073709551616"), true);
      const dates = found.map(({ date }) =>
        date && new Date(`${date.replace("Z", "")}Z`).getTime()
      );
      assertEquals(new Set(dates), new Set([DAY.getTime(), null, 0]));
    }));

  Deno.test(`rows: ${kind.name}: later rows that do not fit what values have told are refused`, () =>
    kind.use(async (target) => {
      const first = Array.from(
        { length: 20 },
        () => ({ d: DAY, b: new Uint8Array(1), f: 0.5, n: 1n }),
      );
      const late = [{ d: "yesterday" }, { b: "AA==" }, { f: 2n ** 53n + 1n }, { n: "1" }, { d: 5 }];
      const { code, issues }: LoadError = await assertRejects(
        () => load(target, [...first, ...late], { batchRowsMax: 20 }),
        LoadError,
      );
      assertEquals(code, "rows_rejected");
      assertEquals(
        issues.map(({ path, message }) => `${path} ${message.split(":")[0]}`),
        ["d", "b", "f", "n", "d"].map((name, i) => `rows:${21 + i} column ${name}`),
      );
    }));
}

Deno.test("rows: NaN is a double to PostgreSQL, and refused by name on SQLite", async () => {
  await TARGET_KINDS[1]!.use(async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    await host.load(rows([{ f: NaN }, { f: 1 }]), backend, { table: "t" });
    const found = await target.query(
      "SELECT pg_typeof(f)::text AS type, f::text AS f FROM t ORDER BY f",
    );
    assertEquals(found.map(({ type, f }) => `${type} ${f}`), [
      "double precision 1",
      "double precision NaN",
    ]);
  });
  await TARGET_KINDS[0]!.use(async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    const { issues } = await assertRejects(
      () => host.load(rows([{ f: 1.5 }, { f: NaN }]), backend, { table: "t" }),
      LoadError,
    );
    assertStringIncludes(issues[0]!.message, "column f: The database keeps no NaN");
  });
});

Deno.test("rows: objects of Temporal are what they are", async () => {
  // deno-lint-ignore no-explicit-any -- TypeScript's library does not name it in every version
  const { Temporal } = globalThis as any;
  await TARGET_KINDS[1]!.use(async (target) => {
    await using host = await createHost({
      plugins: (await import("../support/target.ts")).PLUGINS,
    });
    const backend = await host.createBackend(target.type, target.config);
    const row = {
      i: Temporal.Instant.from("2024-02-29T12:30:00.000001Z"),
      d: Temporal.PlainDate.from("2024-02-29"),
      t: Temporal.PlainTime.from("12:30"),
      l: Temporal.PlainDateTime.from("2024-02-29T12:30"),
    };
    await host.load(rows([row]), backend, { table: "t" });
    const types = new Map((await typesOf(target)).map(({ name, type }) => [name, type]));
    assertEquals([types.get("i"), types.get("d"), types.get("t"), types.get("l")], [
      "timestamp with time zone",
      "date",
      "time without time zone",
      "timestamp without time zone",
    ]);
  });
});
