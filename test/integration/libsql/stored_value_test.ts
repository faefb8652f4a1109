/**
 * What SQLite keeps: declared types by values, on every engine and through a server. A value reads back
 * as what was sent, or its row is refused.
 */
import { assertEquals } from "@std/assert";
import type { Shape, WriteMode } from "../../../src/model/batch.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { writeOne } from "../../support/write_one.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { batchOf, configOf, ENGINES, expectKind, orderOf, planOf, Scratch } from "./load_case.ts";

await buildCodec();

const WAYS: readonly (readonly [string, Record<string, unknown> | undefined])[] = [
  ...ENGINES,
  ["server", undefined],
];

/** What is read back: storage class and value as SQL; or the code of a reject. */
type Kept = string;

const INTEGERS: Readonly<Record<string, Kept>> = {
  "7": "integer 7",
  "-0": "integer 0",
  "9007199254740993": "integer 9007199254740993",
  "9223372036854775807": "integer 9223372036854775807",
};

/** JSON values by declared type, and what becomes of them. */
const TABLE: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  "": {
    ...INTEGERS,
    "1.5": "real 1.5",
    "1.50": "real 1.5",
    "1.0": "real 1.0",
    "0.1": "real 0.1",
    "12345678901234567.89": "text '12345678901234567.89'",
    "12345678901234567890": "text '12345678901234567890'",
    "1e400": "text '1e400'",
    '"7"': "text '7'",
    '"007"': "text '007'",
    '"a\\nb"': "text 'a\nb'",
    '"ü"': "text 'ü'",
    "true": "integer 1",
    "false": "integer 0",
    '[1, "2"]': `text '[1, "2"]'`,
    "null": "null NULL",
  },
  "STRING": {
    ...INTEGERS,
    "1.50": "real 1.5",
    "12345678901234567.89": "type",
    "12345678901234567890": "type",
    '"007"': "type",
    '"7"': "integer 7",
    '"1.10"': "type",
    '"1.5"': "real 1.5",
    '"1e3"': "type",
    '" 7"': "type",
    '"+7"': "type",
    '"12345678901234567890"': "type",
    '"0x10"': "text '0x10'",
    '"1e"': "text '1e'",
    '"7a"': "text '7a'",
    '""': "text ''",
    '"abc"': "text 'abc'",
    "true": "integer 1",
  },
  "ANY": { '"007"': "type", "7": "integer 7", "1.5": "real 1.5" },
  "DECIMAL(20,2)": {
    ...INTEGERS,
    "19.90": "real 19.9",
    "1.0": "integer 1",
    "1e3": "integer 1000",
    "0.1": "real 0.1",
    "12345678901234567.89": "range",
    "0.12345678901234567890123": "range",
    "12345678901234567890": "range",
    "100000000000000000000": "real 1.0e+20",
    '"12345678901234567.89"': "range",
    '"1.50"': "real 1.5",
  },
  "NUMERIC": { "12345678901234567.89": "range", "1.5": "real 1.5" },
  "DECIMAL TEXT": {
    "12345678901234567.89": "text '12345678901234567.89'",
    "1.50": "text '1.50'",
  },
  "JSON": {
    "7": "integer 7",
    "1.50": "real 1.5",
    "12345678901234567890": "range",
    "1e400": "range",
    '"007"': `text '"007"'`,
    '{"a": 12345678901234567890}': `text '{"a": 12345678901234567890}'`,
    "true": "text 'true'",
  },
  "DATE": {
    '"2024-01-05"': "text '2024-01-05'",
    '"20240105"': "integer 20240105",
    '"007"': "type",
    '"2024.10"': "type",
    "20240105": "integer 20240105",
  },
  "DATETIME": { '"2024-01-05 12:00:00"': "text '2024-01-05 12:00:00'", '"1e5"': "type" },
  "BOOLEAN": { "true": "integer 1", '"f"': "integer 0", "1": "integer 1" },
  "UUID": {
    '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"': "text '6ba7b810-9dad-11d1-80b4-00c04fd430c8'",
    '"12345678901234567890123456789012"': "type",
  },
  "BIGINT": { ...INTEGERS, '"7"': "integer 7", "1.5": "type" },
  "REAL": { "1.5": "real 1.5", "7": "real 7.0" },
  "TEXT": { '"007"': "text '007'", "7": "text '7'", "1.50": "text '1.50'" },
};

/** The same for the fields of CSV. */
const CSV: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  "": { "7": "text '7'", "007": "text '007'", "1.50": "text '1.50'", "abc": "text 'abc'" },
  "STRING": { "7": "integer 7", "007": "type", "1.50": "type", "abc": "text 'abc'" },
  "DECIMAL(20,2)": { "19.90": "real 19.9", "12345678901234567.89": "range" },
  "DATE": { "2024-01-05": "text '2024-01-05'", "007": "type" },
  "JSON": { "12345678901234567890": "range", "7": "integer 7" },
};

interface Trial {
  readonly declared: string;
  readonly mode: WriteMode;
  readonly suffix?: string;
  readonly values: readonly string[];
  readonly csv?: boolean;
}

for (const [way, settings] of WAYS) {
  /** Loads a row for each value; says what became of each. */
  const trial = async ({ declared, mode, suffix = "", values, csv }: Trial): Promise<Kept[]> => {
    await using scratch = new Scratch();
    await scratch.exec(`CREATE TABLE t (k INTEGER PRIMARY KEY, v ${declared})${suffix}`);
    await using server = settings ? undefined : startLibsqlServer(scratch.path());
    const config = configOf(
      settings ? { url: `libsql:${scratch.path()}`, ...settings } : { url: server!.url },
    );
    const codec = way === "sqlite" ? await createWasmCodec() : await createReferenceCodec();
    const connection = await libsqlDriver.connect(config, { codec });
    const live = await connection.describeTable({ name: "t" });
    const shape: Shape = {
      table: { name: "t" },
      mode,
      columns: [
        { name: "k", type: "int64", nullable: false, key: mode === "upsert" },
        { name: "v", type: live!.columns[1]!.type, nullable: true, key: false },
      ],
    };
    const order = orderOf(shape, planOf(shape, { rowsMax: 3 }));
    const { record } = await connection.prepareLoad(order);
    await connection.joinLoad(order, record);
    const records = values.map((value, i) => csv ? `${i},${value}` : `{"k":${i},"v":${value}}`);
    const whole = batchOf(shape, records);
    const batch = csv
      ? {
        ...whole,
        format: { kind: "csv", delimiter: ",", header: ["k", "v"], nullText: "" } as const,
      }
      : whole;
    const result = expectKind(
      await writeOne(connection, batch, { rejectsMax: values.length }),
      "written",
    );
    await connection.finishLoad(order, record, result.counts);
    await connection.close();
    const kept = new Map(
      (await scratch.query("SELECT k, typeof(v) || ' ' || quote(v) FROM t")).map((
        [k, text],
      ) => [Number(k), String(text)]),
    );
    const codes = new Map(result.rejects!.map(({ ordinal, code }) => [ordinal, code]));
    return values.map((_, i) => kept.get(i) ?? codes.get(i) ?? "lost");
  };

  Deno.test(`values read back as they were sent, or are refused (${way})`, async () => {
    for (const mode of ["append", "upsert", "replace"] as const) {
      for (const [declared, expected] of Object.entries(TABLE)) {
        const values = Object.keys(expected);
        const found = await trial({ declared, mode, values });
        const shown = Object.fromEntries(values.map((value, i) => [value, found[i]]));
        assertEquals(shown, { ...expected }, `${mode} into ${declared || "no type"}`);
      }
    }
  });

  Deno.test(`a strict table's ANY keeps what comes as it is (${way})`, async () => {
    const expected = TABLE[""]!;
    for (const mode of ["append", "upsert", "replace"] as const) {
      const values = Object.keys(expected);
      const found = await trial({ declared: "ANY", suffix: " STRICT", mode, values });
      assertEquals(found, Object.values(expected));
    }
  });

  Deno.test(`fields of CSV are texts, which read back or are refused (${way})`, async () => {
    for (const [declared, expected] of Object.entries(CSV)) {
      const values = Object.keys(expected);
      const found = await trial({ declared, mode: "append", values, csv: true });
      assertEquals(found, Object.values(expected), declared);
    }
  });
}

for (const [way, settings] of WAYS) {
  Deno.test(`a key is one key however its number is written (${way})`, async () => {
    for (const declared of ["", "NUMERIC", "STRING"]) {
      await using scratch = new Scratch();
      await scratch.exec(`CREATE TABLE t (id ${declared}, v TEXT, UNIQUE (id))`);
      await using server = settings ? undefined : startLibsqlServer(scratch.path());
      const connection = await scratch.connect(settings ?? { url: server!.url });
      const type = (await connection.describeTable({ name: "t" }))!.columns[0]!.type;
      const shape: Shape = {
        table: { name: "t" },
        mode: "upsert",
        columns: [
          { name: "id", type, nullable: false, key: true },
          { name: "v", type: "text", nullable: true, key: false },
        ],
      };
      const order = orderOf(shape);
      const { record } = await connection.prepareLoad(order);
      await connection.joinLoad(order, record);
      const batches = [
        ['{"id":1,"v":"a"}', '{"id":2,"v":"b"}'],
        ['{"id":1,"v":"c"}', '{"id":1.0,"v":"d"}', '{"id":2.50,"v":"e"}', '{"id":2.5,"v":"f"}'],
      ];
      const sums = { read: 0, committed: 0, superseded: 0, rejected: 0 };
      for (const [sequence, records] of batches.entries()) {
        const batch = batchOf(shape, records, { sequence, ordinal: sums.read });
        const { counts } = expectKind(await writeOne(connection, batch), "written");
        sums.read += counts.read;
        sums.committed += counts.committed;
        sums.superseded += counts.superseded;
      }
      assertEquals(sums, { read: 6, committed: 4, superseded: 2, rejected: 0 }, declared);
      await connection.finishLoad(order, record, sums);
      assertEquals(await scratch.query("SELECT v FROM t WHERE id = 1"), [["d"]]);
      assertEquals(await scratch.query("SELECT count(*) FROM t"), [[3n]]);
      await connection.close();
    }
  });
}
