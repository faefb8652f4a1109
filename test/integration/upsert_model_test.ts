/**
 * Upserts of rows with any fields, held against a model that applies them one after the other, each
 * changing only what it has: random fields, keys that come again and again, NULL and nothing, rows that
 * the codec or the database refuses, in batches of every size.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { LoadError, type LoadReport, ndjson, rows as given } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

/** Loads for each kind of key. */
const RUNS = 6;

type Row = Readonly<Record<string, unknown>>;
type Table = Map<string, Row>;
type Counts = Pick<LoadReport, "committed" | "superseded" | "rejected">;

/** A key column, its keys as they may be written, and what makes those equal that are. */
interface KeyKind {
  readonly name: string;
  readonly type: (target: Target) => string;
  readonly keys: readonly string[];
  readonly same: (key: string) => string;
  /** Whether those are equal whose values have the same bytes, and no others. */
  readonly bytewise: boolean;
  readonly setUp?: (target: Target) => string;
}

const KEYS: readonly KeyKind[] = [
  {
    name: "whole numbers",
    type: (target) => target.sql.integer,
    keys: ["1", "2", "3", "1.0", "2e0", '"3"', "40"],
    same: (key) => String(Number(JSON.parse(key))),
    bytewise: true,
  },
  {
    name: "texts",
    type: (target) => target.sql.keyText,
    keys: ['"a"', '"A"', '"b"', '"\\u0061"', '"a b"'],
    same: (key) => JSON.parse(key),
    bytewise: true,
  },
  {
    name: "texts of any case",
    type: (target) => target.sql.looseText!.type,
    keys: ['"a"', '"A"', '"b"', '"B"', '"c"'],
    same: (key) => JSON.parse(key).toLowerCase(),
    bytewise: false,
    setUp: ({ sql: { looseText } }) => looseText!.setUp ? `${looseText!.setUp};` : "",
  },
];

const value = fc.option(fc.constantFrom("x", "y", "z"), { nil: null });
const number = fc.option(fc.constantFrom(1, 2, 3, -1, "bad"), { nil: null });
const fields = fc.record({ a: value, b: value, n: number, d: value }, { requiredKeys: [] });
const records = fc.array(fc.tuple(fc.nat(99), fields), { minLength: 1, maxLength: 40 });

/** What the rows come to, one after the other, in batches of so many. */
function modelled(
  before: Table,
  rows: readonly (readonly [key: string, fields: Row])[],
  { same, batchRows }: { readonly same: KeyKind["same"]; readonly batchRows: number },
): Counts & { readonly table: Table } {
  const table = new Map(before);
  const counts = { committed: 0, superseded: 0, rejected: 0 };
  for (let from = 0; from < rows.length; from += batchRows) {
    const keys = new Set<string>();
    for (const [key, row] of rows.slice(from, from + batchRows)) {
      if (row.n === -1 || row.n === "bad") {
        counts.rejected++;
        continue;
      }
      if (keys.has(same(key))) counts.superseded++;
      keys.add(same(key));
      const old = table.get(same(key)) ?? { a: null, b: null, n: null, d: "given" };
      table.set(same(key), { ...old, ...row });
    }
    counts.committed += keys.size;
  }
  return { table, ...counts };
}

async function contents(target: Target, same: KeyKind["same"]): Promise<Table> {
  const names = ["id", "a", "b", "n", "d"];
  const list = names.map((name) => `${target.textOf(name)} AS ${name}`).join(", ");
  const found = await target.query(`SELECT ${list} FROM t`);
  return new Map(found.map(({ id, a, b, n, d }) => {
    return [same(JSON.stringify(id)), { a, b, n: n == null ? null : Number(n), d } as Row];
  }));
}

for (const kind of TARGET_KINDS) {
  for (const key of KEYS) {
    Deno.test(`upsert: ${kind.name}: rows with any fields come to what they come to in turn, by ${key.name}`, () =>
      kind.use((target) =>
        withFolder(async (folder) => {
          await using host = await openHost();
          const backend = await host.createBackend(target.type, target.config);
          await target.execute(
            `${key.setUp?.(target) ?? ""}CREATE TABLE t (id ${key.type(target)} PRIMARY KEY, ` +
              "a text, b text, n integer CHECK (n >= 0), d text DEFAULT 'given')",
          );
          if (!key.bytewise && target.family.quirks.noLooseKeys !== undefined) {
            const load = host.load(given([{ id: "a" }]), backend, {
              table: "t",
              mode: "upsert",
              key: ["id"],
            });
            const error = await assertRejects(() => load, LoadError);
            return assertEquals(error.code, "table_refused");
          }
          // Where the last of the rows of one key that have the same fields is merged, and no other is
          // looked at, one that would be refused is superseded. Else keys are counted by their bytes.
          const counted = ({ committed, superseded, rejected }: Counts) =>
            target.family.quirks.supersededUnseen
              ? [committed, superseded + rejected]
              : key.bytewise
              ? [committed, superseded, rejected]
              : [committed + superseded, rejected];
          const file = join(folder, "rows.ndjson");
          const rejects = join(folder, "rejects.ndjson");
          const property = fc.asyncProperty(
            records,
            fc.integer({ min: 1, max: 45 }),
            async (list, batchRows) => {
              const before = await contents(target, key.same);
              const rows = list.map(([i, row]) => [key.keys[i % key.keys.length]!, row] as const);
              const lines = rows.map(([id, row], i) => {
                const members = Object.entries(row).map(([n, v]) => `"${n}":${JSON.stringify(v)}`);
                const written = i % 2 === 0
                  ? [`"id":${id}`, ...members]
                  : [...members, `"id":${id}`];
                return `{${written.join(",")}}\n`;
              });
              await Deno.writeTextFile(file, lines.join(""));
              const report = await host.load(ndjson(file), backend, {
                table: "t",
                mode: "upsert",
                key: ["id"],
                fresh: true,
                batchRowsMax: batchRows,
                maxRejects: { kind: "count", rowsMax: 100 },
                rejects,
              });
              const { table, ...counts } = modelled(before, rows, { same: key.same, batchRows });
              const { committed, superseded, rejected } = report;
              assertEquals(await contents(target, key.same), table);
              assertEquals(counted({ committed, superseded, rejected }), counted(counts));
            },
          );
          await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
        })
      ));
  }
}
