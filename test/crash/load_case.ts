/** The loads that are disturbed: a source, and how it is loaded. */
import { join } from "@std/path";
import type { WriteMode } from "../../mod.ts";
import type { ContentRow } from "./content.ts";
import { Random } from "./random.ts";

/** What is loaded, and how. */
export interface LoadCase {
  readonly name: string;
  readonly mode: WriteMode;
  readonly connections: number;
  readonly rows: number;
  readonly batchRows: number;
  /** Bytes of a batch, in the place of rows: then it is a range, where the family writes such. */
  readonly batchBytes?: number;
  /** Whether it is CSV, without a header; NDJSON by default. */
  readonly csv?: boolean;
  /** Whether some rows are refused, by the codec and by the database, and may be. */
  readonly rejects?: boolean;
  /** Whether the table is there before; a replace finds rows in it. */
  readonly tableThere?: boolean;
  /** Whether indexes of the table wait for its rows. */
  readonly indexes?: boolean;
  /** Whether rows lack fields, each its own: an upsert then writes a batch as groups. */
  readonly mixed?: boolean;
  /**
   * Whether the source ends with so many blank lines that it is not small: a driver that blocks then
   * has its lane in a worker, else in the thread of the program.
   */
  readonly large?: boolean;
}

/** A source on the disk, and what a table has to hold once it is loaded. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly rejected: number;
  /** What an upsert counts as committed: the keys of each batch. */
  readonly merged?: number;
  /** Whether programs that load it at once give its batches other numbers; they do not by default. */
  readonly drifts?: boolean;
  readonly expected: readonly ContentRow[];
}

/** A replace finds these. */
export const OLD_ROWS: readonly ContentRow[] = [["-1", "old", "1"], ["-2", "older", null]];

/** Keys come again, in the same batch and in later ones. */
export const UPSERT: LoadCase = {
  name: "upsert",
  mode: "upsert",
  connections: 1,
  rows: 48,
  batchRows: 8,
  large: true,
};

/** The same, and what a row does not have stays as an earlier row has left it. */
export const MIXED_UPSERT: LoadCase = {
  ...UPSERT,
  name: "upsert, mixed",
  mixed: true,
  tableThere: true,
  large: false,
};

/** Ranges of about as many rows, on two connections. */
export const RANGES: LoadCase = {
  name: "append, ranges",
  mode: "append",
  connections: 2,
  rows: 60,
  batchRows: 8,
  batchBytes: 400,
};

/** The same on one, in a worker where the driver blocks. */
const RANGES_IN_A_WORKER: LoadCase = {
  ...RANGES,
  name: "append, ranges, 1 connection",
  connections: 1,
  large: true,
};

/** Keys come again within a range and in later ones; where a range ends decides what is superseded. */
const UPSERT_RANGES: LoadCase = { ...UPSERT, name: "upsert, ranges", batchBytes: 400 };

/** The small loads, each of whose calls is disturbed. */
export const SMALL_CASES: readonly LoadCase[] = [
  { name: "append", mode: "append", connections: 1, rows: 60, batchRows: 8 },
  { name: "append, 2 connections", mode: "append", connections: 2, rows: 60, batchRows: 8 },
  RANGES,
  RANGES_IN_A_WORKER,
  UPSERT,
  UPSERT_RANGES,
  MIXED_UPSERT,
  {
    name: "replace",
    mode: "replace",
    connections: 1,
    rows: 48,
    batchRows: 8,
    tableThere: true,
    large: true,
  },
  {
    name: "append with rejects",
    mode: "append",
    connections: 1,
    rows: 24,
    batchRows: 8,
    rejects: true,
    tableThere: true,
  },
  {
    name: "append, indexes after",
    mode: "append",
    connections: 1,
    rows: 24,
    batchRows: 8,
    tableThere: true,
    indexes: true,
  },
];

/** Those that are worth it. */
export function casesFor(
  { oneWriter, indexesWait, writesRanges }: {
    readonly oneWriter: boolean;
    readonly indexesWait: boolean;
    readonly writesRanges: boolean;
  },
  cases: readonly LoadCase[],
): readonly LoadCase[] {
  return cases.filter(({ connections, indexes = false, batchBytes }) =>
    (!oneWriter || connections === 1) && (indexesWait || !indexes) &&
    (writesRanges || batchBytes === undefined)
  );
}

/** What a text has to survive on its way through COPY, JSON and SQL. */
const ODD = ["", "tab\there", "line\nbreak", "back\\slash", "\\N", 'quote"s', "it's", "ünï ☃ 𝄞"];

interface SourceRow {
  readonly id: number;
  readonly label?: string;
  readonly amount?: number | null | string;
}

/** What a row is written without. */
const LACKING: readonly (readonly (keyof SourceRow)[])[] = [[], ["label"], ["amount"], [
  "label",
  "amount",
]];

/** Fields of CSV, in their order. */
export const CSV_FIELDS = ["id", "label", "amount"] as const;

/** A row as a record of CSV, whose line ends stand in quotes. */
function csvRecord(row: SourceRow): string {
  const field = (value: string | number | null | undefined) =>
    typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value ?? "");
  return CSV_FIELDS.map((name) => field(row[name])).join(",");
}

/** More than a small source has. */
const BLANK_LINES = 300_000;

/** Writes the source of a case; the same for the same seed. */
export async function writeSource(
  folder: string,
  {
    name,
    mode,
    rows,
    batchRows,
    batchBytes,
    rejects = false,
    mixed = false,
    large = false,
    csv = false,
  }: LoadCase,
  seed: number,
): Promise<SourceFile> {
  const random = new Random(seed);
  const lines: string[] = [];
  const byId = new Map<number, ContentRow>();
  let rejected = 0;
  let merged = 0;
  let keys = new Set<number>();
  for (let i = 1; i <= rows; i++) {
    // Keys come again in the same batch and in later ones: the last row of each has to win.
    const id = mode === "upsert" && random.next() < 0.3 ? 1 + random.below(i) : i;
    const refused = rejects && i % 11 === 5;
    const whole = {
      id,
      label: `row ${i} ${random.oneOf(ODD)}`,
      amount: refused ? (i % 2 === 0 ? "many" : -i) : i % 13 === 0 ? null : (i * 7919) % 1_000_003,
    };
    const row: SourceRow = mixed ? without(whole, random.oneOf(LACKING)) : whole;
    lines.push(csv ? csvRecord(row) : JSON.stringify(row));
    if (refused) rejected++;
    else byId.set(id, after(byId.get(id), row));
    if ((i - 1) % batchRows === 0) keys = new Set();
    if (!refused && !keys.has(id)) merged++;
    keys.add(id);
  }
  const text = lines.join("\n") + "\n";
  const path = join(folder, `${name.replaceAll(/\W+/g, "_")}_${rows}.${csv ? "csv" : "ndjson"}`);
  await Deno.writeTextFile(path, text + (large ? "\n".repeat(BLANK_LINES) : ""));
  // Blank lines behind the last row are no batch's.
  const bytes = new TextEncoder().encode(text).length;
  const counted = mode === "upsert" && batchBytes === undefined ? { merged } : {};
  return { path, bytes, rows, rejected, ...counted, expected: [...byId.values()] };
}

function without(row: SourceRow, fields: readonly (keyof SourceRow)[]): SourceRow {
  const { id, ...others } = row;
  const kept = Object.entries(others).filter(([name]) => !fields.includes(name as keyof SourceRow));
  return { id, ...Object.fromEntries(kept) };
}

/** What the table has of a key once a row of it is in: a row changes what it has. */
function after(before: ContentRow | undefined, row: SourceRow): ContentRow {
  const { id, label = before?.[1] ?? null, amount = before?.[2] ?? null } = row;
  return [String(id), label, amount === null ? null : String(amount)];
}
