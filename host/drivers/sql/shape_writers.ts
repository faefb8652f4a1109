/**
 * What a connection writes rows of a load with: a writer for the load's own shape, and one for each
 * shape of groups that have come; and the staging table that all of them use.
 *
 * Invariant: staging has every column that a writer sends.
 */
import { type Batch, shapeKey } from "../../../src/model/batch.ts";
import type {
  EncodedImage,
  ImageOptions,
  RecordBytes,
  StreamedRecords,
} from "../../codec/codec.ts";
import type { BatchGroups } from "../driver.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { render, stagingTable } from "./names.ts";
import { PreparedPart, type WrittenGroup } from "./prepared_part.ts";
import type { KeyCount, PrepareOptions } from "./row_writer.ts";
import { type PlannedShape, type RangeRows, ShapeWriter, statementsOf } from "./shape_writer.ts";

/** Shapes of groups whose writers are kept for further batches. */
const SHAPES_MAX = 64;

/**
 * What a connection writes rows of a load with: a writer for the load's own shape, and one for each
 * shape of groups that have come; and the staging table that all of them use.
 */
export class ShapeWriters {
  readonly #load: JoinedLoad;
  #own!: ShapeWriter;
  /** By the keys of their shapes. */
  readonly #others = new Map<string, ShapeWriter>();
  #staged: PlannedShape;

  /** Writers of a load that is to be joined. */
  constructor(load: JoinedLoad) {
    this.#load = load;
    this.#staged = load.order;
  }

  /**
   * Makes staging, and looks at where rows will go; again for a session that has another engine, where
   * groups are to be written. Outside of a transaction. @throws {LoadError}, the session's error
   */
  async join(groups?: BatchGroups): Promise<void> {
    const { order, host, record } = this.#load;
    const others = shapesOf(groups);
    this.#others.clear();
    await this.#stage(groups?.widest);
    const names = host.names(order.shape, record.id);
    const changed = await host.session.fit?.([
      ...[order, ...others.values()].flatMap((each) => statementsOf(this.#load, each)),
      ...order.plan.finish.map((sql) => render(sql, names)),
    ]);
    if (changed) await this.#stage();
    this.#own = await ShapeWriter.open(this.#load, order);
    await this.#openAll(others);
  }

  /** Makes ready for groups whose shapes have not come yet. Like {@linkcode ShapeWriters.join}. */
  async enter(groups: BatchGroups): Promise<void> {
    const others = shapesOf(groups);
    const missing = new Map([...others].filter(([key]) => !this.#others.has(key)));
    if (missing.size === 0) return;
    const full = this.#others.size + missing.size > SHAPES_MAX;
    for (const key of this.#others.keys()) if (full && !others.has(key)) this.#others.delete(key);
    if (shapeKey(groups.widest.shape) !== shapeKey(this.#staged.shape)) {
      await this.#stage(groups.widest);
    }
    const statements = [...missing.values()].flatMap((each) => statementsOf(this.#load, each));
    if (await this.#load.host.session.fit?.(statements)) await this.join(groups);
    else await this.#openAll(missing);
  }

  /** Makes rows ready whose shapes have come; `from` is the number of the first within their batch. */
  prepare(
    part: Batch,
    { groups, from = 0, ...options }: PrepareOptions & {
      readonly groups: BatchGroups | undefined;
      readonly from?: number;
    },
  ): PreparedPart {
    const { emptied } = this.#load.host.words;
    return new PreparedPart(part, {
      ...options,
      from,
      groups: this.#writersOf(groups),
      emptyStaging: () => this.emptyStaging(emptied),
    });
  }

  /** Whether a batch is of one shape, which has come before: it can be made ready before its turn. */
  isReady(groups: BatchGroups | undefined): boolean {
    const [first, ...rest] = groups?.groups ?? [];
    return !first || (!first.rows && rest.length === 0 && this.#others.has(shapeKey(first.shape)));
  }

  /** Whether rows of the load's own shape can be streamed to where they are to be. */
  get streams(): boolean {
    return this.#own.streams;
  }

  /** Rows to be streamed, which are of the load's own shape. */
  stream(records: StreamedRecords, bytes: RecordBytes): Promise<RangeRows> {
    return this.#own.stream(records, bytes);
  }

  /** What images of rows are to be, which are of the load's own shape; undefined where none are taken. */
  get images(): ImageOptions | undefined {
    return this.#own.images;
  }

  /** The rows of an image. */
  ofImage(image: EncodedImage): RangeRows {
    return this.#own.ofImage(image);
  }

  /** Counts the distinct keys of what is written of an upsert's batch, till the transaction ends. */
  async countKeys(groups: BatchGroups | undefined): Promise<KeyCount | undefined> {
    if (this.#load.order.shape.mode !== "upsert") return undefined;
    return await this.#writersOf(groups)[0]!.writer.countKeys();
  }

  #writersOf(groups: BatchGroups | undefined): readonly WrittenGroup[] {
    if (!groups) return [{ writer: this.#own }];
    return groups.groups.map(({ shape, rows }) => ({
      rows,
      writer: this.#others.get(shapeKey(shape))!,
    }));
  }

  /** Empties staging: what is left there must not be merged once more. */
  async emptyStaging(statement = (table: string) => `DELETE FROM ${table}`): Promise<void> {
    if (this.#staged.plan.stage.length === 0) return;
    const { session, words } = this.#load.host;
    await session.run(statement(stagingTable(words)));
  }

  async #openAll(shapes: ReadonlyMap<string, PlannedShape>): Promise<void> {
    for (const [key, each] of shapes) {
      this.#others.set(key, await ShapeWriter.open(this.#load, each));
    }
  }

  /** Makes staging; the session may have served another load before. */
  async #stage(planned = this.#staged): Promise<void> {
    const { host: { session, words }, host, record } = this.#load;
    const { stage } = planned.plan;
    if (stage.length > 0) {
      const names = host.names(planned.shape, record.id);
      await session.run(`DROP TABLE IF EXISTS ${stagingTable(words)}`);
      for (const sql of stage) await session.run(render(sql, names));
    }
    this.#staged = planned;
  }
}

/** The shapes of groups, each once, by their keys. */
function shapesOf(groups: BatchGroups | undefined): Map<string, PlannedShape> {
  return new Map(groups?.groups.map((group) => [shapeKey(group.shape), group]));
}
