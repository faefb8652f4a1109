import { markGroups } from "../../src/load/row_marks.ts";

/** Marks that there is room for at first. */
const ROOM = 64 * 1024;

/**
 * Marks of rows of which it is not known how many there will be: one is kept for each row, and at
 * the end those are chosen that a batch of so many rows has.
 */
export class StreamMarks {
  #marks = new Uint8Array(2 * ROOM);
  #rows = 0;

  /** Adds those of further rows: what the hash is where each of them begins, 16 bits each. */
  add(memory: Uint8Array, at: number, rows: number): void {
    const to = 2 * (this.#rows + rows);
    if (to > this.#marks.length) {
      const larger = new Uint8Array(Math.max(to, 2 * this.#marks.length));
      larger.set(this.#marks.subarray(0, 2 * this.#rows));
      this.#marks = larger;
    }
    this.#marks.set(memory.subarray(at, at + 2 * rows), 2 * this.#rows);
    this.#rows += rows;
  }

  /** Two bytes each, the lower one first. */
  chosen(): Uint8Array<ArrayBuffer> {
    const groups = markGroups(this.#rows);
    const chosen = new Uint8Array(2 * groups.length);
    for (const [i, row] of groups.entries()) {
      chosen[2 * i] = this.#marks[2 * row]!;
      chosen[2 * i + 1] = this.#marks[2 * row + 1]!;
    }
    return chosen;
  }
}
