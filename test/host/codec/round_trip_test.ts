import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Batch } from "../../../src/model/batch.ts";
import { COLUMN_TYPES } from "../../../src/model/column_type.ts";
import { NUL_RULES } from "../../../src/model/nul_rule.ts";
import { fieldNames, inferColumns } from "../../../host/codec/infer.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { columnName, type Sample, sample, type Value } from "./row_arbitrary.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy } from "./sample_batch.ts";

type Row = Sample["rows"][number];

function columns(types: Sample["types"]): ReturnType<typeof columnsOf> {
  return columnsOf(Object.fromEntries(types.map((type, i) => [columnName(i), type])));
}

function expectRows(codec: Codec, batch: Batch, rows: readonly Row[]): void {
  const encoded = copyText(codec, batch, { ordinal: true });
  assertEquals(encoded.rejects, []);
  assertEquals(encoded.rows, rows.length);
  assertEquals(
    decodeCopy(encoded.bytes),
    rows.map((row, i) => [...row.map((v) => v?.copy ?? null), String(batch.ordinal + i)]),
  );
  const cells = allCells(codec, batch);
  assertEquals(cells.rejects, []);
  assertEquals(cells.rows, rows.map((row) => row.map((v) => v?.cell ?? null)));
}

/** Members in the order of the columns, as `JSON.stringify` would write them. */
function plainRecord(row: Row): string {
  const members = row.flatMap((v, i) =>
    v === undefined ? [] : [`${JSON.stringify(columnName(i))}:${v.json}`]
  );
  return `{${members.join(",")}}\n`;
}

/** The same record with another order, white space, escapes, and a duplicate that loses. */
function oddRecord(row: Row, next: () => number): string {
  const space = (): string => ["", "", " ", "\t", "\r", "  "][next() % 6]!;
  const members = row.flatMap((v, i) => {
    if (v === undefined) return [];
    const key = oddString(JSON.stringify(columnName(i)), next);
    const json = v.json.startsWith('"') && v.copy !== v.json ? oddString(v.json, next) : v.json;
    const duplicate = next() % 5 === 0 ? [`${key}:[{"lost":"\\u0000"}]`] : [];
    return [[...duplicate, `${key}${space()}:${space()}${json}`].join(",")];
  });
  if (members.length > 1 && next() % 2 === 0) members.push(members.shift()!);
  const body = members.map((m) => space() + m + space()).join(",");
  return `${space()}{${body}${space()}}${space()}\n${next() % 4 === 0 ? "\r\n" : ""}`;
}

/** Writes some characters of a JSON string as `\uXXXX`. */
function oddString(json: string, next: () => number): string {
  const units = (JSON.parse(json) as string).split("");
  const escaped = units.map((unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).padStart(4, "0");
    if (next() % 3 === 0 || (code >= 0xd800 && code <= 0xdfff)) {
      return "\\u" + (next() % 2 === 0 ? hex : hex.toUpperCase());
    }
    return unit === "/" ? "\\/" : JSON.stringify(unit).slice(1, -1);
  });
  return `"${escaped.join("")}"`;
}

function csvField(value: Value | undefined): string {
  if (value === undefined || value.copy === null) return "";
  const isText = value.json.startsWith('"') && value.copy !== value.json;
  const text = isText ? JSON.parse(value.json) as string : value.json;
  return `"${text.replaceAll('"', '""')}"`;
}

function noiseOf(noise: readonly number[]): () => number {
  let at = 0;
  return () => noise[at++ % noise.length]! + at;
}

testCodecs("gives back every value of random NDJSON", (codec) => {
  fc.assert(
    fc.property(sample, ({ types, rows }) => {
      expectRows(codec, batchOf(rows.map(plainRecord), columns(types)), rows);
    }),
    { numRuns: 400 },
  );
});

testCodecs("gives back every value of NDJSON in odd spellings", (codec) => {
  fc.assert(
    fc.property(sample, ({ types, rows, noise }) => {
      const next = noiseOf(noise);
      expectRows(codec, batchOf(rows.map((row) => oddRecord(row, next)), columns(types)), rows);
    }),
    { numRuns: 400 },
  );
});

testCodecs("gives back every value of random CSV", (codec) => {
  fc.assert(
    fc.property(sample, ({ types, rows }) => {
      const header = types.map((_, i) => columnName(i));
      const records = rows.map((row) => row.map(csvField).join(",") + "\r\n");
      expectRows(codec, batchOf(records, columns(types), csvFormat(header)), rows);
    }),
    { numRuns: 400 },
  );
});

testCodecs("encodes the other rows as if a rejected one were not there", (codec) => {
  const broken = fc.constantFrom("{", '{"a":1}}', '{"zz":1}', '{"a":"\\ud800"}', "[]", "\x00\xff");
  fc.assert(
    fc.property(sample, fc.nat(8), broken, ({ types, rows }, place, bad) => {
      const records = rows.map(plainRecord);
      const at = Math.min(place, rows.length);
      const without = copyText(codec, batchOf(records, columns(types)));
      const batch = batchOf(records.toSpliced(at, 0, bad + "\n"), columns(types));
      const encoded = copyText(codec, batch);
      assertEquals(encoded.bytes, without.bytes);
      assertEquals(encoded.rowOf, rows.map((_, i) => i < at ? i : i + 1));
      assertEquals(encoded.rejects.map((r) => r.ordinal), [batch.ordinal + at]);
      const cells = allCells(codec, batch);
      assertEquals(cells.numbers, encoded.rowOf);
      assertEquals(cells.rejects, encoded.rejects);
    }),
    { numRuns: 300 },
  );
});

testCodecs("and inference only ever reject, whatever bytes come", (codec) => {
  const columnsOfAll = columnsOf(Object.fromEntries(COLUMN_TYPES.map((type) => [type, type])));
  const token = fc.constantFrom(
    ...'{}[]:,"\\ \n\r\t0123456789-+.eEtruefalsn',
    ...COLUMN_TYPES.map((type) => `{"${type}":`),
    '"\\u',
    "d800",
    "é",
    ",,",
    '""',
  ).map((s) => new TextEncoder().encode(s));
  const piece = fc.oneof({ weight: 8, arbitrary: token }, fc.uint8Array({ maxLength: 4 }));
  const garbage = fc.array(piece, { maxLength: 40 }).map((parts) =>
    Uint8Array.from(parts.flatMap((part) => [...part]))
  );
  const formats = [{ kind: "ndjson" } as const, csvFormat(["text", "int64", "json"])];
  const nulRule = fc.constantFrom("keep", ...NUL_RULES);
  fc.assert(
    fc.property(fc.array(garbage, { maxLength: 5 }), nulRule, (records, nul) => {
      for (const format of formats) {
        const batch = batchOf(records, columnsOfAll, format);
        const rules = { nul, nan: nul === "keep" };
        const encoded = copyText(codec, batch, { rules });
        assertEquals(encoded.rows + encoded.rejects.length, records.length);
        assertEquals(decodeCopy(encoded.bytes).length, encoded.rows);
        assertEquals(allCells(codec, batch, { rules }).rejects, encoded.rejects);
        const names = fieldNames(batch);
        assertEquals(inferColumns(batch, { key: [] }).columns.map((c) => c.name), names);
      }
    }),
    { numRuns: 1000 },
  );
});

testCodecs("accepts exactly the JSON that the engine accepts", (codec) => {
  const token = fc.constantFrom(
    ...["{", "}", "[", "]", ":", ",", '"', '"a"', "1", "-", "0", ".5", "e", "E+1", "true", "nul"],
    ...["null", " ", "\t", "\\", "\\n", "\\u0041", "\x1f", "é", '"k":', "1.5", "[1,2]", '{"a":{}}'],
  );
  const text = fc.oneof(
    fc.array(token, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.json(),
  );
  fc.assert(
    fc.property(text, (json) => {
      let valid = true;
      try {
        JSON.parse(json);
      } catch {
        valid = false;
      }
      const field = `"${json.replaceAll('"', '""')}"`;
      const batch = batchOf([field], columnsOf({ v: "json" }), csvFormat(["v"]));
      const encoded = copyText(codec, batch);
      // The engine takes lone surrogates, a database does not.
      assertEquals(encoded.rejects.filter((r) => r.code !== "encoding").length, valid ? 0 : 1);
      if (encoded.rows === 1) assertEquals(decodeCopy(encoded.bytes), [[json]]);
    }),
    { numRuns: 3000 },
  );
});

testCodecs("takes every row that columns were inferred from", (codec) => {
  const object = fc.dictionary(fc.constantFrom("a", "b", "größe", ""), fc.jsonValue(), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 8 }), (rows) => {
      const batch = batchOf(rows.map((row) => JSON.stringify(row) + "\n"), []);
      const { columns } = inferColumns(batch, { key: [] });
      const shape = { ...batch.shape, columns };
      const encoded = copyText(codec, { ...batch, shape });
      assert(encoded.rejects.every((r) => r.code === "encoding"), JSON.stringify(encoded.rejects));
    }),
    { numRuns: 500 },
  );
});
