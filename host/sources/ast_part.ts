/**
 * Source code that is being parsed.
 *
 * Invariants:
 * - the text and the tree of one file are alive at a time, and no longer than `close`
 * - a file is passed over as a whole, before any of its rows, or not at all
 */
import { type Language, Parser, type Tree } from "web-tree-sitter";
import { LoadError } from "../../src/model/errors.ts";
import type { CodeFile, SkipReason } from "./ast_file_list.ts";
import { loadGrammar } from "./ast_grammar.ts";
import { NodeWriter } from "./ast_rows.ts";
import { changedError } from "./input.ts";
import type { OpenPart } from "./source.ts";
import { TEXT_CHARACTERS, TextBytes } from "./text_bytes.ts";

/** Source code as one part; `skip` is told of each file that is passed over. */
export function openCode(
  files: readonly CodeFile[],
  skip: (file: string, reason: SkipReason) => void,
): OpenPart {
  const lines = new CodeLines(files, skip);
  const bytes = new TextBytes(() => lines.next());
  return {
    format: { kind: "ndjson" },
    line: 1,
    byteOffset: 0,
    read: (into) => bytes.read(into),
    bytesRead: () => lines.bytesRead,
    close: () => lines.close(),
  };
}

/** Parses one file after another; the tree of one is alive at a time. */
class CodeLines {
  readonly #files: Iterator<CodeFile>;
  readonly #skip: (file: string, reason: SkipReason) => void;
  #parser: Parser | undefined;
  #writer: NodeWriter | undefined;
  #nextId = 1;
  #bytesRead = 0;
  #ended = false;

  constructor(
    files: readonly CodeFile[],
    skip: (file: string, reason: SkipReason) => void,
  ) {
    this.#files = files[Symbol.iterator]();
    this.#skip = skip;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Further nodes, a line each; empty when there are no more. */
  async next(): Promise<string> {
    let text = "";
    while (text.length < TEXT_CHARACTERS && !this.#ended) {
      if (this.#writer === undefined) await this.#openNext();
      else text += this.#write(this.#writer, TEXT_CHARACTERS - text.length);
    }
    return text;
  }

  close(): Promise<void> {
    this.#ended = true;
    this.#closeWriter();
    this.#parser?.delete();
    this.#parser = undefined;
    return Promise.resolve();
  }

  #write(writer: NodeWriter, charactersMax: number): string {
    const text = writer.write(charactersMax);
    this.#nextId = writer.nextId;
    if (writer.done) this.#closeWriter();
    return text;
  }

  #closeWriter(): void {
    this.#writer?.close();
    this.#writer = undefined;
  }

  async #openNext(): Promise<void> {
    const { done, value: code } = this.#files.next();
    if (done) return await this.close();
    this.#bytesRead += code.bytes;
    const source = await this.#read(code);
    if (source === undefined) return;
    const grammar = await loadGrammar(code.language);
    if (this.#ended) return;
    const tree = this.#parse(source.text, grammar);
    if (tree === null) return this.#skip(code.file, "parse_failed");
    this.#writer = new NodeWriter({ ...code, ...source, tree }, this.#nextId);
  }

  async #read(code: CodeFile): Promise<{ text: string; byteLength: number } | undefined> {
    let bytes: Uint8Array;
    try {
      bytes = await readWhole(code.path);
    } catch (error) {
      if (error instanceof LoadError) throw error;
      this.#skip(code.file, "unreadable");
      return undefined;
    }
    try {
      // The byte order mark is kept, so that offsets are those of the file; the parser skips it.
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return { text: decoder.decode(bytes), byteLength: bytes.length };
    } catch {
      this.#skip(code.file, "not_utf8");
      return undefined;
    }
  }

  #parse(text: string, grammar: Language): Tree | null {
    this.#parser ??= new Parser();
    try {
      return this.#parser.setLanguage(grammar).parse(text);
    } catch {
      // A scanner trapped. Its parser may hold half a tree, and is not used again.
      this.#parser = undefined;
      return null;
    }
  }
}

/** A file as it stood at one moment. @throws {LoadError} `source_changed` */
async function readWhole(path: string): Promise<Uint8Array> {
  const before = await Deno.stat(path);
  const bytes = await Deno.readFile(path);
  const after = await Deno.stat(path);
  const isSame = bytes.length === after.size && before.size === after.size &&
    before.mtime?.getTime() === after.mtime?.getTime();
  if (!isSame) throw changedError(path);
  return bytes;
}
