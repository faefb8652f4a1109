/** Random rows of random typed columns, with what each value must become. */
import fc from "fast-check";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Cell } from "../../../host/codec/codec.ts";

/** A value: its JSON, and what must come out of it. */
export interface Value {
  readonly json: string;
  readonly copy: string | null;
  readonly cell: Cell;
}

/** Column types, rows of values (undefined: the field is missing), and noise to spell them with. */
export interface Sample {
  readonly types: readonly ColumnType[];
  readonly rows: readonly (readonly (Value | undefined)[])[];
  readonly noise: readonly number[];
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."\\\"/\t\n\r\b\f\v\0N.,;'\u007f\ufeffaé€😀") }),
);

const verbatim = (s: string): Value => ({ json: JSON.stringify(s), copy: s, cell: s });
const source = (s: string): Value => ({ json: s, copy: s, cell: s });
const pad = (n: number, width: number): string => String(n).padStart(width, "0");

function integer(bits: number): fc.Arbitrary<Value> {
  const edge = 1n << BigInt(bits - 1);
  return fc.bigInt({ min: -edge, max: edge - 1n }).chain((n) => {
    const value = { copy: String(n), cell: n };
    const digits = String(n);
    return fc.constantFrom(
      digits,
      `"${digits}"`,
      `${digits}.000`,
      n === 0n ? "0e-1" : `${digits}0e-1`,
      `${digits}E+0`,
    )
      .map((json) => ({ ...value, json }));
  });
}

const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n): Value => {
  const json = Object.is(n, -0) ? "-0" : String(n);
  return { json, copy: json, cell: n };
});

const decimal = fc.tuple(fc.bigInt(), fc.nat({ max: 10 ** 9 })).map(([whole, fraction]) =>
  source(`${whole}.${fraction}`)
);

const date = fc.date({
  min: new Date("0001-01-01T00:00Z"),
  max: new Date("9999-12-31T23:59Z"),
  noInvalidDate: true,
})
  .map((d) => d.toISOString());

const uuid = fc.uuid();

const bytes = fc.uint8Array().map((array): Value => ({
  json: JSON.stringify(btoa(String.fromCharCode(...array))),
  copy: "\\x" + [...array].map((b) => b.toString(16).padStart(2, "0")).join(""),
  cell: array,
}));

const VALUES: Record<ColumnType, fc.Arbitrary<Value>> = {
  boolean: fc.boolean().chain((b) =>
    fc.constantFrom(String(b), b ? "1" : "0", b ? '"T"' : '"False"')
      .map((json) => ({ json, copy: b ? "t" : "f", cell: b ? 1n : 0n }))
  ),
  int16: integer(16),
  int32: integer(32),
  int64: integer(64),
  decimal,
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }).map((n) => {
    const json = Object.is(n, -0) ? "-0" : String(n);
    return { json, copy: json, cell: n };
  }),
  float64: float,
  text: fc.oneof(
    text.map(verbatim),
    fc.jsonValue().filter((v) => v !== null && typeof v !== "string").map((v) =>
      source(JSON.stringify(v))
    ),
  ),
  json: fc.jsonValue().filter((v) => v !== null).map((v) => source(JSON.stringify(v, null, 1))),
  bytes,
  date: date.map((d) => verbatim(d.slice(0, 10))),
  time: fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999)).map(([h, m, s, f]) =>
    verbatim(`${pad(h, 2)}:${pad(m, 2)}:${pad(s, 2)}.${pad(f, 6)}`)
  ),
  timestamp: date.map((d) => verbatim(d.slice(0, -1))),
  timestamptz: date.map(verbatim),
  uuid: uuid.map(verbatim),
  other: text.map(verbatim),
};

const NULL: Value = { json: "null", copy: null, cell: null };

/** See {@linkcode Sample}. */
export const sample: fc.Arbitrary<Sample> = fc
  .array(fc.constantFrom(...(Object.keys(VALUES) as ColumnType[])), { minLength: 1, maxLength: 8 })
  .chain((types) =>
    fc.record({
      types: fc.constant(types),
      rows: fc.array(
        fc.tuple(...types.map((type) =>
          fc.oneof(
            { weight: 6, arbitrary: VALUES[type] },
            { weight: 1, arbitrary: fc.constantFrom(NULL, undefined) },
          )
        )),
        { maxLength: 8 },
      ),
      noise: fc.array(fc.nat(999), { minLength: 1, maxLength: 60 }),
    })
  );

/** Names of columns: some need escapes, one is not ASCII, some are prefixes of others. */
export function columnName(index: number): string {
  return ["a", "ab", "größe", 'q"uote', "back\\slash", "", "line\nend", "😀"][index]!;
}
