import type { Shape, TableName } from "../../../src/model/batch.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Database, PlacedTable, SqlFamily } from "./family.ts";
import { slotNames } from "./names.ts";
import type { SqlSession, Statement } from "./session.ts";
import { qualified, type SqlWords } from "./words.ts";

/** Where the tables of a load are. */
export interface Place {
  /** Schema of the target; undefined where its name stands alone. */
  readonly schema: string | undefined;
  /** Schema of the host's own tables; undefined where their names stand alone. */
  readonly hostSchema: string | undefined;
  /** The target's name in the row of a load. */
  readonly tableName: string;
}

/** SQL that stands in a statement as it is. */
export class Verbatim {
  /** The SQL. */
  readonly text: string;

  /** Takes SQL that is no one else's. */
  constructor(text: string) {
    this.text = text;
  }
}

/** A piece of a statement that has values of its own. */
export type Clause = (
  sql: (parts: TemplateStringsArray, ...values: readonly Value[]) => string,
) => string;

/** A value of a template; a list of lists becomes the rows of a VALUES. Numbers are integers. */
export type Value = Cell | undefined | Verbatim | Clause | readonly (readonly Value[])[];

/**
 * A load's target in its database, and the host's own tables beside it, with the SQL about them:
 * written once for all families, as templates whose values become parameters.
 */
export class HostTables implements Database, PlacedTable {
  readonly session: SqlSession;
  readonly family: SqlFamily;
  readonly endpoint: string;
  readonly words: SqlWords;
  readonly place: Place;
  readonly table: TableName;
  /** The target, with its schema. */
  readonly target: Verbatim;
  /** One row for each load. */
  readonly load: Verbatim;
  /** One row for each batch that is in. */
  readonly batch: Verbatim;
  /** One row for each row that was rejected. */
  readonly reject: Verbatim;
  /** One row for each index that a load has dropped and that is not there yet. */
  readonly index: Verbatim;
  /** The present time. */
  readonly now: Verbatim;

  /** The tables of a place, whether they are there or not. */
  constructor({ session, family, endpoint }: Database, { place, table }: PlacedTable) {
    this.session = session;
    this.family = family;
    this.endpoint = endpoint;
    this.words = family.words;
    this.place = place;
    this.table = table;
    this.target = new Verbatim(qualified(this.words, place.schema, table.name));
    this.load = this.#table("_snakepipe_load");
    this.batch = this.#table("_snakepipe_batch");
    this.reject = this.#table("_snakepipe_reject");
    this.index = this.#table("_snakepipe_index");
    this.now = new Verbatim(this.words.now);
  }

  /** What the slots of a plan for the target are filled with. */
  names(shape: Shape, loadId: string): SlotNames {
    return slotNames(this.words, shape, { schema: this.place.schema, loadId });
  }

  /** A statement with its values. */
  statement(parts: TemplateStringsArray, ...values: readonly Value[]): Statement {
    const args: Cell[] = [];
    return { sql: this.#text(parts, values, args), args };
  }

  /** Runs such a statement and returns how many rows it changed. */
  async run(parts: TemplateStringsArray, ...values: readonly Value[]): Promise<number> {
    const { sql, args } = this.statement(parts, ...values);
    return await this.session.run(sql, args);
  }

  /** Runs such a statement and returns its rows. */
  async all(parts: TemplateStringsArray, ...values: readonly Value[]): Promise<Cell[][]> {
    const { sql, args } = this.statement(parts, ...values);
    return await this.session.all(sql, args);
  }

  /** What a table that has rows of loads says of their ids. */
  get reference(): string {
    return this.words.references === false
      ? ""
      : ` REFERENCES ${this.load.text} (id) ON DELETE CASCADE`;
  }

  #table(name: string): Verbatim {
    return new Verbatim(qualified(this.words, this.place.hostSchema, name));
  }

  #text(parts: TemplateStringsArray, values: readonly Value[], args: Cell[]): string {
    return parts.reduce((text, part, i) => text + this.#written(values[i - 1], args) + part);
  }

  #written(value: Value, args: Cell[]): string {
    if (value instanceof Verbatim) return value.text;
    if (typeof value === "function") {
      return value((parts, ...values) => this.#text(parts, values, args));
    }
    if (Array.isArray(value)) {
      const row = (cells: readonly Value[]) => cells.map((cell) => this.#written(cell, args));
      return value.map((cells) => `(${row(cells).join(", ")})`).join(", ");
    }
    return this.words.placeholder(args.push(bindable(value as Cell | undefined)));
  }
}

/** A value as every database binds it: a number would be a float to some. */
function bindable(value: Cell | undefined): Cell {
  if (typeof value === "number") return BigInt(value);
  if (typeof value === "string") return storable(value);
  return value ?? null;
}

/** Text as every database takes it: names of files and sources may be anything. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
