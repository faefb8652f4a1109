/** Times of more digits than databases keep, in every output of both codecs: refused in plain words. */
import { assertEquals } from "@std/assert";
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { CellRules, Codec } from "../../../host/codec/codec.ts";
import { testCodecs } from "./both_codecs.ts";
import { WIRE_TYPES } from "./differential_task.ts";
import { batchOf, columnsOf, csvFormat, LENIENT } from "./sample_batch.ts";

const REASON = "The value is finer than the microseconds that the column keeps: round it in the " +
  "source, or load it into a column of text";

const FINE: readonly (readonly [ColumnType, string])[] = [
  ["time", "12:00:00.1234567"],
  ["time", "12:00:00.000000001"],
  ["timestamp", "2024-02-29T12:30:00.123456789"],
  ["timestamp", "2024-02-29 12:30:00.0000001"],
  ["timestamptz", "2024-02-29T12:30:00.123456789Z"],
  ["timestamptz", "2024-02-29 12:30:00.123456001+02:00"],
];

/** What COPY as text and in binary and the reader of cells leave out of a batch. */
function rejectsOf(codec: Codec, batch: Batch, rules: CellRules): (readonly RejectedRow[])[] {
  const types = [WIRE_TYPES[batch.shape.columns[0]!.type][0]!];
  const copies = [{ format: "text" }, { format: "binary", types }] as const;
  const cells = codec.cells(batch, rules);
  while (cells.read(1, [], []) > 0);
  return [
    ...copies.map((form) => {
      const encoder = codec.copy(batch, { ...form, ordinal: false, rules });
      while (encoder.next() !== undefined);
      return encoder.rejects;
    }),
    cells.rejects,
  ];
}

for (const [type, text] of FINE) {
  testCodecs(`says that ${text} is finer than what ${type} keeps, and what helps`, (codec) => {
    const columns = columnsOf({ v: type });
    for (
      const batch of [
        batchOf([`{"v":${JSON.stringify(text)}}\n`], columns),
        batchOf([`${text}\n`], columns, csvFormat(["v"])),
      ]
    ) {
      for (const rules of [LENIENT, { ...LENIENT, wide: true }]) {
        for (const rejects of rejectsOf(codec, batch, rules)) {
          const said = rejects.map(({ code, column, message }) => [code, column, message]);
          assertEquals(said, [["range", "v", REASON]]);
        }
      }
    }
  });
}

testCodecs("says of times that are out of range, or none, that they are", (codec) => {
  for (
    const [type, text, said] of [
      ["time", "12:60:00.1234567", "The value is out of the range of time"],
      ["timestamp", "2024-02-30T12:30:00.1234567", "The value is out of the range of timestamp"],
      ["time", "12:00:00.123456x", "The value is not of type time"],
    ] as const
  ) {
    const batch = batchOf([`{"v":${JSON.stringify(text)}}\n`], columnsOf({ v: type }));
    for (const rejects of rejectsOf(codec, batch, LENIENT)) {
      assertEquals(rejects.map(({ message }) => message), [said], text);
    }
  }
});
