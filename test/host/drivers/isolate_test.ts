/** Isolating rows: exactly the bad ones are set aside, and in how many parts. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { isolate, isolateAnew, type PartRows } from "../../../host/drivers/sql/isolate.ts";
import { type Batch, rowCount } from "../../../src/model/batch.ts";

/** A database that refuses some rows, and says where as well as it can. */
class Table {
  readonly committed: number[] = [];
  parts = 0;
  #savepoint = 0;
  readonly #bad: ReadonlySet<number>;
  readonly #precision: "row" | "slice" | "none";

  constructor(bad: ReadonlySet<number>, precision: "row" | "slice" | "none") {
    this.#bad = bad;
    this.#precision = precision;
  }

  begin(): void {
    this.#savepoint = this.committed.length;
  }

  send(from: number, count: number): void {
    this.parts++;
    for (let row = from; row < from + count; row++) {
      // A row of the same key as one that is there is refused, whichever part it comes in.
      if (this.#bad.has(row) || this.committed.includes(row)) throw new Refused(row - from);
      this.committed.push(row);
    }
  }

  undo(): void {
    this.committed.length = this.#savepoint;
  }

  fault(error: unknown): { row: number; count: number } | undefined {
    const { row } = error as Refused;
    if (this.#precision === "none") return undefined;
    if (this.#precision === "row") return { row, count: 1 };
    return { row: row - row % 30, count: 30 };
  }
}

class Refused extends Error {
  constructor(readonly row: number) {
    super("refused");
  }
}

interface Part extends PartRows {
  readonly batch: Batch;
}

async function run(table: Table, rows: number, rejectsMax = Infinity): Promise<number[]> {
  const batch = {
    offsets: Uint32Array.from({ length: rows + 1 }, (_, i) => i),
    ordinal: 1_000,
  } as unknown as Batch;
  const aside = await isolate<Part>(batch, {
    rejectsMax,
    prepare: (part) => ({ batch: part, rejects: [], fault: (error) => table.fault(error) }),
    begin: () => Promise.resolve(table.begin()),
    send: async (part) => {
      await Promise.resolve();
      table.send(part.batch.ordinal - 1_000, rowCount(part.batch));
    },
    keep: () => Promise.resolve(),
    undo: () => Promise.resolve(table.undo()),
    isOfRows: (error) => error instanceof Refused,
    rejected: (row) => ({
      ordinal: 1_000 + row,
      part: "a",
      line: row + 1,
      code: "data",
      message: "refused",
    }),
  });
  return aside.map(({ ordinal }) => ordinal - 1_000);
}

for (const precision of ["row", "slice", "none"] as const) {
  Deno.test(`isolating finds exactly the bad rows where errors name ${precision}`, async () => {
    const rows = fc.integer({ min: 1, max: 400 });
    const bad = fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { maxLength: 40 });
    await fc.assert(fc.asyncProperty(rows, bad, async (count, all) => {
      const refused = all.filter((row) => row < count).sort((a, b) => a - b);
      const table = new Table(new Set(refused), precision);
      assertEquals(await run(table, count), refused);
      assertEquals(table.committed.length, count - refused.length);
      assertEquals(table.committed, [...table.committed].sort((a, b) => a - b));
    }));
  });
}

for (const [precision, factor] of [["row", 4], ["none", 2 * 15]] as const) {
  Deno.test(`isolating k rows of 20,000 takes about k log n parts where errors name ${precision}`, async () => {
    for (const k of [1, 5, 20]) {
      const bad = Array.from({ length: k }, (_, i) => Math.floor(20_000 * (i + 0.5) / k));
      const table = new Table(new Set(bad), precision);
      assertEquals(await run(table, 20_000), bad);
      assert(table.parts <= 1 + k * factor, `${table.parts} parts for ${k} rows`);
    }
  });
}

Deno.test("isolating stops as soon as there are more bad rows than may be", async () => {
  const table = new Table(new Set([3, 50, 70, 90]), "row");
  assertEquals(await run(table, 100, 1), [3, 50]);
  assert(table.committed.length < 70);
});

Deno.test("isolating throws what is no error of rows", async () => {
  const table = new Table(new Set(), "row");
  table.send = () => {
    throw new TypeError("lost");
  };
  await assertRejects(() => run(table, 10), TypeError, "lost");
});

/**
 * A database without savepoints: rows of a key that is there, and rows without the row before them that
 * they refer to, are refused; so are values that it does not know.
 */
class Keyed {
  begun = 0;
  sent = 0;
  #there: number[] = [];
  readonly #rows: readonly KeyedRow[];

  constructor(rows: readonly KeyedRow[]) {
    this.#rows = rows;
  }

  get rows(): readonly number[] {
    return this.#there;
  }

  begin(): void {
    this.begun++;
    this.#there = [];
  }

  send(from: number, count: number): void {
    this.sent += count;
    for (let at = from; at < from + count; at++) {
      const { bad, key, parent } = this.#rows[at]!;
      if (bad) throw new Refused(at - from);
      const keys = this.#there.map((row) => this.#rows[row]!.key);
      if (keys.includes(key)) throw new Error("key");
      if (parent !== undefined && !keys.includes(parent)) throw new Error("parent");
      this.#there.push(at);
    }
  }
}

interface KeyedRow {
  readonly bad: boolean;
  readonly key: number;
  readonly parent: number | undefined;
}

async function runAnew(table: Keyed, rows: number, rejectsMax = Infinity): Promise<number[]> {
  const batch = {
    offsets: Uint32Array.from({ length: rows + 1 }, (_, i) => i),
    ordinal: 0,
  } as unknown as Batch;
  const aside = await isolateAnew<Part>(batch, {
    rejectsMax,
    prepare: (part) => ({ batch: part, rejects: [], fault: () => undefined }),
    begin: () => Promise.resolve(table.begin()),
    send: async (part) => {
      await Promise.resolve();
      table.send(part.batch.ordinal, rowCount(part.batch));
    },
    isOfRows: () => true,
    isFinal: (error) => error instanceof Refused,
    rejected: (row) => ({ ordinal: row, part: "a", line: 1, code: "data", message: "refused" }),
  });
  return aside.map(({ ordinal }) => ordinal);
}

Deno.test("isolating without savepoints refuses what is refused row by row, and sends the others once", async () => {
  const row = fc.record({
    bad: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    key: fc.integer({ min: 0, max: 60 }),
    parent: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 3 }),
  });
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async (rows) => {
    const oneByOne = new Keyed(rows);
    oneByOne.begin();
    const refused = rows.flatMap((_, at) => {
      try {
        oneByOne.send(at, 1);
        return [];
      } catch {
        return [at];
      }
    });
    const table = new Keyed(rows);
    assertEquals(await runAnew(table, rows.length), refused);
    assertEquals(table.rows, oneByOne.rows);
  }));
});

Deno.test("isolating without savepoints sends rows again for constraints, and not for values", async () => {
  const bad = new Set([10, 5_000, 15_000, 19_999]);
  const rows = Array.from({ length: 20_000 }, (_, key) => ({ bad: false, key, parent: undefined }));
  class Values extends Keyed {
    override send(from: number, count: number): void {
      this.sent += count;
      if ([...bad].some((row) => row >= from && row < from + count)) throw new Refused(0);
    }
  }
  const table = new Values(rows);
  assertEquals(await runAnew(table, rows.length), [...bad]);
  assert(table.sent < 20_000 * 8, `${table.sent} rows were sent`);
});

Deno.test("isolating without savepoints stops as soon as there are more bad rows than may be", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ bad: i > 50, key: i, parent: undefined }));
  assertEquals(await runAnew(new Keyed(rows), 100, 1), [51, 52]);
});
