/** Holds a table, its ledger and its load rows against the source. */
import { type Content, contentOf, type ContentRow } from "./content.ts";
import { type LoadCase, OLD_ROWS, type SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";

const LOAD = "_snakepipe_load";
const BATCH = "_snakepipe_batch";
const REJECT = "_snakepipe_reject";
const INDEX = "_snakepipe_index";

/** What is to be checked. */
export interface CheckOptions {
  readonly place: Place;
  readonly source: SourceFile;
  readonly load: LoadCase;
  /** How often the source was loaded again; once by default. */
  readonly generations?: number;
}

/** What is wrong after a load that said it was complete; nothing, where all is as it should be. */
export async function problemsAtEnd(options: CheckOptions): Promise<string[]> {
  const { place, source, load, generations = 1 } = options;
  const problems: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) problems.push(`${what}: ${found}, expected ${expected}`);
  };
  const expected = Array.from({ length: generations }, () => source.expected).flat();
  problems.push(...differences(await tableContent(place), await contentOf(expected)));
  const loads = await loadRows(place);
  const complete = loads.filter(({ state }) => state === "complete");
  if (load.mode === "replace") {
    // A replace begins again each time; whichever came to its end left the same rows.
    expect("some load is complete", complete.length > 0, true);
    expect("states other than complete and failed", strange(loads), 0);
  } else {
    expect("load rows", loads.length, generations);
    expect("complete load rows", complete.length, generations);
  }
  for (const row of complete) problems.push(...await ledgerProblems(options, row));
  if (load.indexes) {
    // Made a second time, it is refused if it is there.
    const again = async () =>
      await place.execute(`CREATE INDEX by_amount ON ${place.sqlName("t")} (amount)`);
    expect("the index is there", await again().then(() => false, () => true), true);
    const kept = await place.rows(`SELECT index_name FROM ${place.sqlName(INDEX)}`);
    expect("indexes that are not there yet", kept.length, 0);
  }
  const own = ["t", LOAD, BATCH, REJECT, INDEX];
  const left = (await place.tables()).filter((name) => !own.includes(name));
  expect("tables left behind", left.join(", "), "");
  return problems;
}

/** What is wrong while a load is not at its end, whatever has become of the loader. */
export async function problemsMidway({ place, source, load }: CheckOptions): Promise<string[]> {
  const tables = await place.tables();
  if (!tables.includes("t")) return [];
  if (load.mode === "replace") {
    const content = await tableContent(place);
    const old = differences(content, await contentOf(OLD_ROWS));
    const fresh = differences(content, await contentOf(source.expected));
    return old.length === 0 || fresh.length === 0
      ? []
      : [`the table holds neither the old rows nor the new ones: ${old.join("; ")}`];
  }
  if (load.mode === "upsert" || !tables.includes(BATCH)) return [];
  // One statement, so that both are seen at the same moment.
  const [[rows, committed]] = await place.rows(
    `SELECT (SELECT count(*) FROM ${place.sqlName("t")}),
(SELECT coalesce(sum(committed), 0) FROM ${place.sqlName(BATCH)})`,
  ) as [[string, string]];
  return rows === committed
    ? []
    : [`midway, the table has ${rows} rows, and the ledger says ${committed}`];
}

interface LoadRow {
  readonly id: string;
  readonly state: string;
  readonly committed: string | null;
}

async function loadRows(place: Place): Promise<LoadRow[]> {
  const rows = await place.rows(
    `SELECT id, state, rows_committed FROM ${place.sqlName(LOAD)}`,
  );
  return rows.map(([id, state, committed]) => ({
    id: id!,
    state: state!,
    committed: committed ?? null,
  }));
}

function strange(loads: readonly LoadRow[]): number {
  return loads.filter(({ state }) => state !== "complete" && state !== "failed").length;
}

/** What is wrong with a table that should hold these rows and no others. */
export async function contentProblems(
  place: Place,
  expected: readonly ContentRow[],
): Promise<string[]> {
  return differences(await tableContent(place), await contentOf(expected));
}

async function tableContent(place: Place): Promise<Content> {
  const columns = "id, label, amount";
  const rows = await place.rows(`SELECT ${columns} FROM ${place.sqlName("t")}`);
  return await contentOf(rows as unknown as ContentRow[]);
}

function differences(found: Content, expected: Content): string[] {
  return (["rows", "distinct", "sum", "checksum"] as const)
    .filter((name) => found[name] !== expected[name])
    .map((name) => `the table's ${name}: ${found[name]}, expected ${expected[name]}`);
}

async function ledgerProblems(
  { place, source, load }: CheckOptions,
  { id, committed }: LoadRow,
): Promise<string[]> {
  const problems: string[] = [];
  const fields = ["sequence", "byte_first", "byte_end", "rows_read", "committed", "superseded"];
  const rows = await place.rows(
    `SELECT part, ${[...fields, "rejected"].join(", ")}
FROM ${place.sqlName(BATCH)} WHERE load_id = '${id}'`,
  );
  const batches = rows.map(([, ...row]) => row.map(Number)).sort(([a], [b]) => a! - b!);
  const sum = (column: number) => batches.reduce((total, row) => total + row[column]!, 0);
  const expect = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) problems.push(`load ${id}, ${what}: ${found}, expected ${expected}`);
  };
  expect("rows read", sum(3), source.rows);
  expect("rows in any count", sum(4) + sum(5) + sum(6), source.rows);
  expect("rows rejected", sum(6), source.rejected);
  const committedRows = load.mode === "upsert" ? source.merged : source.expected.length;
  if (committedRows !== undefined) expect("rows committed", sum(4), committedRows);
  expect("rows of the load row", Number(committed), sum(4));
  if (!source.drifts) {
    expect("sequences", batches.map(([n]) => n).join(), batches.map((_, i) => i).join());
  }
  let ends = 0;
  for (const [part, own] of Map.groupBy(rows, ([part]) => part)) {
    let end = 0;
    const ranges = own.map(([, , first, after]) => [Number(first), Number(after)] as const);
    for (const [first, after] of ranges.sort(([a], [b]) => a - b)) {
      if (first !== end) {
        problems.push(`load ${id}: a batch of ${part} begins at ${first}, not ${end}`);
      }
      end = after;
    }
    ends += end;
  }
  expect("ends of the last batches", ends, source.bytes);
  if (load.rejects) {
    const [row] = await place.rows(
      `SELECT count(*), count(DISTINCT ordinal)
FROM ${place.sqlName(REJECT)} WHERE load_id = '${id}'`,
    );
    expect("rejects kept in the table", row!.join(), `${source.rejected},${source.rejected}`);
    const ordinals = await ordinalsInFile(place.rejects, id);
    expect("rejects kept in the file", new Set(ordinals).size, source.rejected);
    expect("lines of the file of rejects", ordinals.length, source.rejected);
  }
  return problems;
}

/** Which rows of a load stand in a file of rejects, as often as they do. */
async function ordinalsInFile(path: string, id: string): Promise<number[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as { load: string; ordinal: number })
    .filter(({ load }) => load === id)
    .map(({ ordinal }) => ordinal);
}
