/** The rows that benches plan for and write: syntax-tree nodes of thirteen columns. */
import {
  type Batch,
  type Column,
  COLUMN_TYPES,
  type ColumnType,
  type Shape,
  type WriteMode,
} from "../mod.ts";

/** Thirteen columns, as the syntax tree of a file has them. */
const NODE_COLUMNS: readonly Column[] = [
  column("parent_id", "int64"),
  column("file", "text"),
  column("language", "text"),
  column("kind", "text"),
  column("named", "boolean"),
  column("start_byte", "int32"),
  column("end_byte", "int32"),
  column("start_row", "int32"),
  column("start_column", "int32"),
  column("end_row", "int32"),
  column("end_column", "int32"),
  column("text", "text"),
];

/** A shape of these columns, in which an upsert has its key and the others have none. */
export function nodeShape(table: string, mode: WriteMode): Shape {
  const upsert = mode === "upsert";
  const id: Column = { name: "id", type: "int64", nullable: !upsert, key: upsert };
  return { table: { name: table }, columns: [id, ...NODE_COLUMNS], mode };
}

/** A shape of two hundred columns, of all types in turn; its first column is the key of an upsert. */
export function wideShape(table: string, mode: WriteMode): Shape {
  const others = Array.from(
    { length: 199 },
    (_, i) => column(`column_${i}`, COLUMN_TYPES[i % COLUMN_TYPES.length]!),
  );
  const { columns: [id] } = nodeShape(table, mode);
  return { table: { name: table }, columns: [id!, ...others], mode };
}

const KINDS = ["identifier", "call_expression", "property_identifier", "string_fragment", ","];

/** One node as a line of NDJSON, about 230 bytes; the same number, the same node. */
export function nodeLine(id: number): string {
  const file = Math.floor(id / 2_500);
  const start = (id * 37) % 90_000;
  const row = Math.floor(start / 40);
  const column = start % 80;
  const kind = KINDS[(id * 7) % KINDS.length]!;
  const text = kind === "call_expression" ? null : `name${(id * 2_654_435_761) % 65_536}`;
  return `{"id":${id},"parent_id":${id < 2 ? null : id >> 1},"file":"src/part_${file % 97}/` +
    `module_${file}.ts","language":"typescript","kind":"${kind}","named":${kind !== ","},` +
    `"start_byte":${start},"end_byte":${start + 9},"start_row":${row},"start_column":${column},` +
    `"end_row":${row},"end_column":${column + 9},"text":${JSON.stringify(text)}}\n`;
}

/** A batch of nodes. */
export function nodeBatch(shape: Shape, rows: number): Batch {
  const lines = Array.from({ length: rows }, (_, id) => nodeLine(id));
  const bytes = new TextEncoder().encode(lines.join(""));
  const offsets = new Uint32Array(rows + 1);
  for (const [i, line] of lines.entries()) offsets[i + 1] = offsets[i]! + line.length;
  return {
    shape,
    format: { kind: "ndjson" },
    bytes,
    offsets,
    sequence: 0,
    ordinal: 0,
    part: "bench.ndjson",
    byteOffset: 0,
    line: 1,
  };
}

function column(name: string, type: ColumnType): Column {
  return { name, type, nullable: true, key: false };
}
