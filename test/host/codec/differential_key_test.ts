/** The fast codec against the reference on keys that are hard to tell apart, and shapes of any width. */
import { COLUMN_TYPES } from "../../../src/model/column_type.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { batchOf, codecPair, columnsOf, expectSame, oneTaskEach } from "./differential_expect.ts";
import { csvFormat } from "./sample_batch.ts";

Deno.test("codecs agree on keys of every length that differ in one byte or in length alone", async () => {
  const pair = await codecPair();
  for (let length = 1; length <= 70; length++) {
    const stem = "k".repeat(length - 1);
    const names = [
      `${stem}a`,
      `${stem}b`,
      `a${stem}`,
      `${stem}é`,
      `${stem}aa`,
      `${stem}a"`,
      stem,
      `\\${stem}`,
    ];
    const columns = columnsOf(Object.fromEntries(names.map((name) => [name, "int32"])));
    const member = (name: string, i: number) => `${JSON.stringify(name)}:${i}`;
    const unknown = [
      `${stem}c`,
      `${stem}A`,
      `${stem}\u0000`,
      `${stem}aaa`,
      `b${stem}`,
      `${stem}e\u0301`,
    ];
    const records = [
      ...names.map((name, i) => `{${member(name, i)}}\n`),
      ...names.map((_, i) => `{${names.slice(i).map(member).join(",")}}\n`),
      ...names.map((name) => `{${[name, ...names, name].map(member).join(",")}}\n`),
      `{${names.toReversed().map(member).join(",")}}\n`,
      ...names.map((name) => `{"${[...name].map(unicode).join("")}":1}\n`),
      ...unknown.map((name) => `{${names.map(member).join(",")},${member(name, 9)}}\n`),
      `{"${stem}":1,"${stem}}\n`,
      `{"${stem}a:1}\n`,
    ];
    await expectSame(pair, oneTaskEach(batchOf(records, columns)));
  }
});

Deno.test("codecs agree on many keys that differ only somewhere in the middle", async () => {
  const pair = await codecPair();
  for (let ends = 6; ends <= 20; ends++) {
    const edge = "k".repeat(ends);
    const names = Array.from({ length: 150 }, (_, i) => `${edge}${100 + i}${edge}`);
    const columns = columnsOf(Object.fromEntries(names.map((name) => [name, "int32"])));
    const members = names.map((name, i) => `"${name}":${i}`);
    const records = [
      `{${members.join(",")}}\n`,
      `{${members.toReversed().join(" , ")}}\n`,
      ...members.map((member, i) => `{${member},${members[(i * 7) % 150]}}\n`),
      ...[99, 250, 999].map((n) => `{"${edge}${n}${edge}":1}\n`),
    ];
    await expectSame(pair, oneTaskEach(batchOf(records, columns)));
  }
});

Deno.test("codecs agree on shapes of 0 to 200 columns, and of the most", async () => {
  const pair = await codecPair();
  const widths = Array.from({ length: 201 }, (_, width) => width)
    .filter((width) => width <= 40 || width % 8 < 2);
  widths.push(LIMITS.columnsMax);
  for (const width of widths) {
    const names = Array.from({ length: width }, (_, i) => `c${i}`);
    const types = names.map((name, i) => [name, COLUMN_TYPES[(i * 5) % 3]!] as const);
    const columns = columnsOf(Object.fromEntries(types));
    const ones = names.map((name) => `"${name}":1`);
    const records = [
      `{${ones.join(",")}}\n`,
      `{${ones.toReversed().join(",")}}\n`,
      "{}",
      '{"c0":1}\n',
    ];
    await expectSame(pair, oneTaskEach(batchOf(records, columns)));
    const fields = [names.map(() => "1").join() + "\n", names.map(() => "").join(), ",\n"];
    await expectSame(pair, oneTaskEach(batchOf(fields, columns, csvFormat(names))));
  }
});

function unicode(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
