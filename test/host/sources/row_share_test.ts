import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Batcher } from "../../../src/batching/batcher.ts";
import { type RowShare, shareTest } from "../../../src/config/row_share.ts";
import { lineOfRow, rowCount } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { openSource } from "../../../host/sources/open_source.ts";
import { withShare } from "../../../host/sources/row_share.ts";
import { withFolder } from "../../support/target.ts";

interface Row {
  readonly id: number;
  readonly tenant: string | null;
  readonly note: string;
}

const TENANTS = ["x", "y", "z", null, "true", "12"];
const NOTES = ["plain", "two\nlines", 'with "quotes"', "a, comma]", "{brace}", "ünïcode"];
const ROWS: readonly Row[] = Array.from({ length: 500 }, (_, id) => ({
  id,
  tenant: TENANTS[(id * 7) % TENANTS.length]!,
  note: NOTES[(id * 5) % NOTES.length]!,
}));

const SHARES: Readonly<Record<string, RowShare>> = {
  a: { by: "tenant", values: ["x", "12"], others: ["y", "true"], rest: false },
  b: { by: "tenant", values: ["y"], others: ["x", "12", "true"], rest: false },
  rest: { by: "tenant", values: ["true"], others: ["x", "12", "y"], rest: true },
};

const json = (row: Row) => JSON.stringify(row);
const field = (text: string) => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const csv = ({ id, tenant, note }: Row, end: string) =>
  `${id},${tenant === null ? "" : field(tenant)},${field(note)}${end}`;

/** One content in every form that it may have, by the name of its file. */
const FORMS: Readonly<Record<string, string>> = {
  "lines.ndjson": ROWS.map((row) => `${json(row)}\n`).join(""),
  "blank.ndjson": ROWS.map((row) => `${json(row)}\r\n\r\n`).join("").trimEnd(),
  "array.json": `[${ROWS.map(json).join(",")}]`,
  "printed.json": JSON.stringify(ROWS, null, 2),
  "objects.json": ROWS.map((row) => JSON.stringify(row, null, 2)).join("\n"),
  "lines.csv": "id,tenant,note\n" + ROWS.map((row) => csv(row, "\n")).join(""),
  "crlf.csv": "id,tenant,note\r\n" + ROWS.map((row) => csv(row, "\r\n")).join("").trimEnd(),
};

/** The ids of the records of a share, and the lines that they stand in. */
async function idsOf(path: string, share: RowShare | undefined): Promise<Map<number, number>> {
  const source = openSource([path]);
  const limits = { rowsMax: 7, bytesMax: 4096, recordBytesMax: LIMITS.recordBytesMax };
  await using batches = new Batcher((share ? withShare(source, share) : source).parts(), limits);
  const ids = new Map<number, number>();
  for (let batch; (batch = await batches.next());) {
    for (let row = 0; row < rowCount(batch); row++) {
      const bytes = batch.bytes.subarray(batch.offsets[row], batch.offsets[row + 1]);
      const text = new TextDecoder().decode(bytes);
      const id = Number(/^\D*(\d+)/.exec(text)?.[1]);
      assert(!ids.has(id), `${id} is there twice`);
      ids.set(id, lineOfRow(batch, row));
    }
  }
  return ids;
}

for (const [name, text] of Object.entries(FORMS)) {
  Deno.test(`row share: ${name}: each record is in one share, and on its own line`, () =>
    withFolder(async (folder) => {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      const all = await idsOf(path, undefined);
      assertEquals(all.size, ROWS.length);
      const found = new Map<number, string>();
      for (const [share, rule] of Object.entries(SHARES)) {
        const ids = await idsOf(path, rule);
        for (const [id, line] of ids) {
          assert(!found.has(id), `${id} is in ${found.get(id)} and in ${share}`);
          found.set(id, share);
          const { tenant } = ROWS[id]!;
          const value = tenant === null ? undefined : { text: tenant, number: false };
          assertEquals(shareTest(rule)(value), true, `${id} in ${share}`);
          assertEquals(line, all.get(id), `line of ${id}`);
        }
      }
      assertEquals(found.size, ROWS.length);
    }));
}

Deno.test("row share: what cannot be read, or has no such field, is in the share of all others alone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "odd.ndjson");
    const lines = [
      '{"id":1}',
      '{"id":2,"tenant":null}',
      '{"id":3,"tenant":{"x":1}}',
      '{"id":4,"tenant":"x"',
    ];
    await Deno.writeTextFile(path, lines.join("\n"));
    const sizes = await Promise.all(
      Object.values(SHARES).map(async (share) => [...(await idsOf(path, share)).keys()]),
    );
    assertEquals(sizes, [[], [], [1, 2, 3, 4]]);
  }));

/** The shares of three tenants whose numbers a double cannot tell from each other, and of the rest. */
const LONG = ["9007199254740993", "9007199254740992", "0.1000000000000000055511151231257827"];
const NUMBERS = [...LONG, "12", "1e400"];
const NUMBER_SHARES = NUMBERS.map((value): RowShare => ({
  by: "tenant",
  values: [value],
  others: NUMBERS.filter((other) => other !== value),
  rest: value === "1e400",
}));

/** Values as they are written, and the share that they are of. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ...LONG.map((value) => [value, value] as const),
  ["12", "12"],
  ["12.0", "12"],
  ["1.2e1", "12"],
  ["0.12E+2", "12"],
  ["1200e-2", "12"],
  ['"12"', "12"],
  ['"12.0"', "1e400"],
  ["-12", "1e400"],
  ["9007199254740992.0", "9007199254740992"],
  ["90071992547409930e-1", "9007199254740993"],
  ["9007199254740994", "1e400"],
  ["0.1", "1e400"],
  ["true", "1e400"],
  ["null", "1e400"],
  ["[12]", "1e400"],
  ["10e399", "1e400"],
];

for (const name of ["lines.ndjson", "array.json"]) {
  Deno.test(`row share: ${name}: a number is of the value that is exactly that number`, () =>
    withFolder(async (folder) => {
      const path = join(folder, name);
      const records = WRITTEN.map(([value], id) => `{"id":${id},"tenant":${value}}`);
      await Deno.writeTextFile(
        path,
        name.endsWith(".json") ? `[${records.join(",")}]` : records.join("\n"),
      );
      for (const [i, share] of NUMBER_SHARES.entries()) {
        const expected = WRITTEN.flatMap(([, of], id) => of === NUMBERS[i] ? [id] : []);
        assertEquals([...(await idsOf(path, share)).keys()], expected, NUMBERS[i]);
      }
    }));
}

Deno.test("row share: in CSV every value is a text, numbers too", () =>
  withFolder(async (folder) => {
    const path = join(folder, "numbers.csv");
    const values = [...LONG, "12", "12.0", "012"];
    await Deno.writeTextFile(path, `id,tenant\n${values.map((v, id) => `${id},${v}\n`).join("")}`);
    const found = await Promise.all(
      NUMBER_SHARES.map(async (share) => [...(await idsOf(path, share)).keys()]),
    );
    assertEquals(found, [[0], [1], [2], [3], [4, 5]]);
  }));

Deno.test("row share: a number that two values are, of different targets, is refused", () =>
  withFolder(async (folder) => {
    const path = join(folder, "versions.ndjson");
    const share = { by: "version", values: ["1.1"], others: ["1.10"], rest: false };
    await Deno.writeTextFile(path, '{"id":1,"version":"1.1"}\n{"id":2,"version":"1.10"}\n');
    assertEquals([...(await idsOf(path, share)).keys()], [1]);
    await Deno.writeTextFile(path, '{"id":1,"version":1.100}\n');
    const error = await assertRejects(() => idsOf(path, share), LoadError);
    assertEquals([error.code, /1\.1 and 1\.10 of version are one number/.test(error.message)], [
      "config_invalid",
      true,
    ]);
  }));

const HEADERS = { "a.csv": "id,Tenant\n1,x\n", "a.tsv": "id\tTenant\n1\tx\n" };
for (const [name, text] of Object.entries(HEADERS)) {
  Deno.test(`row share: ${name}: a header without the column is refused, and the nearest is named`, () =>
    withFolder(async (folder) => {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      for (
        const [by, says] of [
          ["tenant", "has no column tenant, by which its rows go to their targets, but Tenant: "],
          ["Tenent", "did you mean Tenant?"],
        ] as const
      ) {
        for (const rest of [true, false]) {
          const share = { by, values: ["x"], others: [], rest };
          const error = await assertRejects(() => idsOf(path, share), LoadError);
          assertEquals([error.code, error.message.includes(says)], ["column_missing", true]);
        }
      }
    }));
}

Deno.test("row share: where no record has the field, the target of the rest says so", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson");
    await Deno.writeTextFile(path, '{"id":1,"Tenant":"x"}\n{"id":2}\n');
    const notesOf = async (by: string, rest: boolean) => {
      const source = withShare(openSource([path]), { by, values: ["x"], others: [], rest });
      const limits = { rowsMax: 7, bytesMax: 4096, recordBytesMax: LIMITS.recordBytesMax };
      await using batches = new Batcher(source.parts(), limits);
      while (await batches.next());
      return source.notes();
    };
    const [note, ...more] = await notesOf("tenant", true);
    assertStringIncludes(note!, "No record has a field tenant, by which rows go to their targets");
    assertStringIncludes(note!, "but Tenant: ");
    assertEquals([more, await notesOf("Tenant", true), await notesOf("tenant", false)], [
      [],
      [],
      [],
    ]);
  }));
