/**
 * Gathers the rows of a batch into groups, each of rows that have the same columns.
 *
 * Groups are written one after the other. Rows with the same key stay in their order: a row comes into
 * the earliest layer of groups in which no row of its key with other columns stands before it, and
 * layers follow on one another. Which keys are the same is for `key_bucket.ts` to say: where that
 * cannot be told, groups are runs of rows with the same columns.
 */
import { type Batch, type Column, rowCount } from "../../src/model/batch.ts";
import { KeyBuckets, type KeyRules } from "./key_bucket.ts";
import { BatchReader } from "./reference/batch_reader.ts";
import { cellColumns } from "./reference/cell_column.ts";
import { ABSENT, type CellSpans, VARIES } from "./reference/cell_span.ts";

/** Rows that have the same columns. */
export interface RowGroup {
  /** The shape's, without those that are optional and absent, and with those that the rows bring. */
  readonly columns: readonly Column[];
  /** Their numbers within the batch, rising; undefined for all of them. */
  readonly rows?: Uint32Array<ArrayBuffer>;
}

/** Records looked at before others may have their turn. */
const STEP_ROWS = 64;

/**
 * The groups of a batch, in the order in which they are to be written; those of the same columns share
 * the list of them. A row that the codec rejects whatever its columns are is in one of them. With turns
 * for others in between.
 */
export function* groupRows(batch: Batch, rules: KeyRules): Generator<void, RowGroup[]> {
  const { format } = batch;
  if (format.kind === "csv") return [groupOfHeader(batch, new Set(format.header))];
  const columns = widest(batch);
  const reader = new BatchReader({ ...batch, shape: { ...batch.shape, columns }, optional: [] });
  const fields = new FieldSets(batch, columns);
  const ordered = batch.shape.mode === "upsert";
  const keys = cellColumns({ shape: { ...batch.shape, columns } })
    .filter(({ index }) => columns[index]!.key);
  const buckets = new KeyBuckets(batch.bytes, keys, rules);
  const layers = new Layers();
  for (let row = 0; row < rowCount(batch); row++) {
    if (row % STEP_ROWS === STEP_ROWS - 1) yield;
    const fault = reader.read(row);
    const known = fault === undefined || fault === VARIES || fault.code === "unknown_field";
    const set = known ? fields.of(reader.spans) : fields.last;
    const bucket = known && ordered ? buckets.of(reader.spans) : undefined;
    layers.add(row, set, bucket);
  }
  const groups = layers.groups();
  if (groups.length === 1) return [{ columns: fields.columnsOf(groups[0]!.set) }];
  return groups.map(({ set, rows }) => ({ columns: fields.columnsOf(set), rows }));
}

/** The columns of the shape, and behind them those that records may bring besides. */
export function widest({ shape, optional = [] }: Pick<Batch, "shape" | "optional">): Column[] {
  const names = new Set(shape.columns.map(({ name }) => name));
  return [...shape.columns, ...optional.filter(({ name }) => !names.has(name))];
}

/** All rows of a batch of CSV, which have the columns of its header. */
function groupOfHeader(batch: Batch, header: ReadonlySet<string>): RowGroup {
  const optional = new Set(batch.optional?.map(({ name }) => name));
  const columns = widest(batch);
  return {
    columns: orFirst(
      columns.filter(({ name }) => header.has(name) || !optional.has(name)),
      columns,
    ),
  };
}

/** A row that has nothing has NULL in the first column: a statement names one at least. */
function orFirst(columns: Column[], all: readonly Column[]): Column[] {
  return columns.length > 0 ? columns : all.slice(0, 1);
}

/** Which of the optional columns rows have; sets are numbered from 0. */
class FieldSets {
  readonly #columns: readonly Column[];
  /** Indexes of the optional columns. */
  readonly #optional: readonly number[];
  readonly #numbers = new Map<string, number>();
  readonly #sets: (readonly boolean[])[] = [];
  readonly #lists: (readonly Column[])[] = [];
  /** What the last row has. */
  #has: boolean[];
  /** The set of the last row. */
  last = 0;

  constructor({ optional = [] }: Batch, columns: readonly Column[]) {
    const names = new Set(optional.map(({ name }) => name));
    this.#columns = columns;
    this.#optional = columns.flatMap(({ name }, i) => names.has(name) ? [i] : []);
    this.#has = this.#optional.map(() => false);
  }

  /** The number of the set of columns that a record has. */
  of({ kinds }: CellSpans): number {
    const optional = this.#optional;
    let same = this.#sets.length > 0;
    for (let i = 0; i < optional.length; i++) {
      const has = (kinds[optional[i]!]! & ABSENT) === 0;
      same &&= has === this.#has[i];
      this.#has[i] = has;
    }
    return same ? this.last : this.last = this.#number(this.#has);
  }

  columnsOf(set: number): readonly Column[] {
    return this.#lists[set] ??= this.#list(set);
  }

  #list(set: number): readonly Column[] {
    const absent = new Set(this.#optional.filter((_, i) => !this.#sets[set]?.[i]));
    return orFirst(this.#columns.filter((_, i) => !absent.has(i)), this.#columns);
  }

  #number(has: readonly boolean[]): number {
    const key = has.map(Number).join("");
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#sets.push([...has]) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

/** The groups of each layer, by the numbers of their sets. */
class Layers {
  readonly #layers: Map<number, number[]>[] = [];
  /** Where the last row of each bucket stands. */
  readonly #places = new Map<string, { readonly layer: number; readonly set: number }>();

  /** Adds a row behind those of its bucket; one without a bucket may stand anywhere. */
  add(row: number, set: number, bucket: string | undefined): void {
    const before = bucket === undefined ? undefined : this.#places.get(bucket);
    const layer = before === undefined ? 0 : before.layer + (before.set === set ? 0 : 1);
    if (bucket !== undefined && (before?.layer !== layer || before.set !== set)) {
      this.#places.set(bucket, { layer, set });
    }
    const groups = this.#layers[layer] ??= new Map();
    const rows = groups.get(set);
    if (rows) rows.push(row);
    else groups.set(set, [row]);
  }

  /** Groups in the order of their layers, and within a layer of their first rows. */
  groups(): { readonly set: number; readonly rows: Uint32Array<ArrayBuffer> }[] {
    return this.#layers.flatMap((groups) =>
      [...groups].map(([set, rows]) => ({ set, rows: Uint32Array.from(rows) }))
    );
  }
}
