/**
 * What PostgreSQL prints goes back into PostgreSQL: a table with the odd values of every type, as
 * `COPY … TO` in CSV and as `row_to_json`, into a table made like it, by every form of COPY.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type postgres from "postgres";
import { csv, ndjson } from "../../../mod.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { openHost, withFolder } from "../../support/target.ts";

/** Types that the binary form knows, by column, and their values. */
const BINARY: Readonly<Record<string, readonly [type: string, ...values: string[]]>> = {
  b: ["boolean", "true", "false"],
  i2: ["smallint", "-32768", "32767"],
  i4: ["integer", "-2147483648"],
  i8: ["bigint", "-9223372036854775808", "9223372036854775807"],
  num: [
    "numeric",
    ...["'NaN'", "'Infinity'", "'-Infinity'", "0.10", "-0.000000000000000000000001", "1e300"],
  ],
  f4: ["real", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "1e-45", "3.4028235e38"],
  f8: [
    "double precision",
    "'NaN'",
    "'-Infinity'",
    "'-0'",
    "5e-324",
    "0.30000000000000004",
    "1e300",
  ],
  t: ["text", "''", `E'\\\\N "a" \\t\\n,{}'`, "'NULL'", "'007'"],
  vc: ["varchar(20)", "'é😀'"],
  ch: ["char(5)", "'ab'"],
  jb: ["jsonb", `'{"a":[1,null,"x"],"n":12345678901234567890.10}'`, `'"text"'`],
  by: ["bytea", "'\\x'", "'\\xDEADbeef00'", "'abcd'"],
  d: [
    "date",
    ...["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'4714-11-24 BC'", "'0001-02-29 BC'"],
    ...["'0001-01-01'", "'10000-01-01'", "'5874897-12-31'", "'2024-02-29'"],
  ],
  ti: ["time", "'24:00:00'", "'00:00:00'", "'23:59:59.999999'"],
  ts: [
    "timestamp",
    ...["'infinity'", "'-infinity'", "'4714-11-24 00:00:00 BC'", "'0044-03-15 12:00:00.5 BC'"],
    ...["'294276-12-31 23:59:59.999999'", "'12345-06-07 08:09:10'"],
  ],
  tz: [
    "timestamptz",
    ...["'infinity'", "'-infinity'", "'0044-03-15 12:00:00+00 BC'", "'1850-01-01 00:00:00+00'"],
    ...[
      "'294276-12-31 00:00:00+00'",
      "'2024-07-01 12:00:00.123456+00'",
      "'0001-01-01 00:00:00+00'",
    ],
  ],
  u: ["uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
  mood: ["mood", "'happy'", "'so \"so\"'"],
  ratio: ["ratio", "0.5"],
};

/** Those that go by text alone. */
const TEXT: typeof BINARY = {
  js: ["json", `'{"a" : 1.0, "a": 2}'`],
  iv: ["interval", "'1 year -2 days 03:04:05.6'", "'-00:00:00.000001'", "'infinity'"],
  ttz: ["timetz", "'24:00:00+00'", "'12:00:00+05:30:15'"],
  ip: ["inet", "'192.168.0.1/24'", "'::1'"],
  ci: ["cidr", "'10.0.0.0/8'"],
  mac: ["macaddr", "'08:00:2b:01:02:03'"],
  bi: ["bit varying(9)", "'101'", "''"],
  pt: ["point", "'(1.5,-2)'"],
  oi: ["oid", "4294967295"],
  ir: ["int4range", "'[1,5)'", "'empty'", "'(,)'"],
  tr: ["tstzrange", "'[2024-01-01 00:00:00+00,infinity)'"],
  mr: ["int4multirange", "'{[1,3),[5,7)}'"],
  ai: ["int[]", "'{1,NULL,-3}'", "'{}'", "'{{1,2},{3,4}}'", "'{{{1},{2}}}'"],
  ab: ["bigint[]", "'{9223372036854775807}'"],
  an: ["numeric[]", "'{0.12345678901234567890123,NaN,1e40}'"],
  af: ["double precision[]", "'{NaN,Infinity,0.1}'"],
  at: [
    "text[]",
    `'{"a,b","{}","NULL",NULL,"","\\"q\\" \\\\\\\\ back"," blank ",é}'`,
    `E'{"line\\nend","tab\\tx"}'`,
  ],
  abo: ["boolean[]", "'{t,f,NULL}'"],
  aby: ["bytea[]", `ARRAY['\\xdead'::bytea, '\\x'::bytea]`],
  ats: ["timestamptz[]", `'{"0044-03-15 12:00:00+00 BC",infinity}'`],
  am: ["mood[]", `'{happy,"so \\"so\\""}'`],
  aj: [
    "jsonb[]",
    `ARRAY['{"a":[1,"x\\"y"]}'::jsonb, '[1,[2]]'::jsonb, '"s"'::jsonb, '1.50'::jsonb]`,
  ],
  ad: ["ratio[]", "'{0.5,1}'"],
  ara: ["int4range[]", `'{"[1,3)",empty}'`],
};

/** Settings of the server's sessions that change what it prints. */
const ZONES = ["UTC", "Europe/Amsterdam", "America/St_Johns"];

async function create(sql: postgres.Sql, columns: typeof BINARY): Promise<void> {
  await sql.unsafe(`CREATE TYPE mood AS ENUM ('happy', 'so "so"');
    CREATE DOMAIN ratio AS numeric CHECK (VALUE BETWEEN 0 AND 1);
    CREATE TABLE src (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${
    Object.entries(columns).map(([name, [type]]) => `${name} ${type}`).join(", ")
  });`);
  const names = Object.keys(columns);
  const count = Math.max(...Object.values(columns).map((values) => values.length)) - 1;
  for (let i = 0; i < count; i++) {
    const values = Object.values(columns).map(([, ...values]) => values[i] ?? "NULL");
    await sql.unsafe(`INSERT INTO src (${names.join(", ")}) VALUES (${values.join(", ")})`);
  }
}

/** The table as CSV and as NDJSON, as the server prints it in a time zone. */
async function exported(
  sql: postgres.Sql,
  folder: string,
  zone: string,
): Promise<Record<string, string>> {
  const connection = await sql.reserve();
  try {
    await connection.unsafe(`SET TimeZone TO '${zone}'`);
    const copied = await connection`COPY src TO STDOUT WITH (FORMAT csv, HEADER)`.readable();
    const chunks: Uint8Array[] = [];
    for await (const chunk of copied) chunks.push(chunk);
    const files = {
      csv: join(folder, `${zone.slice(-4)}.csv`),
      ndjson: join(folder, `${zone.slice(-4)}.ndjson`),
    };
    await Deno.writeFile(
      files.csv,
      new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()),
    );
    const lines = await connection.unsafe("SELECT row_to_json(src)::text AS line FROM src");
    await Deno.writeTextFile(files.ndjson, lines.map(({ line }) => line + "\n").join(""));
    return files;
  } finally {
    connection.release();
  }
}

for (const [what, columns] of [["binary", BINARY], ["text", TEXT]] as const) {
  const forms = what === "binary" ? ["text", "binary", "auto"] : ["text", "auto"];
  Deno.test(`own export: values of types that go by ${what} come back as they were`, () =>
    withDatabase((url, sql) =>
      withFolder(async (folder) => {
        await create(sql, columns);
        const count = Number((await sql`SELECT count(*) AS n FROM src`)[0]!.n);
        await using host = await openHost();
        for (const zone of ZONES) {
          const files = await exported(sql, folder, zone);
          for (const [format, file] of Object.entries(files)) {
            for (const copyFormat of forms) {
              for (const mode of ["append", "upsert", "replace"] as const) {
                if (mode !== "append" && zone !== "UTC") continue;
                const label = `${format}, ${copyFormat}, ${mode}, ${zone}`;
                await sql.unsafe(
                  "DROP TABLE IF EXISTS dst; CREATE TABLE dst (LIKE src INCLUDING ALL)",
                );
                const backend = await host.createBackend("postgresql", { url, copyFormat });
                const source = format === "csv" ? csv(file) : ndjson(file);
                const { committed } = await host.load(source, backend, {
                  table: "dst",
                  mode,
                  key: ["id"],
                });
                assertEquals(committed, count, label);
                const differing = await sql.unsafe(`
                  (SELECT a_::text AS row FROM src AS a_ EXCEPT SELECT b_::text FROM dst AS b_)
                  UNION ALL (SELECT b_::text FROM dst AS b_ EXCEPT SELECT a_::text FROM src AS a_)`);
                assertEquals(differing.map(({ row }) => row), [], label);
                await backend.close();
              }
            }
          }
        }
      })
    ));
}

Deno.test("own export: what no date is stays out, row by row, in text and in binary", () =>
  withDatabase((url, sql) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      const values = [
        ...[
          "infinity",
          "2024-02-30 BC",
          "0000-01-01",
          "5874898-01-01",
          "4715-01-01 BC",
          "Infinity",
        ],
        ...["10000-13-01", "99999999-01-01", "0001-01-01 AD", "today"],
      ];
      await Deno.writeTextFile(
        file,
        values.map((d, id) => JSON.stringify({ id, d }) + "\n").join(""),
      );
      await using host = await openHost();
      for (const copyFormat of ["text", "binary"]) {
        await sql.unsafe("DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint, d date)");
        const backend = await host.createBackend("postgresql", { url, copyFormat });
        const { committed, rejected } = await host.load(ndjson(file), backend, {
          table: "t",
          maxRejects: { kind: "count", rowsMax: 9 },
          rejectTable: true,
          fresh: true,
        });
        assertEquals([committed, rejected], [1, 9], copyFormat);
        const reasons = await sql.unsafe(
          "SELECT code FROM _snakepipe_reject ORDER BY ordinal",
        );
        const codes = ["range", "range", "range", "range", "type", "range", "type", "type", "type"];
        assertEquals(reasons.map(({ code }) => code), codes, copyFormat);
        await sql.unsafe("DELETE FROM _snakepipe_reject");
        await backend.close();
      }
    })
  ));
