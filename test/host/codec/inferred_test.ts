/** What a type that was inferred takes and refuses: as COPY text, in binary, as cells; both codecs. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { RecordFormat, RejectedRow } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { testCodecs } from "./both_codecs.ts";
import { WIRE_TYPES } from "./differential_task.ts";
import { batchOf, csvFormat, LENIENT } from "./sample_batch.ts";

/** What each of the outputs says of one value. */
function verdicts(
  codec: Codec,
  { type, record, format, inferred }: {
    readonly type: ColumnType;
    readonly record: string;
    readonly format: RecordFormat;
    readonly inferred: boolean;
  },
): (RejectedRow | undefined)[] {
  const column = { name: "v", type, nullable: true, key: false, ...(inferred && { inferred }) };
  const batch = batchOf([record], [column], format);
  const types = [WIRE_TYPES[type][0]!];
  const copies = [{ format: "text" }, { format: "binary", types }] as const;
  const rejects = copies.map((form) => {
    const encoder = codec.copy(batch, { ...form, ordinal: false, rules: LENIENT });
    while (encoder.next() !== undefined);
    return encoder.rejects[0];
  });
  const cells = codec.cells(batch, LENIENT);
  cells.read(1, [], []);
  return [...rejects, cells.rejects[0]];
}

/** Every value is taken where the type was declared; where it was inferred, those of `refused` not. */
function check(
  codec: Codec,
  { type, taken, refused, recordOf, format }: {
    readonly type: ColumnType;
    readonly taken: readonly string[];
    readonly refused: readonly (readonly [string, "range" | "type"])[];
    readonly recordOf: (value: string) => string;
    readonly format: RecordFormat;
  },
): void {
  const expected = [...taken.map((value) => [value, undefined] as const), ...refused];
  for (const [value, code] of expected) {
    const of = { type, record: recordOf(value), format };
    const declared = verdicts(codec, { ...of, inferred: false });
    assertEquals(declared, [undefined, undefined, undefined], `declared ${type}: ${value}`);
    for (const reject of verdicts(codec, { ...of, inferred: true })) {
      assertEquals(reject?.code, code, `inferred ${type}: ${value}`);
      if (!reject) continue;
      assertEquals(reject.column, "v");
      assertStringIncludes(reject.message, "--schema");
      const shown = value.length > 3 && reject.message.includes(value);
      assertEquals(shown, false, "no value stands in a message");
    }
  }
}

const NDJSON: readonly {
  readonly type: ColumnType;
  readonly taken: readonly string[];
  readonly refused: readonly (readonly [string, "range" | "type"])[];
}[] = [
  {
    type: "int64",
    taken: ["1", "-0", "5.0", "1e3", "9223372036854775807", "null"],
    refused: [['"12"', "type"], ['"-0"', "type"]],
  },
  {
    type: "decimal",
    taken: ["1", "0.12345678901234567890123", "1e400", "12345678901234567890"],
    refused: [['"1.5"', "type"]],
  },
  {
    type: "float64",
    taken: [
      ...[
        "1.5",
        "1.50",
        "-0",
        "-0.0",
        "0.1",
        "123456789012345",
        "1234567890.12345",
        "-1.2345678901234e-7",
      ],
      ...["0.30000000000000004", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308"],
      ...["9007199254740992", "0.000000000000000123456789012345", "123456789012345000000", "1e22"],
      ...['"NaN"', '"Infinity"', '"-Infinity"'],
    ],
    refused: [
      ...[
        "9007199254740993",
        "12345678901234567890",
        "0.12345678901234567890123",
        "0.10000000000000001",
        "1.234567e-320",
        "-1234567890123456.7",
        "4.9e-324",
      ].map((value) => [value, "range"] as const),
      ['"1.5"', "type"],
    ],
  },
  {
    type: "boolean",
    taken: ["true", "false"],
    refused: ["1", "0", '"true"', '"t"', '"1"'].map((value) => [value, "type"] as const),
  },
  {
    type: "text",
    taken: ['"a"', '"1"', '"\\u00e9\\n"', "null"],
    refused: ["1", "1.50", "true", '{"a":1}', "[1]", "[]"].map((value) => [value, "type"] as const),
  },
  { type: "json", taken: ["1", '"1"', "true", "{}", "[1]"], refused: [] },
];

for (const { type, taken, refused } of NDJSON) {
  testCodecs(`takes into inferred ${type} of NDJSON what it does not change`, (codec) => {
    const format = { kind: "ndjson" } as const;
    check(codec, { type, taken, refused, format, recordOf: (value) => `{"v":${value}}\n` });
    // Members in another order than the columns': read in two passes.
    check(codec, { type, taken, refused, format, recordOf: (value) => `{ "v" : ${value} }\n` });
  });
}

const CSV: typeof NDJSON = [
  {
    type: "int64",
    taken: ["1", "-0", '"12"', "9223372036854775807", ""],
    refused: ["1.0", "1e3", '"5.0"', "-0.0"].map((value) => [value, "range"] as const),
  },
  { type: "decimal", taken: ["1", "1.50", "1e3", '"2"'], refused: [] },
  {
    type: "float64",
    taken: ["1", "1.50", '"0.1"', "NaN", "Infinity", "1e-7"],
    refused: [["9007199254740993", "range"], ['"0.10000000000000001"', "range"]],
  },
  {
    type: "boolean",
    taken: ["true", "FALSE", '"True"'],
    refused: ["t", "F", "1", '"0"'].map((value) => [value, "type"] as const),
  },
  { type: "text", taken: ["1", "007", "true", '""', "{}"], refused: [] },
];

for (const { type, taken, refused } of CSV) {
  testCodecs(`takes into inferred ${type} of CSV what it does not change`, (codec) => {
    const format = csvFormat(["v"]);
    check(codec, { type, taken, refused, format, recordOf: (value) => `${value}\n` });
  });
}

testCodecs("takes leading zeros into integers of CSV neither inferred nor declared", (codec) => {
  for (const inferred of [false, true]) {
    const of = { type: "int64", record: "007\n", format: csvFormat(["v"]), inferred } as const;
    assertEquals(verdicts(codec, of).map((reject) => reject?.code), ["type", "type", "type"]);
  }
});

testCodecs("names a type that keeps the value, and a way that every database has", (codec) => {
  const of = (type: ColumnType, record: string) =>
    verdicts(codec, { type, record, format: { kind: "ndjson" }, inferred: true });
  // What rows() makes of a Date before the year 1 fits no timestamp of a database that has no BC.
  for (
    const [type, value, better] of [
      ["timestamptz", '"-000001-01-01T00:00:00Z"', "text"],
      ["date", '"-000001-01-01"', "text"],
      ["int64", "9223372036854775808", "decimal"],
    ] as const
  ) {
    for (const reject of of(type, `{"v":${value}}\n`)) {
      assertStringIncludes(
        reject!.message,
        `with --schema, such as ${better}, and load into a new`,
      );
      assertStringIncludes(reject!.message, "where the database can, change the type in the table");
    }
  }
});
