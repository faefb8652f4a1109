/** Where the chain of an audit log goes on. */
import { sha256 } from "@noble/hashes/sha2.js";
import { type AuditLink, NOTHING_BEFORE, readAuditLine } from "../../src/audit/chain.ts";
import { sha256Now } from "../platform/sha256.ts";

/** What the next record is linked to. */
export interface AuditTail {
  readonly link: AuditLink;
  /** Whether the last line of the file has no end. */
  readonly open: boolean;
}

/** Behind the last record there may be what a program did not come to the end of, and no more. */
const WINDOW_BYTES_MAX = 16 * 1024 * 1024;
const WINDOW_BYTES_FIRST = 16 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/** Reads the end of a file of that size, which nobody else writes to meanwhile. */
export async function readAuditTail(file: Deno.FsFile, size: number): Promise<AuditTail> {
  if (size === 0) return { link: { number: 1, previous: NOTHING_BEFORE }, open: false };
  let open = false;
  for (let window = WINDOW_BYTES_FIRST;; window *= 16) {
    const length = Math.min(window, size);
    const bytes = await readBytes(file, size - length, length);
    open = bytes.at(-1) !== LINE_END;
    const link = lastLink(bytes, { whole: length === size, open });
    if (link) return { link, open };
    if (length === size || length >= WINDOW_BYTES_MAX) break;
  }
  const previous = await hashOf(file, open ? size : size - 1);
  return { link: { number: 1, previous }, open };
}

/** Reads so many bytes from there, fewer where the file ends. */
export async function readBytes(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let count = 0;
  for (let read; count < length && (read = await file.read(bytes.subarray(count)));) count += read;
  return bytes.subarray(0, count);
}

/** What a record behind the last one of the window says; undefined where none is of the chain. */
function lastLink(
  bytes: Uint8Array,
  { whole, open }: { readonly whole: boolean; readonly open: boolean },
): AuditLink | undefined {
  const end = open ? bytes.length : bytes.length - 1;
  for (let to = end; to > 0;) {
    const from = bytes.lastIndexOf(LINE_END, to - 1) + 1;
    // The window may begin within a line.
    if (from === 0 && !whole) return undefined;
    const line = bytes.subarray(from, to);
    const read = readAuditLine(new TextDecoder().decode(line));
    if (read.kind === "linked") {
      const next = { number: read.link.number + 1, previous: sha256Now(line) };
      // Lines with an end that are not of the chain are nothing that a program has left: `verify` tells.
      return open && to < end ? { ...next, cutOff: sha256Now(bytes.subarray(to + 1, end)) } : next;
    }
    to = from - 1;
  }
  return undefined;
}

async function hashOf(file: Deno.FsFile, size: number): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    hash.update(await readBytes(file, at, Math.min(CHUNK_BYTES, size - at)));
  }
  return hash.digest().toHex();
}
