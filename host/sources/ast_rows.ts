/** Syntax trees as rows. */
import type { Language, Tree, TreeCursor } from "web-tree-sitter";
import type { Column } from "../../src/model/batch.ts";
import type { ColumnType } from "../../src/model/column_type.ts";
import { Positions } from "./ast_position.ts";

/** The table of syntax trees, where none is named. */
export const AST_TABLE = "nodes";

/**
 * The columns of a syntax-tree node.
 *
 * `id` counts from 1 over the whole load, in the order of the source text, parents before children.
 * `named` is false for punctuation and keywords. `field` is the role in the parent. Offsets and
 * columns are in bytes, rows in lines, all from 0; ends lie behind the last byte. `text` is the
 * source text of named leaves; a leaf without a name has its text for its kind.
 */
export const AST_COLUMNS: readonly Column[] = [
  column("id", "int64"),
  column("parent_id", "int64", true),
  column("file", "text"),
  column("language", "text"),
  column("kind", "text"),
  column("named", "boolean"),
  column("field", "text", true),
  column("start_byte", "int32"),
  column("end_byte", "int32"),
  column("start_row", "int32"),
  column("start_column", "int32"),
  column("end_row", "int32"),
  column("end_column", "int32"),
  column("text", "text", true),
];

/** A file that was parsed. */
export interface ParsedFile {
  /** What stands in the column `file`. */
  readonly file: string;
  readonly language: string;
  readonly text: string;
  /** Length of the text in UTF-8. */
  readonly byteLength: number;
  readonly tree: Tree;
}

/** Walks one tree and writes its nodes as NDJSON. Owns the tree: {@linkcode NodeWriter.close}. */
export class NodeWriter {
  readonly #tree: Tree;
  readonly #cursor: TreeCursor;
  readonly #text: string;
  readonly #positions: Positions;
  readonly #names: NodeNames;
  /** The columns that are the same for every node of the file. */
  readonly #fileColumns: string;
  /** The ids of the nodes from the root to the parent of the current one. */
  readonly #parents: number[] = [];
  #nextId: number;
  #row = 0;
  #done = false;

  /** `nextId` is the id of the root. */
  constructor(file: ParsedFile, nextId: number) {
    this.#tree = file.tree;
    this.#cursor = file.tree.walk();
    this.#text = file.text;
    this.#positions = new Positions(file.text, file.byteLength);
    this.#names = namesOf(file.tree.language);
    this.#fileColumns = `,"file":${JSON.stringify(file.file)},"language":${
      JSON.stringify(file.language)
    }`;
    this.#nextId = nextId;
  }

  /** The id that follows on those that were given. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Whether every node was written. */
  get done(): boolean {
    return this.#done;
  }

  /** Writes further nodes, until there are about `charactersMax` or no more. */
  write(charactersMax: number): string {
    let lines = "";
    while (!this.#done && lines.length < charactersMax) lines += this.#node();
    return lines;
  }

  /** Frees the tree. */
  close(): void {
    this.#cursor.delete();
    this.#tree.delete();
  }

  /** The current node as a line; goes on to the next one. */
  #node(): string {
    const cursor = this.#cursor;
    const id = this.#nextId++;
    const type = cursor.nodeTypeId;
    const field = cursor.currentFieldId;
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    const parent = this.#parents.at(-1) ?? null;
    const leaf = !cursor.gotoFirstChild();
    if (leaf) this.#step();
    else this.#parents.push(id);
    const text = leaf && this.#names.named(type) ? this.#text.slice(start, end) : null;
    return `{"id":${id},"parent_id":${parent}${this.#fileColumns}${this.#names.kind(type)}` +
      `${this.#names.field(field)}${this.#span(start, end)},"text":${JSON.stringify(text)}}\n`;
  }

  #span(start: number, end: number): string {
    const positions = this.#positions;
    // Nodes come in the order of their starts.
    const row = this.#row = positions.rowOf(start, this.#row);
    const endRow = positions.rowOf(end, row);
    const from = positions.byteOf(start);
    const to = positions.byteOf(end);
    return `,"start_byte":${from},"end_byte":${to},"start_row":${row},"start_column":${
      from - positions.byteOfRow(row)
    },"end_row":${endRow},"end_column":${to - positions.byteOfRow(endRow)}`;
  }

  /** Goes on to the next node that is no child of the current one. */
  #step(): void {
    while (!this.#cursor.gotoNextSibling()) {
      if (!this.#cursor.gotoParent()) {
        this.#done = true;
        return;
      }
      this.#parents.pop();
    }
  }
}

/** The names of a language as they stand in JSON, made once. */
class NodeNames {
  readonly #language: Language;
  readonly #kinds: string[] = [];
  readonly #fields: string[] = [];
  readonly #named: boolean[] = [];

  constructor(language: Language) {
    this.#language = language;
  }

  named(type: number): boolean {
    return this.#named[type] ??= type === ERROR_TYPE || this.#language.nodeTypeIsNamed(type);
  }

  kind(type: number): string {
    return this.#kinds[type] ??= `,"kind":${
      JSON.stringify(this.#language.types[type] ?? "ERROR")
    },"named":${this.named(type)}`;
  }

  field(field: number): string {
    return this.#fields[field] ??= `,"field":${
      JSON.stringify(this.#language.fields[field] ?? null)
    }`;
  }
}

/** The type of a node that stands for text which could not be parsed. */
const ERROR_TYPE = 65_535;

const namesByLanguage = new WeakMap<Language, NodeNames>();

function namesOf(language: Language): NodeNames {
  let names = namesByLanguage.get(language);
  if (names === undefined) namesByLanguage.set(language, names = new NodeNames(language));
  return names;
}

function column(name: string, type: ColumnType, nullable = false): Column {
  return { name, type, nullable, key: false };
}
