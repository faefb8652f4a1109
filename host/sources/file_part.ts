/** The start of a file, whatever its format: byte order mark, and what is no text at all. */
import { LoadError } from "../../src/errors.ts";
import type { RecordFormat } from "../../src/batch.ts";
import { type Input, type InputFile, openInput } from "./input.ts";
import type { OpenPart, SourcePart } from "./source.ts";

/** Where a part begins, and how it goes on. */
export interface PartStart {
  readonly format: RecordFormat;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly line: number;
  readonly byteOffset: number;
}

/** Text behind its byte order mark. */
export interface TextStart {
  readonly path: string;
  /** The first bytes; at least three, unless there are no more. */
  readonly head: Uint8Array;
  /** What comes after the head. */
  readonly rest: AsyncIterator<Uint8Array>;
  /** Offset of the head: 3 behind a byte order mark. */
  readonly byteOffset: number;
}

/** A part that is a file; `begin` finds where its records start. */
export function filePart(
  file: InputFile,
  begin: (text: TextStart) => Promise<PartStart> | PartStart,
): SourcePart {
  return {
    name: file.path,
    bytesTotal: file.bytesTotal,
    open: (signal) => openPart(file, begin, signal),
  };
}

/** Chunks that were looked at already, and those behind them. */
export async function* rejoin(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** Two chunks in one. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

async function openPart(
  file: InputFile,
  begin: (text: TextStart) => Promise<PartStart> | PartStart,
  signal: AbortSignal | undefined,
): Promise<OpenPart> {
  const input = await openInput(file.path);
  const stop = () => void input.close();
  signal?.addEventListener("abort", stop);
  try {
    const start = await begin(await textStart(input, file.path));
    return {
      ...start,
      recycle: (chunk) => input.recycle(chunk),
      bytesRead: () => input.bytesRead(),
      close: () => input.close(),
    };
  } catch (error) {
    await input.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

async function textStart(input: Input, path: string): Promise<TextStart> {
  const rest = input.chunks[Symbol.asyncIterator]();
  let head = new Uint8Array(0) as Uint8Array;
  while (head.length < 3) {
    const read = await rest.next();
    if (read.done) break;
    head = head.length === 0 ? read.value : concat(head, read.value);
  }
  const [a, b, c] = head;
  if (a === 0x1f && b === 0x8b) throw notText(path, "gzip; name it with the suffix .gz");
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw notText(path, "UTF-16; convert it to UTF-8");
  }
  const marked = a === 0xef && b === 0xbb && c === 0xbf;
  return { path, head: marked ? head.subarray(3) : head, rest, byteOffset: marked ? 3 : 0 };
}

function notText(path: string, what: string): LoadError {
  return new LoadError(`Cannot read ${path}: it is ${what}`, {
    code: "source_malformed",
    blame: "data",
  });
}
