import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Batcher } from "../../../src/batching/batcher.ts";
import { isOfShare, type RowShare } from "../../../src/config/destination.ts";
import { lineOfRow, rowCount } from "../../../src/model/batch.ts";
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
  a: { by: "tenant", values: ["x", "12"] },
  b: { by: "tenant", values: ["y"] },
  rest: { by: "tenant", values: ["true"], allBut: ["x", "12", "y"] },
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
          assertEquals(isOfShare(rule, ROWS[id]!.tenant ?? undefined), true, `${id} in ${share}`);
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
