/**
 * Rows of the data sets, made from the syntax trees of source code that this project's dependencies
 * bring along; the same packages, the same rows.
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { ast, type OpenPart } from "../../mod.ts";
import type { DatasetName } from "./dataset.ts";

/** Packages whose source code is parsed, in this order: 1.5 million nodes. */
export const PACKAGES: readonly string[] = [
  "web-tree-sitter",
  "fast-check",
  "deno-std",
  "postgres",
  "valibot",
];

/** Nodes of a row of `wide`: together with what else is in it, about 1 KB. */
const NODES_PER_ROW = 6;

/** U+0000 and half a character, which no database of these takes as text. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;

/** A node as the source of this project gives it. */
interface AstNode extends Row {
  readonly id: number;
  readonly parent_id: number | null;
  readonly file: string;
  readonly language: string;
  readonly kind: string;
  readonly named: boolean;
  readonly start_byte: number;
  readonly end_byte: number;
  readonly start_row: number;
  readonly text: string | null;
}

/** Every row of a data set, one after the other, as many as the packages have. */
export async function* datasetRows(name: DatasetName, modules: string): AsyncGenerator<Row> {
  switch (name) {
    case "nodes":
      // The field would be the fourteenth column.
      for await (const { field: _, ...node } of nodes(modules)) yield node;
      return;
    case "narrow":
      for await (const { id, parent_id, kind, start_byte } of nodes(modules)) {
        yield { id, parent_id, kind, start_byte };
      }
      return;
    case "indexed":
      for await (const { field: _, id, ...node } of nodes(modules)) {
        yield { node: createHash("md5").update(String(id)).digest("hex"), ...node };
      }
      return;
    case "wide":
      yield* wideRows(nodes(modules));
      return;
    case "filled":
      throw new Error("These rows are those of nodes");
  }
}

async function* wideRows(all: AsyncIterable<AstNode>): AsyncGenerator<Row> {
  let id = 0;
  let run: AstNode[] = [];
  for await (const node of all) {
    if (run.length === NODES_PER_ROW || (run.length > 0 && run[0]!.file !== node.file)) {
      yield wideRow(++id, run);
      run = [];
    }
    run.push(node);
  }
}

function wideRow(id: number, run: readonly AstNode[]): Row {
  const leaves = run.filter((node) => node.text !== null).length;
  const kinds: Record<string, number> = {};
  for (const { kind } of run) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const { file, language, start_byte } = run[0]!;
  return {
    id,
    file,
    language,
    start_byte,
    end_byte: Math.max(...run.map((node) => node.end_byte)),
    leaves: leaves > 0,
    // Few digits, so that no database's own reading of decimals can be off by one.
    leaf_share: Math.round(leaves / run.length * 10_000) / 10_000,
    kinds,
    nodes: run.map(({ id, parent_id, kind, named, text, start_byte, end_byte, start_row }) => ({
      id,
      parent: parent_id,
      kind,
      named,
      span: { bytes: [start_byte, end_byte], row: start_row },
      text,
    })),
  };
}

async function* nodes(modules: string): AsyncGenerator<AstNode> {
  const source = ast(PACKAGES.map((name) => join(modules, name)));
  for await (const part of source.parts()) {
    const opened = await part.open(new AbortController().signal);
    try {
      for await (const line of lines(opened)) {
        if (UNSTORABLE.test(line)) continue;
        const node = JSON.parse(line) as AstNode;
        yield { ...node, file: node.file.slice(modules.length + 1) };
      }
    } finally {
      await opened.close();
    }
  }
}

async function* lines(part: OpenPart): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(256 * 1024);
  let rest = "";
  for (let count; (count = await part.read(bytes)) !== undefined;) {
    const piece = decoder.decode(bytes.subarray(0, count), { stream: true });
    const whole = (rest + piece).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
  if (rest !== "") yield rest;
}
