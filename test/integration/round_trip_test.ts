/** The rows of a load, read back equal from both databases, by a reader that knows no driver. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  type Column,
  csv,
  type LoadOptions,
  ndjson,
  rows,
  type Source,
  type WriteMode,
} from "../../mod.ts";
import { kindOf, openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

/** Texts that get lost in other tools. */
const TEXTS: readonly string[] = [
  "plain",
  "",
  " leading and trailing ",
  `quotes " and ' and ""`,
  "tab\tnewline\ncarriage\rreturn\r\n",
  "back\\slash \\N \\. \\t \\x41 \\\\",
  "\\N",
  "NULL",
  "emoji 👩‍👩‍👧 and é and e\u0301 and 漢字",
  "\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u2028\u2029\ufeff",
  "{table} $1 ? :a @b ; -- /* */",
  "x".repeat(100_000),
];

const COLUMNS: readonly Column[] = [
  { name: "id", type: "int64", nullable: false, key: true },
  { name: "text", type: "text", nullable: true, key: false },
  { name: "big", type: "int64", nullable: true, key: false },
  { name: "price", type: "decimal", nullable: true, key: false },
  { name: "ratio", type: "float64", nullable: true, key: false },
  { name: "flag", type: "boolean", nullable: true, key: false },
  { name: "doc", type: "json", nullable: true, key: false },
];

function hex(text: string): string {
  return [...new TextEncoder().encode(text)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function load(target: Target, source: Source, options: LoadOptions): Promise<number> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return (await host.load(source, backend, options)).committed;
}

function plain<T>(records: readonly T[]): T[] {
  return records.map((r) => ({ ...r }));
}

for (const kind of TARGET_KINDS) {
  for (const mode of ["append", "upsert", "replace"] as const satisfies WriteMode[]) {
    Deno.test(`round trip: ${kind.name}: ${mode} keeps every byte of odd texts`, () =>
      kind.use(async (target) => {
        const records = TEXTS.map((text, id) => ({ id, text }));
        const odd = target.sql.quote('odd "t"');
        const committed = await load(target, rows(records), {
          table: `"odd ""t"""`,
          mode,
          key: ["id"],
        });
        assertEquals(committed, TEXTS.length);
        const back = await target.query(
          `SELECT ${target.textOf("id")} AS id, ${target.hexOf("text")} AS text FROM ${odd}`,
        );
        assertEquals(
          plain(back).sort((a, b) => Number(a.id) - Number(b.id)),
          records.map((r) => ({ id: String(r.id), text: hex(r.text) })),
        );
      }));
  }

  Deno.test(`round trip: ${kind.name}: numbers keep every digit, nulls stay null, nested values stay JSON`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const file = join(folder, "rows.ndjson");
        const [large, small] = target.family.quirks.shortDecimals === undefined
          ? ["123456789012345678901234567890.123456789", "-0.000000000000000000000001"]
          : ["1234567890123456789012345678.123456789", "-0.0000000001"];
        const lines = [
          `{"id":1,"big":9007199254740993,"price":0.1,"ratio":0.1,"flag":true,"doc":{"a":[1,2,{"b":null}]}}`,
          `{"id":2,"big":-9223372036854775808,"price":${large},"ratio":5e-324,"flag":false,"doc":[]}`,
          `{"id":3,"big":9223372036854775807,"price":${small},"ratio":-1.7976931348623157e308,"flag":null,"doc":"text"}`,
          `{"id":4,"big":null,"price":null,"ratio":null,"doc":null}`,
          `{"id":5,"big":0,"price":1.10,"ratio":1,"doc":12345678901234567890}`,
        ];
        await Deno.writeTextFile(file, lines.join("\n"));
        await load(target, ndjson(file), { table: "n", schema: COLUMNS });
        const t = target.textOf;
        const back = plain(
          await target.query(
            `SELECT ${t("big")} AS big, ${t("price")} AS price, ${
              t("doc")
            } AS doc FROM n ORDER BY id`,
          ),
        );
        assertEquals(back.map((r) => r.big), [
          "9007199254740993",
          "-9223372036854775808",
          "9223372036854775807",
          null,
          "0",
        ]);
        assertEquals(back.map((r) => r.price), [
          "0.1",
          large,
          small,
          null,
          target.family.quirks.fixedDecimals === undefined ? "1.10" : "1.1",
        ]);
        assertEquals(back.map((r) => JSON.parse(r.doc ?? "null")), [
          { a: [1, 2, { b: null }] },
          [],
          "text",
          null,
          12345678901234567890,
        ]);
        const exact = target.sql.exactDouble("ratio");
        const floats = plain(
          await target.query(`SELECT ${exact} AS f FROM n WHERE ratio IS NOT NULL ORDER BY id`),
        );
        assertEquals(floats.map((r) => Number(r.f)), [0.1, 5e-324, -1.7976931348623157e308, 1]);
        const flags = plain(
          await target.query(
            `SELECT CASE WHEN flag THEN 'yes' WHEN NOT flag THEN 'no' END AS flag FROM n ORDER BY id`,
          ),
        );
        assertEquals(flags.map((r) => r.flag), ["yes", "no", null, null, null]);
      })
    ));

  Deno.test(`round trip: ${kind.name}: a file loaded twice fits the table that it made`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const file = join(folder, "rows.ndjson");
        await Deno.writeTextFile(
          file,
          `{"i":1,"f":1.5,"s":"x","b":true,"j":{"k":[1]},"d":12345678901234567890.5,"n":null}\n{"i":2,"f":2,"s":"y","b":false,"j":[],"d":1}\n`,
        );
        const times = [[{}, 2], [{}, 0], [{ fresh: true }, 2]] as const;
        for (const [options, committed] of times) {
          const loaded = await load(target, ndjson(file), { table: "twice", ...options });
          assertEquals(loaded, committed);
        }
        assertEquals(await load(target, ndjson(file), { table: "twice", mode: "replace" }), 2);
        const back = plain(
          await target.query(
            `SELECT ${target.textOf("i")} AS i, ${target.textOf("d")} AS d FROM twice ORDER BY i`,
          ),
        );
        assertEquals(back, [{ i: "1", d: "12345678901234567890.5" }, { i: "2", d: "1" }]);
      })
    ));

  Deno.test(`round trip: ${kind.name}: CSV with quotes, newlines, nulls and empty texts`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const file = join(folder, "rows.csv");
        await Deno.writeTextFile(
          file,
          `id,text,more\r\n1,"a ""quoted"" , text",\r\n2,"two\nlines",""\r\n3,,x\r\n9007199254740993,👍,007\r\n`,
        );
        assertEquals(await load(target, csv(file), { table: "c" }), 4);
        const back = plain(
          await target.query(
            `SELECT ${target.textOf("id")} AS id, ${target.hexOf("text")} AS text, ${
              target.hexOf("more")
            } AS more FROM c`,
          ),
        ).sort((a, b) => Number(a.id) - Number(b.id));
        assertEquals(back, [
          { id: "1", text: hex(`a "quoted" , text`), more: null },
          { id: "2", text: hex("two\nlines"), more: "" },
          { id: "3", text: null, more: hex("x") },
          { id: "9007199254740993", text: hex("👍"), more: hex("007") },
        ]);
      })
    ));

  Deno.test(`round trip: ${kind.name}: rows from the API keep bigints, dates, bytes and special floats`, () =>
    kind.use(async (target) => {
      const schema: Column[] = [
        { name: "id", type: "int64", nullable: false, key: false },
        { name: "made", type: "timestamptz", nullable: true, key: false },
        { name: "raw", type: "bytes", nullable: true, key: false },
      ];
      const record = {
        id: 2n ** 60n + 1n,
        made: new Date("2024-02-29T12:34:56.789Z"),
        raw: new Uint8Array([0, 255, 10, 92]),
      };
      assertEquals(await load(target, rows([record, { id: 2n }]), { table: "api", schema }), 2);
      const raw = target.sql.hexOfBytes("raw");
      const back = plain(
        await target.query(
          `SELECT ${target.textOf("id")} AS id, ${raw} AS raw, ${
            target.textOf("made")
          } AS made FROM api`,
        ),
      )
        .sort((a, b) => b.id!.length - a.id!.length);
      assertEquals(back[0]!.id, "1152921504606846977");
      assertEquals(back[0]!.raw, "00ff0a5c");
      assertEquals(new Date(back[0]!.made!).getTime(), record.made.getTime());
      assertEquals(back[1]!.made, null);
    }));

  Deno.test(`round trip: ${kind.name}: an upsert takes the last of equal keys, and counts the others`, () =>
    kind.use(async (target) => {
      const table = { table: "u", mode: "upsert", key: ["a", "b"] } as const;
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const first = await host.load(
        rows([{ a: 1, b: "x", v: "old" }, { a: 2, b: "x", v: "kept" }]),
        backend,
        table,
      );
      assertEquals([first.read, first.committed, first.superseded], [2, 2, 0]);
      const second = await host.load(
        rows([{ a: 1, b: "x", v: "mid" }, { a: 3, b: "x", v: "new" }, { a: 1, b: "x", v: "last" }]),
        backend,
        table,
      );
      assertEquals([second.read, second.committed, second.superseded], [3, 2, 1]);
      const back = plain(
        await target.query(`SELECT ${target.textOf("a")} AS a, v FROM u ORDER BY a`),
      );
      assertEquals(back, [{ a: "1", v: "last" }, { a: "2", v: "kept" }, { a: "3", v: "new" }]);
    }));

  Deno.test(`round trip: ${kind.name}: the load row and the ledger agree with the table`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const report = await host.load(
        rows(Array.from({ length: 2_500 }, (_, i) => ({ i }))),
        backend,
        {
          table: "l",
          batchRowsMax: 1_000,
        },
      );
      const t = target.textOf;
      const loads = plain(
        await target.query(
          `SELECT ${t("id")} AS id, state, ${
            t("rows_committed")
          } AS n, plan_hash FROM _snakepipe_load`,
        ),
      );
      assertEquals(loads, [{
        id: report.load!.id,
        state: "complete",
        n: "2500",
        plan_hash: report.load!.planHash,
      }]);
      const batches = plain(
        await target.query(
          `SELECT ${t("sequence")} AS s, ${
            t("committed")
          } AS n FROM _snakepipe_batch ORDER BY sequence`,
        ),
      );
      assertEquals(batches, [{ s: "0", n: "1000" }, { s: "1", n: "1000" }, { s: "2", n: "500" }]);
    }));
}

Deno.test("round trip: libsql: U+0000 is stored whole, read back as bytes", () =>
  kindOf("libsql").use(async (target) => {
    await load(target, rows([{ t: "a\0b" }]), { table: "z" });
    assertEquals(plain(await target.query("SELECT lower(hex(cast(t AS blob))) AS t FROM z")), [{
      t: "610062",
    }]);
  }));
