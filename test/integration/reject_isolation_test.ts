/**
 * Real poison among 40,000 rows: exactly the bad ones are left out, each with its place and its
 * reason, whatever refuses it, through one connection and through four.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ndjson } from "../../mod.ts";
import type { FamilySql, TestFamily } from "../families/family.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";

const ROWS = 40_000;
const PARENTS = 100;
/** In each run of so many rows one is bad, anywhere within it. */
const STEP = 700;
/** Any other one finds the same, unless a bad row comes right before one that repeats its key. */
const SEED = 20261126;

/** What is wrong with a row: the record, and the column and code that it is rejected with. */
interface Poison {
  readonly record: (id: number) => string;
  readonly column: string | undefined;
  readonly code: string;
  /** Whether it is wrong only where texts cannot have U+0000. */
  readonly nul?: boolean;
}

const record = (id: number, change: Record<string, string> = {}): string => {
  const cells: Record<string, string> = {
    id: String(id),
    parent: String(id % PARENTS),
    text: `"text of ${id}"`,
    day: `"2024-02-29"`,
    share: "0.5",
    ...change,
  };
  return `{${Object.entries(cells).map(([name, value]) => `"${name}":${value}`).join(",")}}`;
};

const POISONS: readonly Poison[] = [
  {
    record: (id) => record(id, { text: `"a\\u0000b"` }),
    column: "text",
    code: "encoding",
    nul: true,
  },
  { record: (id) => record(id, { text: `"a\\ud800b"` }), column: undefined, code: "encoding" },
  {
    record: (id) => record(id, { parent: "9223372036854775808" }),
    column: "parent",
    code: "range",
  },
  { record: (id) => record(id, { share: "NaN" }), column: undefined, code: "malformed" },
  { record: (id) => record(id, { day: `"2023-02-29"` }), column: "day", code: "range" },
  { record: (id) => record(id, { parent: "true" }), column: "parent", code: "type" },
  { record: (id) => record(id, { id: "null" }), column: "id", code: "null" },
  { record: (id) => record(id, { id: String(id - 1) }), column: "id", code: "integrity" },
  { record: (id) => record(id, { parent: "4711" }), column: "parent", code: "integrity" },
  {
    record: (id) => `${record(id).slice(0, -1)},"unheard_of":1}`,
    column: "unheard_of",
    code: "unknown_field",
  },
  { record: (id) => record(id).slice(0, 20), column: undefined, code: "malformed" },
];

const LARGE = { row: 21_041, code: "too_large", size: 100_000_000 };
/** A batch of its own, and a good one. */
const MIDDLE = { row: 30_060, size: 10_000_000 };

/** Where the bad rows stand. */
function badRows(): ReadonlyMap<number, Poison> {
  const bad = new Map<number, Poison>();
  let state = SEED;
  for (let k = 0; k < ROWS / STEP; k++) {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const id = k * STEP + 1 + Math.floor(state / 2 ** 32 * (STEP - 1));
    if (id < ROWS) bad.set(id, POISONS[k % POISONS.length]!);
  }
  return bad;
}

/** Writes the file, which is the same for all. */
async function write(file: string): Promise<void> {
  const poisons = badRows();
  using out = await Deno.open(file, { create: true, write: true, truncate: true });
  const encoder = new TextEncoder();
  const writer = out.writable.getWriter();
  let text = "";
  for (let id = 0; id < ROWS; id++) {
    if (id === LARGE.row) text += record(id, { text: `"${"y".repeat(LARGE.size)}"` });
    else if (id === MIDDLE.row) text += record(id, { text: `"${"z".repeat(MIDDLE.size)}"` });
    else text += poisons.get(id)?.record(id) ?? record(id);
    text += "\n";
    if (text.length > 1 << 20) {
      await writer.write(encoder.encode(text));
      text = "";
    }
  }
  await writer.write(encoder.encode(text));
  await writer.close();
}

/** What a family has to reject, as `ordinal code column`. */
function rejectsOf({ quirks }: TestFamily): string[] {
  const bad = [...badRows()].filter(([id, { nul }]) =>
    id !== LARGE.row && id !== MIDDLE.row && !(nul && quirks.keepsNul)
  );
  const expected = bad.map(([id, { code, column }]) => [id, `${code} ${column ?? "-"}`] as const);
  return [...expected, [LARGE.row, `${LARGE.code} -`] as const]
    .sort(([a], [b]) => a - b)
    .map(([id, why]) => `${id} ${why}`);
}

const ddlOf = ({ integer, types }: FamilySql) => [
  `CREATE TABLE parent (id ${integer} PRIMARY KEY)`,
  `CREATE TABLE child (id ${integer} NOT NULL PRIMARY KEY, parent ${integer} REFERENCES parent (id), ` +
  `text ${types.text} NOT NULL, day ${types.date}, share ${types.float64})`,
];

/** The folder of the source, which is written once: it has 110 MB. */
let written: Promise<string> | undefined;

async function sourceFile(): Promise<string> {
  const folder = await (written ??= Deno.makeTempDir({ prefix: "snakepipe_" }).then(
    async (folder) => {
      await write(join(folder, "rows.ndjson"));
      return folder;
    },
  ));
  return join(folder, "rows.ndjson");
}

Deno.test.afterAll(async () => {
  if (written) await Deno.remove(await written, { recursive: true });
});

for (const kind of TARGET_KINDS) {
  // Where one connection writes, however many are asked for, it is tried once.
  for (const connections of kind.family.quirks.oneWriter ? [1] : [1, 4]) {
    Deno.test(`poison: ${kind.name}: exactly the bad rows are left out, ${connections} connections`, () =>
      kind.use((target) =>
        withFolder(async (folder) => {
          const { sql, family } = target;
          for (const statement of ddlOf(sql)) await target.execute(statement);
          const ids = Array.from({ length: PARENTS }, (_, id) => `(${id})`).join(", ");
          await target.execute(`INSERT INTO parent (id) VALUES ${ids}`);
          const file = await sourceFile();
          const expected = rejectsOf(family);
          const rejects = join(folder, "rejects.ndjson");
          await using host = await openHost();
          const backend = await host.createBackend(target.type, {
            ...target.config,
            ...(family.quirks.oneWriter ? {} : { poolSize: 4 }),
          });
          const options = {
            table: "child",
            maxRejects: { kind: "count", rowsMax: 1_000 },
            rejects,
            connections,
          } as const;
          const report = await host.load(ndjson(file), backend, options);
          assertEquals(report.read, ROWS);
          assertEquals(report.rejected, expected.length);
          assertEquals(report.committed, ROWS - expected.length);
          const lines = (await Deno.readTextFile(rejects)).trim().split("\n")
            .map((line) => JSON.parse(line));
          assertEquals(
            lines.toSorted((a, b) => a.ordinal - b.ordinal)
              .map((line) => `${line.ordinal} ${line.code} ${line.column ?? "-"}`),
            expected,
          );
          assertEquals(lines.every((line) => line.line === line.ordinal + 1), true);
          const [row] = await target.query(
            "SELECT count(*) AS n, count(DISTINCT id) AS ids, max(length(text)) AS longest FROM child",
          );
          assertEquals([row!.n, row!.ids, row!.longest].map(Number), [
            ROWS - expected.length,
            ROWS - expected.length,
            MIDDLE.size,
          ]);
          const again = await host.load(ndjson(file), backend, options);
          assertEquals([again.committed, again.rejected, again.skipped], [0, 0, ROWS]);
        })
      ));
  }
}
