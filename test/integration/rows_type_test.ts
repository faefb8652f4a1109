/** Into a table that is new, rows bring the types that JavaScript knows, on both databases. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError, type LoadOptions, rows } from "../../mod.ts";
import type { MadeType } from "../families/family.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const DAY = new Date(Date.UTC(2024, 1, 29, 12, 30, 0, 5));

/** A column's values, and the type that it is made of. */
const COLUMNS: Readonly<Record<string, readonly [unknown[], MadeType]>> = {
  date: [[DAY, null, new Date(0)], "timestamptz"],
  bytes: [[new Uint8Array([0, 255]), new ArrayBuffer(2), undefined], "bytes"],
  big: [[1n, 2n ** 62n], "int64"],
  bigger: [[1n, 2n ** 64n], "decimal"],
  whole: [[1, 2], "int64"],
  fraction: [[1, 2.5], "float64"],
  infinite: [[Infinity, -Infinity, 1], "float64"],
  flag: [[true, false], "boolean"],
  nested: [[{ at: DAY }, [new Uint8Array(1)]], "json"],
  text: [["2024-02-29T12:30:00.005Z", "x"], "text"],
  instant_text: [["2024-02-29T12:30:00.005Z", "2024-03-01T00:00:00.000Z"], "text"],
  mixed_date: [[DAY, "yesterday"], "text"],
  mixed_bytes: [[new Uint8Array(2), 1], "json"],
  mixed_kinds: [[DAY, new Uint8Array(2)], "text"],
};

for (const kind of TARGET_KINDS) {
  const load = async (target: Target, values: readonly object[], options: LoadOptions = {}) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    return await host.load(rows(values), backend, { table: "t", ...options });
  };

  Deno.test(`rows: ${kind.name}: types that values tell are inferred from them`, () =>
    kind.use(async (target) => {
      const columns = Object.entries(COLUMNS).filter(([name]) =>
        name !== "infinite" || kind.family.quirks.noInfinity === undefined
      );
      const count = Math.max(...columns.map(([, [values]]) => values.length));
      const records = Array.from(
        { length: count },
        (_, i) => Object.fromEntries(columns.map(([name, [v]]) => [name, v[i]])),
      );
      assertEquals((await load(target, records)).committed, count);
      const types = new Map(
        (await target.query(target.sql.columnsOf("t"))).map(({ name, type }) => [name, type]),
      );
      for (const [name, [, type]] of columns) {
        assertEquals(types.get(name), target.sql.types[type], name);
      }
      const { hexOfBytes, instantOf } = target.sql;
      const read = `${hexOfBytes("bytes")} AS bytes, ${target.textOf("bigger")} AS bigger, ${
        instantOf("date")
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

for (const kind of TARGET_KINDS) {
  Deno.test(`rows: ${kind.name}: NaN is a double, or refused by name`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const load = () => host.load(rows([{ f: 1.5 }, { f: NaN }]), backend, { table: "t" });
      if (kind.family.quirks.noNan) {
        const { issues } = await assertRejects(load, LoadError);
        assertStringIncludes(issues[0]!.message, "column f: The database keeps no NaN");
        return;
      }
      await load();
      const [column] = await target.query(target.sql.columnsOf("t"));
      assertEquals(column!.type, target.sql.types.float64);
      const found = await target.query(`SELECT ${target.textOf("f")} AS f FROM t`);
      assertEquals(found.map(({ f }) => f?.toLowerCase()).sort(), ["1.5", "nan"]);
    }));

  Deno.test(`rows: ${kind.name}: objects of Temporal are what they are`, () =>
    kind.use(async (target) => {
      // deno-lint-ignore no-explicit-any -- TypeScript's library does not name it in every version
      const { Temporal } = globalThis as any;
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const row = {
        i: Temporal.Instant.from("2024-02-29T12:30:00.000001Z"),
        d: Temporal.PlainDate.from("2024-02-29"),
        t: Temporal.PlainTime.from("12:30"),
        l: Temporal.PlainDateTime.from("2024-02-29T12:30"),
      };
      await host.load(rows([row]), backend, { table: "t" });
      const found = await target.query(target.sql.columnsOf("t"));
      const { timestamptz, date, time, timestamp } = target.sql.types;
      assertEquals(found.map(({ type }) => type), [timestamptz, date, time, timestamp]);
    }));
}
