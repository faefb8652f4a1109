/**
 * Which numbers of 16 and 17 digits the compiled codec takes into an inferred float by itself: those
 * that a double keeps, nearly all of them, and no others.
 */
import { assert, assertEquals } from "@std/assert";
import { type Batch, rowCount } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { doubleKeeps } from "../../../host/codec/reference/number_text.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { codecOf } from "../../../host/codec/wasm_codec.ts";
import { type CodecExports, instantiateCodec, STOP } from "../../../host/codec/wasm_module.ts";
import { compareTasks } from "./differential_compare.ts";
import { Random } from "./differential_random.ts";
import { SHORTEST_KINDS } from "./differential_shortest.ts";
import type { Task } from "./differential_task.ts";
import { batchOf, csvFormat, LENIENT } from "./sample_batch.ts";

const COLUMNS = ["v", "w"].map((name) => {
  return { name, type: "float64", nullable: true, key: false, inferred: true } as const;
});
/** Numbers of each kind. */
const COUNT = 4_000;
/** What a cell of a row that is left says: LEFT of assembly/cell_value.ts. */
const LEFT = 8;
/** Of the numbers that a double keeps, this part may be left: powers of two, and the ends of the range. */
const LEFT_MAX: Readonly<Record<string, number>> = {
  "beside a power of two": 0.2,
  "beside both, one digit off": 0.1,
  "shortest text of any double": 0.12,
  "neighbour some digits away": 0.12,
};

/** The compiled codec, and how many rows it has left to the reference. */
async function watchedCodec(): Promise<{ readonly codec: Codec; left: number }> {
  await buildCodec();
  const exports = await instantiateCodec();
  const watched: CodecExports = {
    ...exports,
    encode: (...rows) => {
      const end = exports.encode(...rows);
      found.left += Number(exports.stopReason.value === STOP.unsure);
      return end;
    },
    readCells: (first, last) => {
      const end = exports.readCells(first, last);
      const [tagsAt] = new Uint32Array(exports.memory.buffer, exports.outputAt.value, 1);
      const tags = new Uint8Array(exports.memory.buffer, tagsAt, (end - first) * COLUMNS.length);
      // It stands at a row's first cell.
      found.left += tags.filter((tag, i) => tag === LEFT && i % COLUMNS.length === 0).length;
      return end;
    },
  };
  const found = { codec: await codecOf(Promise.resolve(watched)), left: 0 };
  return found;
}

/** Batches of these numbers: NDJSON, with members in order and not, and CSV. */
function batchesOf(numbers: readonly string[]): Batch[] {
  return [
    batchOf(numbers.map((number) => `{"v":${number}}\n`), COLUMNS),
    batchOf(numbers.map((number) => `{"w":null,"v":${number}}\n`), COLUMNS),
    batchOf(numbers.map((number) => `${number},\n`), COLUMNS, csvFormat(["v", "w"])),
  ];
}

function tasksOf(batch: Batch): Task[] {
  const copy = { kind: "copy", batch } as const;
  const rules = LENIENT;
  return [
    { ...copy, options: { format: "text", ordinal: false, rules } },
    { ...copy, options: { format: "binary", types: ["float8", "float8"], ordinal: false, rules } },
    { kind: "cells", batch, options: rules, slice: rowCount(batch) },
  ];
}

for (const [kind, make] of Object.entries(SHORTEST_KINDS)) {
  Deno.test(`codec knows by itself whether a double keeps a number: ${kind}`, async () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const random = new Random(seed);
    const numbers = Array.from({ length: COUNT }, () => make(random));
    const kept = numbers.filter(doubleKeeps).length;
    const reference = await createReferenceCodec();
    const candidate = await watchedCodec();
    for (const task of batchesOf(numbers).flatMap(tasksOf)) {
      candidate.left = 0;
      const difference = compareTasks({ reference, candidate: candidate.codec }, [task]);
      assertEquals(difference?.text, undefined, `seed ${seed}`);
      // What is refused is always left, since the reference says why.
      const left = (candidate.left - (COUNT - kept)) / Math.max(1, kept);
      assert(left >= 0 && left <= (LEFT_MAX[kind] ?? 0), `${left} left, seed ${seed}`);
    }
  });
}
