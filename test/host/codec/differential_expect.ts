/** Expects the fast codec to make of batches what the reference makes of them. */
import { assertEquals } from "@std/assert";
import type { Batch, Column, RecordFormat } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { NUL_RULES } from "../../../src/model/nul_rule.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { batchOfParts } from "./differential_batch.ts";
import { compareTasks, type Pair } from "./differential_compare.ts";
import type { Random } from "./differential_random.ts";
import { describe, shrunk } from "./differential_shrink.ts";
import { type Task, WIRE_TYPES } from "./differential_task.ts";
import { csvFormat } from "./sample_batch.ts";

const encoder = new TextEncoder();

/** The fast codec, and the reference that it is held against. */
export async function codecPair(): Promise<Pair> {
  return { reference: await createReferenceCodec(), candidate: await createWasmCodec() };
}

/** Every task with every option; cells are asked for `slice` rows at a time. */
export function everyTask(batch: Batch, slice = 1000): Task[] {
  const { columns } = batch.shape;
  const tasks: Task[] = [];
  for (const nul of ["keep", ...NUL_RULES] as const) {
    for (const nan of [false, true]) {
      const rules = { nul, nan };
      for (const ordinal of [false, true]) {
        const types = columns.map(({ type }) => WIRE_TYPES[type].at(ordinal ? 0 : -1)!);
        tasks.push(
          { kind: "copy", batch, options: { format: "text", ordinal, rules } },
          { kind: "copy", batch, options: { format: "binary", types, ordinal, rules } },
        );
      }
      const numbers = columns.map((_, i) => nan && i % 2 === 0);
      tasks.push({ kind: "cells", batch, options: { ...rules, numbers }, slice });
    }
  }
  return tasks;
}

/** One task of each kind; those of COPY, which has more than one path, for calmed rows too. */
export function oneTaskEach(batch: Batch, slice = 1000): Task[] {
  const rules = { nul: "keep", nan: true } as const;
  const types = batch.shape.columns.map(({ type }) => WIRE_TYPES[type][0]!);
  const copies: Task[] = [
    { kind: "copy", batch, options: { format: "text", ordinal: true, rules } },
    { kind: "copy", batch, options: { format: "binary", types, ordinal: false, rules } },
  ];
  return [...copies, ...copies.flatMap(calmed), { kind: "cells", batch, options: rules, slice }];
}

/**
 * The task for NDJSON, with two calm records behind each record. A fast path that a record has
 * thrown off may leave out some that follow: so it is back for the next one.
 */
function calmed({ batch, ...task }: Task): Task[] {
  const { columns } = batch.shape;
  if (batch.format.kind === "csv" || columns.length === 0) return [];
  const calm = encoder.encode(`{${JSON.stringify(columns[0]!.name)}:null}\n`);
  const records = [...batch.offsets.subarray(1)].flatMap((end, row) => {
    const record = batch.bytes.subarray(batch.offsets[row], end);
    return [record, calm, calm];
  });
  return [{ ...task, batch: batchOfParts({ records, columns, format: batch.format }) } as Task];
}

/** Expects no difference; if there is one, it is made small and described. */
export async function expectSame(
  pair: Pair,
  tasks: readonly Task[],
  turns?: Random,
): Promise<void> {
  const difference = compareTasks(pair, tasks, turns);
  if (difference === undefined) return;
  assertEquals(describe(await shrunk(createWasmCodec, difference)), "");
}

/** A batch out of records of text or bytes. */
export function batchOf(
  records: readonly (string | Uint8Array)[],
  columns: readonly Column[],
  format: RecordFormat = { kind: "ndjson" },
): Batch {
  const parts = records.map((r) => typeof r === "string" ? encoder.encode(r) : r);
  return batchOfParts({ records: parts, columns, format });
}

/** Nullable columns of these names and types; bytes are written in base64. */
export function columnsOf(types: Readonly<Record<string, ColumnType>>): Column[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    key: false,
    ...(type === "bytes" ? { bytes: "base64" as const } : {}),
  }));
}

/**
 * Values in a column `v` of the type, each as the last member of a record behind a text `p` that
 * moves it by 0 to `padsMax` bytes; `json` and `csv` say how the value is written.
 */
export function valueBatches(
  type: ColumnType,
  values: readonly { readonly json?: string; readonly csv?: string }[],
  padsMax = 0,
): Batch[] {
  const columns = columnsOf({ p: "text", v: type });
  const json: string[] = [];
  const csv: string[] = [];
  for (const value of values) {
    for (let pad = 0; pad <= padsMax; pad++) {
      const p = "x".repeat(pad);
      if (value.json !== undefined) json.push(`{"p":"${p}","v":${value.json}}\n`);
      if (value.csv !== undefined) csv.push(`${p},${value.csv}\n`);
    }
  }
  return [batchOf(json, columns), batchOf(csv, columns, csvFormat(["p", "v"]))];
}

/** A value as a JSON string and as a CSV field, quoted and not. */
export function asText(text: string): { json?: string; csv?: string }[] {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  return [{ json: JSON.stringify(text), csv: quoted }, { csv: text }];
}
