/**
 * The hash by which a batch is known again: XXH64 of its bytes, in 16 hex digits (Y. Collet,
 * https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). It tells a file that has changed
 * from one that has not; it is no proof against one who tries to keep it the same. SHA-256 takes
 * four times as long: 8 ms for 50,000 syntax-tree nodes.
 *
 * On the way it leaves marks: what the hash is after each of up to {@linkcode MARKS_MAX} groups of
 * rows, cut to 16 bits. The first mark that differs tells which rows have changed.
 */
import xxhash from "xxhash-wasm";
import type { Batch } from "../../src/model/batch.ts";
import { markGroups } from "../../src/load/row_marks.ts";

/** Hashed at once: a quarter of a millisecond, in which nothing else of the thread runs. */
const STEP_BYTES = 2 * 1024 * 1024;
/** The library copies what it is handed into a memory that grows with it. */
const UPDATE_BYTES = 64 * 1024;

/** A hash that is made in steps, in between what must not wait for it. */
export interface ContentHash {
  /** Goes on a little; false once there is nothing left to do. */
  advance(): boolean;
  /** The hash; what is left to do for it is done. */
  hex(): string;
  /** The marks, two bytes each, the lower one first; what is left to do for them is done. */
  marks(): Uint8Array<ArrayBuffer>;
}

/** Begins the hash of a batch's bytes; nothing is done yet. */
export type ContentHasher = (batch: Pick<Batch, "bytes" | "offsets">) => ContentHash;

let hasher: Promise<ContentHasher> | undefined;

/** The hasher of this thread, whose module is compiled when it is first asked for. */
export function contentHasher(): Promise<ContentHasher> {
  return hasher ??= xxhash().then(({ create64 }) => ({ bytes, offsets }) => {
    const hash = create64();
    const groups = markGroups(offsets.length - 1);
    const marks = new Uint8Array(2 * groups.length);
    let at = 0;
    let group = 0;
    const update = (end: number) => {
      while (at < end) {
        const mark = group < groups.length ? offsets[groups[group]!]! : bytes.length;
        const to = Math.min(at + UPDATE_BYTES, Math.max(mark, at + 1), end);
        hash.update(bytes.subarray(at, to));
        at = to;
        if (at < mark || group === groups.length) continue;
        const low = Number(hash.digest() & 0xffffn);
        marks[2 * group] = low;
        marks[2 * group + 1] = low >> 8;
        group++;
      }
    };
    return {
      advance() {
        update(Math.min(at + STEP_BYTES, bytes.length));
        return at < bytes.length;
      },
      hex() {
        update(bytes.length);
        return hash.digest().toString(16).padStart(16, "0");
      },
      marks() {
        update(bytes.length);
        return marks;
      },
    };
  });
}
