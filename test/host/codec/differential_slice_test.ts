/** The fast codec against the reference where batches are cut into slices, pieces and turns. */
import type { Batch } from "../../../src/model/batch.ts";
import { PIECE_BYTES } from "../../../host/codec/codec.ts";
import { randomBatch, rowsOfBatch } from "./differential_batch.ts";
import {
  batchOf,
  codecPair,
  columnsOf,
  everyTask,
  expectSame,
  oneTaskEach,
} from "./differential_expect.ts";
import { Random } from "./differential_random.ts";
import { csvFormat } from "./sample_batch.ts";

const COLUMNS = columnsOf({ id: "int64", text: "text", doc: "json", share: "float64" });

const MIB = 1024 * 1024;

function row(id: number, text: string): string {
  return `{"id":${id},"text":"${text}","doc":{"n":[${id},"é"]},"share":${id / 8}}\n`;
}

function field(id: number, text: string): string {
  return `${id},"${text}","{""n"":[${id}]}",${id / 8}\n`;
}

Deno.test("codecs agree on records of sizes around every power of two", async () => {
  const pair = await codecPair();
  for (const power of [12, 16, 17, 18, 19, 20]) {
    for (const step of [-1, 1]) {
      const filler = 2 ** power + step - row(1, "").length;
      for (const text of ["x".repeat(filler), "\\n".repeat(filler / 2), "é".repeat(filler / 2)]) {
        const records = [row(1, text), row(2, "a"), '{"id":"no"}\n', row(3, "b"), row(4, text)];
        await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS)));
      }
      const long = '""'.repeat(filler / 4) + "x".repeat(filler / 2);
      const records = [field(1, "a"), field(2, long), "1,2\n", field(3, "b")];
      const format = csvFormat(["id", "text", "doc", "share"]);
      await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS, format)));
    }
  }
});

Deno.test("codecs agree on records that end at every distance from the end of a slice", async () => {
  const pair = await codecPair();
  for (const boundary of [128 * 1024, 256 * 1024, 512 * 1024]) {
    for (let step = -70; step <= 70; step += 10) {
      const text = "x".repeat(boundary + step - row(1, "").length - row(2, "é").length);
      const records = [row(1, text), row(2, "é"), row(3, "\\u00e9"), "{}\n", row(4, "b")];
      await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS)));
    }
  }
});

Deno.test("codecs agree on records of several MiB, and on small ones between them", async () => {
  const pair = await codecPair();
  for (const size of [4 * MIB, 4 * MIB + 1]) {
    const text = "x".repeat(size - row(2, "").length);
    const records = [row(1, "a"), row(2, text), row(3, "b"), '{"id":"no"}\n', row(4, "c")];
    await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS)));
  }
});

Deno.test("codecs agree on rows of every size that fill several pieces", async () => {
  const pair = await codecPair();
  const sizes = [100, 1000, 65_521, PIECE_BYTES / 2 - 1, PIECE_BYTES];
  for (const size of sizes) {
    const count = Math.min(20_000, Math.ceil(2.5 * PIECE_BYTES / size));
    for (const unit of size === 1000 ? ["x", "\\\\"] : ["x"]) {
      const text = unit.repeat(size / unit.length);
      const records = Array.from(
        { length: count },
        (_, id) => id % 1000 === 7 ? '{"id":1.5}\n' : row(id, text),
      );
      await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS), 333));
    }
  }
});

Deno.test("codecs agree on output that is far larger than its input", async () => {
  const pair = await codecPair();
  const wide = columnsOf(
    Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`c${i}`, "text"])),
  );
  await expectSame(pair, oneTaskEach(batchOf(Array.from({ length: 250 }, () => "{}\n"), wide)));
  const bytes = columnsOf({ v: "bytes", n: "decimal" });
  const records = Array.from(
    { length: 40 },
    (_, i) => `{"v":"${"+/+/".repeat(i * 2000)}","n":1e${i * 400}}\n`,
  );
  await expectSame(pair, oneTaskEach(batchOf(records, bytes)));
  const controls = Array.from({ length: 20 }, () => `{"text":"${"\\t\\\\".repeat(60_000)}"}\n`);
  await expectSame(pair, oneTaskEach(batchOf(controls, COLUMNS)));
});

Deno.test("codecs agree on every run of rows of a batch, and on slices of every number of rows", async () => {
  const pair = await codecPair();
  const records = Array.from(
    { length: 12 },
    (_, id) =>
      [row(id, "é".repeat(id)), "{}\n\n", '{"id":', '{"text":"\\ud800"}\r\n'][id % 5] ??
        row(id, ""),
  );
  const batch = batchOf(records, COLUMNS);
  for (let first = 0; first <= records.length; first++) {
    for (let last = first; last <= records.length; last++) {
      await expectSame(pair, oneTaskEach(rowsOfBatch(batch, first, last)));
    }
  }
  for (let slice = 1; slice <= records.length + 1; slice++) {
    await expectSame(pair, everyTask(batch, slice));
  }
});

Deno.test("codecs agree when many encoders and readers of one codec take turns", async () => {
  const pair = await codecPair();
  const random = new Random(20_241);
  // Rejected rows, which the reference writes: with them pieces end in the midst of a slice.
  const long = Array.from(
    { length: 9000 },
    (_, id) => id % 9 === 4 ? '{"id":1.5}\n' : row(id, `\\u00e9 ${"x".repeat(id % 300)}`),
  );
  for (let round = 0; round < 2; round++) {
    const batches: Batch[] = [
      batchOf(long, COLUMNS),
      batchOf([row(1, "a"), row(2, "\\n".repeat(MIB / 2)), ...long.slice(0, 3000)], COLUMNS),
      batchOf(long.map((record) => record.replace('"doc"', ' "doc"')), COLUMNS.toReversed()),
      randomBatch(random, 60_000),
      randomBatch(random, 60_000),
    ];
    await expectSame(pair, batches.flatMap((batch) => oneTaskEach(batch, 700)), random);
  }
});

Deno.test("codecs are not disturbed by encoders and readers that were left half way", async () => {
  const pair = await codecPair();
  const long = Array.from({ length: 9000 }, (_, id) => row(id, "x".repeat(100)));
  const left = batchOf(long, COLUMNS.toReversed());
  const rules = { nul: "keep", nan: true } as const;
  for (const records of [long, ['{"id":1}\n'], ["{"], []]) {
    pair.candidate.copy(left, { format: "text", ordinal: true, rules }).next();
    pair.candidate.cells(left, rules).read(10, [], []);
    await expectSame(pair, oneTaskEach(batchOf(records, COLUMNS)));
  }
});
