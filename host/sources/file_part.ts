/** The start of a file, whatever its format: byte order mark, and what is no text at all. */
import { LoadError } from "../../src/model/errors.ts";
import type { RecordFormat } from "../../src/model/batch.ts";
import { type Input, type InputFile, openInput, readBehind } from "./input.ts";
import { notText } from "./not_text.ts";
import type { OpenPart, SourcePart } from "./source.ts";

/** Where a part begins, and how it goes on. */
export interface PartStart {
  readonly format: RecordFormat;
  /** What was read already, and is to be read again. */
  readonly head: Uint8Array;
  readonly line: number;
  /** Offset of the head. */
  readonly byteOffset: number;
}

/** Bytes that are looked at to find where a part begins; a header may take more. */
const HEAD_BYTES = 16 * 1024;

/** Text behind its byte order mark. */
export interface TextStart {
  readonly path: string;
  /** The first bytes; at least four, unless there are no more. */
  readonly head: Uint8Array;
  /** Offset of the head: 3 behind a byte order mark. */
  readonly byteOffset: number;
  /** The head and what follows on it; the head alone where there is no more. */
  more(head: Uint8Array): Promise<Uint8Array>;
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

async function openPart(
  file: InputFile,
  begin: (text: TextStart) => Promise<PartStart> | PartStart,
  signal: AbortSignal | undefined,
): Promise<OpenPart> {
  const input = await openInput(file.path);
  const stop = () => void input.close();
  signal?.addEventListener("abort", stop);
  // It may have been meanwhile, and standard input may wait for ever.
  if (signal?.aborted) stop();
  try {
    const { head, ...start } = await begin(await textStart(input, file.path));
    let read = readBehind(head, input);
    const { format } = start;
    const seekable = format.kind === "csv" || !format.records ? input.file?.() : undefined;
    const seek = (offset: number) => {
      read = (into) => input.read(into);
      seekable!.seek(offset);
    };
    return {
      ...start,
      ...(seekable ? { file: { ...seekable, seek } } : {}),
      read: (into) => read(into),
      bytesRead: () => input.bytesRead(),
      fate: () => input.fate?.(),
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
  const more = (head: Uint8Array) => readOn(input, head);
  let head: Uint8Array = new Uint8Array(0);
  for (let known = -1; head.length < 4 && head.length > known;) {
    known = head.length;
    head = await more(head);
  }
  const what = notText(head);
  if (what !== undefined) {
    throw new LoadError(`Cannot read ${path}: it is ${what}`, {
      code: "source_malformed",
      blame: "data",
    });
  }
  const [a, b, c] = head;
  const marked = a === 0xef && b === 0xbb && c === 0xbf;
  return { path, head: marked ? head.subarray(3) : head, byteOffset: marked ? 3 : 0, more };
}

async function readOn(input: Input, head: Uint8Array): Promise<Uint8Array> {
  const longer = new Uint8Array(head.length + HEAD_BYTES);
  longer.set(head);
  const count = await input.read(longer.subarray(head.length));
  return count === undefined ? head : longer.subarray(0, head.length + count);
}
