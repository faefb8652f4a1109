/**
 * What a connection writes rows of a load with: a writer for the load's own shape, and one for each
 * shape of groups that have come; and the staging table that all of them use.
 *
 * Invariant: staging has every column that a writer sends.
 */
import { type Batch, shapeKey } from "../../../src/batch.ts";
import type { Codec } from "../../codec/codec.ts";
import type { BatchGroups, LoadOrder, LoadRecord } from "../driver.ts";
import type { Database } from "./family.ts";
import { GroupsWriter } from "./groups_writer.ts";
import type { HostTables } from "./host_tables.ts";
import { render, stagingTable } from "./names.ts";
import type { PartWriter } from "./part_writer.ts";
import type { SqlSession } from "./session.ts";
import {
  namesOf,
  type PlannedShape,
  ShapeWriter,
  type ShapeWriterOptions,
  statementsOf,
} from "./shape_writer.ts";

/** Shapes of groups whose writers are kept for further batches. */
const SHAPES_MAX = 64;

/** What rows are written with. */
export interface ShapeWritersOptions<Session extends SqlSession> {
  readonly database: Database<Session>;
  readonly host: HostTables;
  readonly codec: Codec;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
}

/** See the head of this file. */
export class ShapeWriters<Session extends SqlSession> {
  readonly #session: Session;
  readonly #order: LoadOrder;
  readonly #options: ShapeWriterOptions<Session>;
  #own!: ShapeWriter<Session>;
  /** By the keys of their shapes. */
  readonly #others = new Map<string, ShapeWriter<Session>>();
  #staged: PlannedShape;

  /** Writers of a load that is to be joined. */
  constructor({ order, ...options }: ShapeWritersOptions<Session>) {
    this.#session = options.database.session;
    this.#order = order;
    this.#options = { ...options, nul: order.nul };
    this.#staged = order;
  }

  /**
   * Makes staging, and looks at where rows will go; anew for a session that has another engine, where
   * groups are to be written. Outside of a transaction. @throws {LoadError}, the session's error
   */
  async join(groups?: BatchGroups): Promise<void> {
    const order = this.#order;
    const others = shapesOf(groups);
    this.#others.clear();
    await this.#stage(groups?.widest);
    const names = namesOf(this.#options, order);
    const changed = await this.#session.fit?.([
      ...[order, ...others.values()].flatMap((each) => statementsOf(this.#options, each)),
      ...order.plan.finish.map((sql) => render(sql, names)),
    ]);
    if (changed) await this.#stage();
    this.#own = await ShapeWriter.open(this.#options, order);
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
    const statements = [...missing.values()].flatMap((each) => statementsOf(this.#options, each));
    if (await this.#session.fit?.(statements)) await this.join(groups);
    else await this.#openAll(missing);
  }

  /** What writes parts of a batch, for whose groups everything is ready. */
  of(batch: Batch, groups?: BatchGroups): PartWriter {
    const whole = this.ofWhole(groups);
    if (whole || !groups) return whole ?? this.#own;
    return new GroupsWriter(
      batch,
      groups.groups.map((group) => ({ group, writer: this.#others.get(shapeKey(group.shape))! })),
      () => this.emptyStaging(this.#options.database.family.words.emptied),
    );
  }

  /** What writes a batch that is of one shape; undefined where it is not, or has not come before. */
  ofWhole(groups?: BatchGroups): PartWriter | undefined {
    if (!groups) return this.#own;
    const [first, ...rest] = groups.groups;
    return first && !first.rows && rest.length === 0
      ? this.#others.get(shapeKey(first.shape))
      : undefined;
  }

  /** Empties staging: what is left there must not be merged once more. */
  async emptyStaging(statement = (table: string) => `DELETE FROM ${table}`): Promise<void> {
    if (this.#staged.plan.stage.length === 0) return;
    await this.#session.run(statement(stagingTable(this.#options.database.family.words)));
  }

  async #openAll(shapes: ReadonlyMap<string, PlannedShape>): Promise<void> {
    for (const [key, each] of shapes) {
      this.#others.set(key, await ShapeWriter.open(this.#options, each));
    }
  }

  /** Makes staging; the session may have served another load before. */
  async #stage(planned = this.#staged): Promise<void> {
    const { stage } = planned.plan;
    if (stage.length > 0) {
      const names = namesOf(this.#options, planned);
      const { words } = this.#options.database.family;
      await this.#session.run(`DROP TABLE IF EXISTS ${stagingTable(words)}`);
      for (const sql of stage) await this.#session.run(render(sql, names));
    }
    this.#staged = planned;
  }
}

/** The shapes of groups, each once, by their keys. */
function shapesOf(groups: BatchGroups | undefined): Map<string, PlannedShape> {
  return new Map(groups?.groups.map((group) => [shapeKey(group.shape), group]));
}
