/** The fast codec against the reference on values at every limit of their types. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import {
  asText,
  codecPair,
  everyTask,
  expectSame,
  oneTaskEach,
  valueBatches,
} from "./differential_expect.ts";

const NUMERIC: readonly ColumnType[] = ["int16", "int32", "int64", "decimal", "float32", "float64"];

/** Expects agreement on texts, each as a JSON string, as a CSV field, and as it stands in JSON. */
async function expectTexts(types: readonly ColumnType[], texts: readonly string[]): Promise<void> {
  const pair = await codecPair();
  const values = texts.flatMap((text) => [{ json: text }, ...asText(text)]);
  for (const type of types) {
    for (const batch of valueBatches(type, values)) await expectSame(pair, oneTaskEach(batch));
  }
}

Deno.test("codecs agree on integers around every power of two and of ten", async () => {
  const texts: string[] = [];
  for (const [base, powers] of [[2n, 70n], [10n, 22n]] as const) {
    for (let power = 0n; power <= powers; power++) {
      for (const step of [-2n, -1n, 0n, 1n, 2n]) {
        const digits = String(base ** power + step);
        texts.push(digits, `-${digits}`, `${digits}.0`, `${digits}0e-1`, `0${digits}`);
      }
    }
  }
  await expectTexts(NUMERIC.filter((type) => type !== "float32"), texts);
});

Deno.test("codecs agree on numbers of 1 to 400 digits, with the point anywhere", async () => {
  const texts: string[] = [];
  for (let count = 1; count <= 400; count += count < 70 ? 1 : 11) {
    const digits = "1234567890".repeat(40).slice(0, count);
    texts.push(digits, `-${digits}`, `0.${digits}`, `${digits}.${digits}`, `${digits}.`);
    texts.push(
      "0".repeat(count),
      `1${"0".repeat(count)}`,
      `0.${"0".repeat(count)}1`,
      `${digits}e0`,
    );
    texts.push(`${digits}e-${count}`, `1${"0".repeat(count)}e-${count}`, `0.${digits}E+${count}`);
  }
  await expectTexts(["int64", "decimal", "float32", "float64"], texts);
});

Deno.test("codecs agree on every exponent that a double has, and beyond", async () => {
  const texts: string[] = [];
  for (let power = -420; power <= 420; power += isTelling(power) ? 1 : 9) {
    for (
      const mantissa of ["1", "9.999999999999999", "0", "-4.9406564584124654", "17976931348623157"]
    ) {
      texts.push(`${mantissa}e${power}`, `${mantissa}E${power < 0 ? "" : "+"}${power}`);
    }
    texts.push(`1e${String(power).replace(/^-?/, "$&000")}`);
  }
  for (const power of ["16383", "16384", "131071", "131072", "2147483648", "9".repeat(30)]) {
    for (const sign of ["", "-", "+"]) texts.push(`1e${sign}${power}`, `0e${sign}${power}`);
    texts.push(`0.${"0".repeat(99)}1e${power}`, `1${"0".repeat(99)}e-${power}`);
  }
  await expectTexts(["decimal", "float32", "float64"], texts);
});

/** Whether a power of ten is near one that doubles, singles, or a fast path end with. */
function isTelling(power: number): boolean {
  const size = Math.abs(power);
  return size < 70 || (size > 290 && size < 346);
}

Deno.test("codecs agree on decimals of the most digits", async () => {
  const pair = await codecPair();
  const texts = [15_999, 16_000, 16_001, 131_071, 131_072, 131_073].map((n) => "7".repeat(n));
  texts.push(...[15_998, 16_000, 16_383, 16_384].map((n) => `0.${"3".repeat(n)}`));
  texts.push(`${"1".repeat(131_072)}.${"1".repeat(16_383)}`, `${"1".repeat(131_072)}e-16383`);
  const values = texts.flatMap((text) => [{ json: text }, { json: `-${text}`, csv: text }]);
  for (const type of ["decimal", "float64", "int64"] as const) {
    for (const batch of valueBatches(type, values)) await expectSame(pair, oneTaskEach(batch));
  }
});

Deno.test("codecs agree on what numbers look like, and on names of numbers", async () => {
  const alphabet = ["0", "1", "-", "+", ".", "e", "9"];
  let texts = [""];
  const all: string[] = [];
  for (let length = 1; length <= 4; length++) {
    texts = texts.flatMap((text) => alphabet.map((letter) => text + letter));
    all.push(...texts);
  }
  const pair = await codecPair();
  for (const type of ["int16", "float64", "decimal"] as const) {
    const values = all.map((text) => ({ json: text, csv: text }));
    for (const batch of valueBatches(type, values)) await expectSame(pair, oneTaskEach(batch));
  }
  const names = [
    "NaN",
    "Infinity",
    "-Infinity",
    "+Infinity",
    "nan",
    "-NaN",
    "Inf",
    "Infinity ",
    "NaN\u0000",
  ];
  const values = names.flatMap((name) => [{ json: name }, ...asText(name)]);
  for (const type of NUMERIC) {
    for (const batch of valueBatches(type, values)) await expectSame(pair, everyTask(batch));
  }
});

Deno.test("codecs agree on every day, hour, minute, second, fraction and offset", async () => {
  const two = (n: number) => String(n).padStart(2, "0");
  const dates: string[] = [];
  for (const year of ["0000", "0001", "1900", "2000", "2023", "2024", "9999"]) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) dates.push(`${year}-${two(month)}-${two(day)}`);
    }
  }
  const times: string[] = [];
  const zones: string[] = [
    "Z",
    "z",
    "",
    "+",
    "+1",
    "+01:",
    "+01:0",
    "+010",
    "+01:00:00",
    "+0a",
    "*01",
  ];
  for (let n = 0; n < 100; n++) {
    times.push(
      `${two(n)}:00`,
      `00:${two(n)}`,
      `00:00:${two(n)}`,
      `${n}:00:00`,
      `00:00:00.${two(n)}`,
    );
    for (const sign of "+-") {
      zones.push(`${sign}${two(n)}`, `${sign}00:${two(n)}`, `${sign}15${two(n)}`);
    }
  }
  for (let count = 0; count <= 12; count++) {
    times.push(`12:34:56.${"1".repeat(count)}`, `12:34:56.${"0".repeat(count)}`);
    times.push(`12:34:56.${"123456".slice(0, count)}${"0".repeat(Math.max(0, count - 6))}`);
  }
  await expectTexts(["date"], dates);
  await expectTexts(["time"], times);
  const stamps = [
    ...times.map((time) => `2024-02-29T${time}`),
    ...times.map((time) => `2024-02-29 ${time}Z`),
    ...dates.map((date) => `${date}T12:00:00`),
    ...dates.map((date) => `${date}T23:59:59-15:59`),
    ...zones.flatMap((zone) => [`2024-02-29T12:00${zone}`, `0001-01-01T00:00:00.000001${zone}`]),
    ...zones.map((zone) => `9999-12-31 23:59:59.999999${zone}`),
  ];
  await expectTexts(["timestamp", "timestamptz"], stamps);
});

Deno.test("codecs agree on every byte in each place of a date, a time, a UUID and a boolean", async () => {
  const texts: [ColumnType, string][] = [
    ["date", "2024-02-29"],
    ["time", "12:34:56.789012"],
    ["timestamp", "2024-02-29T12:34:56"],
    ["timestamptz", "2024-02-29T12:34:56.5+01:30"],
    ["uuid", "01234567-89ab-cdef-ABCD-EF0123456789"],
    ["boolean", "false"],
    ["boolean", "t"],
    ["bytes", "AQID/+8="],
  ];
  const pair = await codecPair();
  for (const [type, text] of texts) {
    const values = [...text].flatMap((_, i) =>
      Array.from(
        { length: 160 },
        (_, c) => text.slice(0, i) + String.fromCharCode(c) + text.slice(i + 1),
      )
    );
    const lengths = [...text].flatMap((
      _,
      i,
    ) => [text.slice(0, i), text.slice(i), text + text.slice(0, i)]);
    for (const batch of valueBatches(type, [...values, ...lengths].flatMap(asText))) {
      await expectSame(pair, oneTaskEach(batch));
    }
  }
});

Deno.test("codecs agree on base64 of every length and every padding", async () => {
  const texts: string[] = [];
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ ";
  for (let length = 0; length <= 130; length++) {
    const text = "Zm9vYmFyK+/9".repeat(11).slice(0, length);
    for (const tail of ["", "=", "==", "===", "A=", "A=="]) texts.push(text + tail);
  }
  for (const letter of alphabet) {
    for (const tail of ["", "=", "==", "==="]) {
      for (const head of ["", "A", "AA", "AAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAA"]) {
        texts.push(`${head}${letter}${tail}`, `${letter}${head}${tail}`);
      }
    }
  }
  await expectTexts(["bytes"], texts);
});
