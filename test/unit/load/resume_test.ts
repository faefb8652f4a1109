/** Loads that go on: whatever was committed when a run ended, the next ones load each row once. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { BackendLoad, LedgerBatch, WriteResult } from "../../../src/model/backend.ts";
import { type Batch, byteEndOf, rowCount, type Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher } from "../../../src/batching/batcher.ts";
import { runLoad } from "../../../src/load/loader.ts";
import { NO_REJECTS } from "../../../src/load/reject_budget.ts";
import type { LoadReport } from "../../../src/load/report.ts";
import { markGroups } from "../../../src/load/row_marks.ts";
import { realWorld } from "../../../src/model/world.ts";
import { NDJSON, parts } from "../batching/memory_part.ts";

const SHAPE: Shape = { table: { name: "t" }, columns: [], mode: "append" };
const LIMITS = { rowsMax: 7, bytesMax: 200, recordBytesMax: 1_000 };

/** FNV-1a, along the rows. */
function hashRows({ bytes, offsets }: Pick<Batch, "bytes" | "offsets">) {
  const groups = markGroups(offsets.length - 1);
  const marks = new Uint8Array(2 * groups.length);
  let hash = 0x811c9dc5;
  let group = 0;
  for (let i = 0; i < bytes.length; i++) {
    hash = Math.imul(hash ^ bytes[i]!, 0x01000193) >>> 0;
    if (group < groups.length && i + 1 === offsets[groups[group]!]) {
      marks[2 * group] = hash;
      marks[2 * group + 1] = hash >> 8;
      group++;
    }
  }
  return { hex: hash.toString(16), marks };
}

/** A database with a ledger; commits the batches that it is told to, and then refuses all. */
class Database {
  readonly rows: string[] = [];
  readonly ledger = new Map<number, LedgerBatch & { readonly marks: Uint8Array }>();
  complete = false;

  open(commits: (nth: number) => boolean, lanes: number): BackendLoad {
    let nth = 0;
    return {
      id: "1",
      generation: 1,
      planHash: "",
      lanes,
      batches: [...this.ledger.values()],
      complete: this.complete,
      batchRowsMax: LIMITS.rowsMax,
      batchBytesMax: LIMITS.bytesMax,
      marksOf: ({ sequence }) => Promise.resolve(this.ledger.get(sequence)?.marks),
      write: (batch) => Promise.resolve(commits(nth++) ? this.#commit(batch) : LOST),
      finish: (totals) => {
        const sum = [...this.ledger.values()].reduce((sum, { counts }) => sum + counts.read, 0);
        assertEquals(totals.read, sum);
        this.complete = true;
        return Promise.resolve();
      },
      abandon: () => Promise.resolve(),
    };
  }

  #commit(batch: Batch): WriteResult {
    const { sequence, part, byteOffset, bytes, offsets } = batch;
    assert(!this.ledger.has(sequence), `batch ${sequence} is in`);
    const rows = rowCount(batch);
    const counts = { read: rows, committed: rows, superseded: 0, rejected: 0 };
    const { hex, marks } = hashRows(batch);
    const byteEnd = byteEndOf(batch);
    this.ledger.set(sequence, {
      sequence,
      part,
      byteOffset,
      byteEnd,
      contentHash: hex,
      counts,
      marks,
    });
    const text = new TextDecoder();
    for (let i = 0; i < rows; i++) {
      this.rows.push(text.decode(bytes.subarray(offsets[i]!, offsets[i + 1]!)).trim());
    }
    return { kind: "written", counts, contentHash: hex, milliseconds: 0 };
  }
}

const LOST: WriteResult = {
  kind: "retry",
  failure: { kind: "connection", code: "X", message: "lost" },
  afterMs: 0,
};

async function* named(files: readonly (readonly [string, string])[]) {
  const names = files.map(([name]) => name);
  for await (const part of parts(files.map(([, text]) => text), NDJSON, [13])) {
    yield { ...part, name: names.shift()! };
  }
}

async function run(
  database: Database,
  files: readonly (readonly [string, string])[],
  { commits = () => true, lanes = 1, beforeWriting }: {
    commits?: (nth: number) => boolean;
    lanes?: number;
    beforeWriting?: () => Promise<void>;
  } = {},
): Promise<LoadReport> {
  await using batches = new Batcher(named(files), LIMITS);
  return await runLoad({
    batches,
    bytesTotal: () => undefined,
    readColumns: () => Promise.resolve(true),
    unreadable: () => [],
    shapeOf: () => Promise.resolve({ shape: SHAPE }),
    open: () => Promise.resolve(database.open(commits, lanes)),
    batchRowsMax: LIMITS.rowsMax,
    batchBytesMax: LIMITS.bytesMax,
    rejectLimit: NO_REJECTS,
    hash: hashRows,
    readAll: (endOf) => new Batcher(named(files), { ...LIMITS, endOf }),
    ...(beforeWriting ? { beforeWriting } : {}),
    about: { source: "s", backend: "b", table: "t", mode: "append" },
    world: realWorld,
  });
}

const rowsOf = (files: readonly (readonly [string, string])[]): string[] =>
  files.flatMap(([, text]) => text.split("\n").map((row) => row.trim()).filter((row) => row !== ""))
    .sort();

Deno.test("loads that go on load each row once, whatever was committed, and whatever was added", async () => {
  const line = fc.nat({ max: 60 }).chain((length) =>
    fc.constantFrom("\n", "\r\n", "\n\n").map((end) => "x".repeat(length) + "1" + end)
  );
  const text = fc.array(line, { maxLength: 40 });
  const growth = fc.array(
    fc.record({
      // Which files grow by how many lines before the run, which batches are committed, how many lanes.
      grows: fc.array(fc.tuple(fc.nat({ max: 2 }), text), { maxLength: 2 }),
      commits: fc.array(fc.boolean(), { maxLength: 12 }),
      lanes: fc.integer({ min: 1, max: 3 }),
      cutEnd: fc.boolean(),
    }),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 3 }),
      growth,
      async (texts, runs) => {
        let serial = 0;
        const unique = (lines: string[]) => lines.map((l) => `${serial++} ${l}`).join("");
        const files = texts.map((lines, i): [string, string] => [`f${i}`, unique(lines)]);
        const database = new Database();
        for (const { grows, commits, lanes, cutEnd } of runs) {
          for (const [at, lines] of grows) {
            const file = files[at];
            if (!file || lines.length === 0) continue;
            // A last line without its line end gets it with what is added.
            if (file[1] !== "" && !file[1].endsWith("\n")) file[1] += "\n";
            file[1] += unique(lines);
            if (cutEnd) file[1] = file[1].replace(/\r?\n+$/, "");
          }
          await run(database, files, { commits: (nth) => commits[nth] ?? false, lanes })
            .catch((error) => assert(error instanceof LoadError, String(error)));
        }
        const report = await run(database, files, { lanes: 2 });
        assertEquals(database.rows.toSorted(), rowsOf(files));
        const all = rowsOf(files).length;
        assertEquals(report.read, all);
        assertEquals(report.committed + report.skipped, all);
        for (const { counts: { read }, byteOffset, byteEnd } of database.ledger.values()) {
          assert(read <= LIMITS.rowsMax && (read === 1 || byteEnd - byteOffset <= LIMITS.bytesMax));
        }
        const again = await run(database, files);
        assertEquals([again.committed, again.skipped, again.batches], [0, all, 0]);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("gaps are cut as they would have been, however many batches lack in one", async () => {
  const whole = new Database();
  await run(whole, [FILE]);
  const ranges = ({ ledger }: Database) =>
    [...ledger.values()].map(({ sequence, byteOffset, byteEnd }) => [sequence, byteOffset, byteEnd])
      .toSorted(([a], [b]) => a! - b!);
  for (let lacking = 1; lacking < 2 ** whole.ledger.size; lacking++) {
    const database = new Database();
    for (const [sequence, batch] of whole.ledger) {
      if ((lacking >> sequence & 1) === 0) database.ledger.set(sequence, batch);
    }
    await run(database, [FILE]);
    assertEquals(ranges(database), ranges(whole), `without ${lacking.toString(2)}`);
  }
});

const LINES = Array.from({ length: 30 }, (_, i) => `{"id":${i}}`);
const FILE = ["f", LINES.join("\n") + "\n"] as const;

async function changedMessage(text: string): Promise<string> {
  const database = new Database();
  await run(database, [FILE]);
  const rows = database.rows.length;
  const error = await assertRejects(() => run(database, [["f", text]]), LoadError);
  assertEquals([error.code, database.rows.length], ["source_changed", rows]);
  return error.message;
}

Deno.test("source that has changed is refused with the row that differs", async () => {
  const changed = LINES.with(17, `{"id":99}`).join("\n") + "\n";
  assert((await changedMessage(changed)).includes("that of line 18 (row 17 of the load)"));
  const removed = LINES.toSpliced(3, 1).join("\n") + "\n";
  assert((await changedMessage(removed)).includes("f, the first row that differs is"));
  const shorter = LINES.slice(0, 14).join("\n") + "\n";
  assert((await changedMessage(shorter)).includes("f ends before byte"));
});

Deno.test("source that has become shorter is refused with how many rows are there", async () => {
  const database = new Database();
  await run(database, [["f", LINES.slice(0, 3).join("\n") + "\n"]]);
  for (
    const [lines, place] of [
      [
        LINES.slice(0, 2),
        "f, the first row that differs is that of line 2 or one behind it. What is in stays.",
      ],
      [LINES.slice(1, 3), "f, the first row that differs is that of line 1 (row 0 of the load)"],
    ] as const
  ) {
    const again = () => run(database, [["f", lines.join("\n") + "\n"]]);
    const error = await assertRejects(again, LoadError, place);
    assertEquals(error.code, "source_changed");
  }
});

Deno.test("source that has no rows any more is refused, alone or beside others", async () => {
  const other = ["e", `{"id":-1}\n`] as const;
  for (
    const files of [[["f", ""]], [["f", "\n\n"]], [other, ["f", ""]], [["f", ""], other]] as const
  ) {
    const database = new Database();
    await run(database, [FILE]);
    const error = await assertRejects(() => run(database, files), LoadError);
    assertEquals([error.code, error.message.includes("f ends before byte 0")], [
      "source_changed",
      true,
    ]);
  }
});

Deno.test("file that is not there any more is no change, nor is one that never had rows", async () => {
  const database = new Database();
  await run(database, [FILE, ["g", ""]]);
  for (const files of [[["g", ""]], [["e", ""]], [FILE, ["g", ""]]] as const) {
    assertEquals((await run(database, files)).state, "complete");
  }
});

Deno.test("file that is named twice is loaded twice, and known again as both", async () => {
  const database = new Database();
  await run(database, [FILE, FILE], { commits: (nth) => nth !== 2 && nth < 7 }).catch(() => {});
  await run(database, [FILE, FILE]);
  assertEquals(database.rows.length, 60);
  assertEquals((await run(database, [FILE, FILE])).skipped, 60);
});

Deno.test("file that comes before one that is in gets numbers of its own", async () => {
  const database = new Database();
  await run(database, [FILE]);
  const other = ["e", `{"id":-1}\n`] as const;
  await run(database, [other, FILE]);
  assertEquals(database.rows.length, 31);
  assertEquals(new Set(database.ledger.keys()).size, 6);
});

Deno.test("record that is too large is known again by how it begins and how large it is", async () => {
  const database = new Database();
  const large = `{"id":"${"y".repeat(2_000)}"}`;
  const text = (record: string) => [...LINES, record, ...LINES].join("\n") + "\n";
  await run(database, [["f", text(large)]], { commits: (nth) => nth !== 3 }).catch(() => {});
  await run(database, [["f", text(large)]]);
  assertEquals((await run(database, [["f", text(large)]])).skipped, 61);
  const other = large.replace("y", "z");
  await assertRejects(() => run(database, [["f", text(other)]]), LoadError, "line 31");
  await assertRejects(() => run(database, [["f", text(large + " ")]]), LoadError, "line 31");
});

Deno.test("before it writes, a load asks once, when all that is in was found as it was", async () => {
  const database = new Database();
  // A gap in the first file, and another file behind it.
  const other = ["g", FILE[1]] as const;
  const files = [FILE, other];
  await run(database, files);
  const whole = new Map(database.ledger);
  const place = [...whole].find(([, { part }]) => part === "f")![0];
  const restore = () => {
    database.ledger.clear();
    for (const [n, batch] of whole) if (n !== place) database.ledger.set(n, batch);
    database.complete = false;
  };
  restore();
  let asked = 0;
  const beforeWriting = () => {
    assertEquals(database.ledger.size, whole.size - 1, "nothing was written before");
    asked++;
    return Promise.resolve();
  };
  await run(database, files, { beforeWriting });
  assertEquals([asked, database.ledger.size], [1, whole.size]);
  await run(database, files, { beforeWriting });
  assertEquals(asked, 1, "where nothing is written, nobody is asked");
  for (
    const changed of [
      [FILE, ["g", FILE[1].replace("29", "30")]],
      [FILE, ["g", LINES.slice(0, 7).join("\n") + "\n"]],
      [FILE, ["g", ""]],
    ] as const
  ) {
    restore();
    const error = await assertRejects(() => run(database, changed, { beforeWriting }), LoadError);
    assertEquals([error.code, asked, database.ledger.size], [
      "source_changed",
      1,
      whole.size - 1,
    ]);
  }
  restore();
  const refused = () =>
    Promise.reject(new LoadError("no", { code: "source_changed", blame: "data" }));
  await assertRejects(() => run(database, files, { beforeWriting: refused }), LoadError, "no");
  assertEquals(database.ledger.size, whole.size - 1);
});
