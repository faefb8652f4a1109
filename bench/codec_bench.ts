/** The codec on a batch of syntax-tree nodes: COPY data and cells, beside the reference. */
import type { Cell, Codec, CopyFormat, WireType } from "../host/codec/codec.ts";
import { createReferenceCodec } from "../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../host/codec/wasm_codec.ts";
import { type Batch, rowCount } from "../src/model/batch.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { nodeBatch, nodeShape } from "./sample_shape.ts";

const ROWS = 20_000;
/** Cells that are alive at once. */
const READ_ROWS = 512;
const RULES = { nul: "reject", nan: true } as const;

const WIRE_TYPES: Readonly<Record<string, WireType>> = {
  int64: "int8",
  int32: "int4",
  text: "text",
  boolean: "bool",
};

/** Every way through the codec, for each of the two. */
export async function codecSuite(): Promise<BenchSuite> {
  const shape = nodeShape("nodes", "append");
  const ndjson = nodeBatch(shape, ROWS);
  const turned = { ...ndjson, shape: { ...shape, columns: shape.columns.toReversed() } };
  const csv = csvBatch(ndjson);
  const codecs = { reference: await createReferenceCodec(), wasm: await createWasmCodec() };
  const ways: [string, Batch, (codec: Codec, batch: Batch) => void][] = [
    ["COPY text from NDJSON", ndjson, (codec, batch) => copy(codec, batch, "text")],
    ["COPY text, columns in another order", turned, (codec, batch) => copy(codec, batch, "text")],
    ["COPY binary from NDJSON", ndjson, (codec, batch) => copy(codec, batch, "binary")],
    ["COPY text from CSV", csv, (codec, batch) => copy(codec, batch, "text")],
    ["cells from NDJSON", ndjson, cells],
    ["cells from CSV", csv, cells],
  ];
  const cases = ways.flatMap(([way, batch, run]): BenchCase[] => {
    const bytes = batch.bytes.length;
    const baseline = `${way}, reference`;
    return [
      { name: baseline, bytes, run: () => run(codecs.reference, batch) },
      { name: `${way}, WebAssembly`, bytes, baseline, run: () => run(codecs.wasm, batch) },
    ];
  });
  return {
    name: "codec",
    title: `The codec, ${ROWS} rows of ${shape.columns.length} columns`,
    cases,
  };
}

function copy(codec: Codec, batch: Batch, format: CopyFormat): void {
  const types = batch.shape.columns.map(({ type }) => WIRE_TYPES[type]!);
  const encoder = codec.copy(batch, { format, types, ordinal: false, rules: RULES });
  while (encoder.next() !== undefined);
  expectAll(batch, encoder.rows);
}

function cells(codec: Codec, batch: Batch): void {
  const reader = codec.cells(batch, RULES);
  const out: Cell[] = [];
  const rows: number[] = [];
  let count = 0;
  for (let read = -1; read !== 0; count += read) {
    out.length = 0;
    rows.length = 0;
    read = reader.read(READ_ROWS, out, rows);
  }
  expectAll(batch, count);
}

function expectAll(batch: Batch, rows: number): void {
  if (rows !== rowCount(batch)) {
    throw new Error(`The codec took ${rows} rows of ${rowCount(batch)}`);
  }
}

/** The same rows as CSV; none of their values needs quotes but a comma. */
function csvBatch(batch: Batch): Batch {
  const decoder = new TextDecoder();
  const names = batch.shape.columns.map(({ name }) => name);
  const lines = Array.from({ length: rowCount(batch) }, (_, row) => {
    const record = batch.bytes.subarray(batch.offsets[row]!, batch.offsets[row + 1]!);
    const node = JSON.parse(decoder.decode(record)) as Record<string, unknown>;
    return names.map((name) => field(node[name])).join(",") + "\n";
  });
  const offsets = new Uint32Array(lines.length + 1);
  for (const [i, line] of lines.entries()) offsets[i + 1] = offsets[i]! + line.length;
  return {
    ...batch,
    format: { kind: "csv", delimiter: ",", header: names, nullText: "" },
    bytes: new TextEncoder().encode(lines.join("")),
    offsets,
  };
}

function field(value: unknown): string {
  const text = String(value ?? "");
  return text.includes(",") ? `"${text}"` : text;
}
