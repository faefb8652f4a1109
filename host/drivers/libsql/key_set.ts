/** Counts the distinct keys of a batch, so that rows which later ones replaced are known. */
import type { Column } from "../../../src/batch.ts";
import type { Cell } from "../../codec/codec.ts";

/**
 * A set of keys. Cells of one column are of one type but for NULL, and equal integers come as the
 * same type, so that cells of different types are never equal. Texts are compared byte by byte, as
 * SQLite does without a COLLATE.
 */
export class KeySet {
  readonly #width: number;
  readonly #columns: readonly number[];
  readonly #keys = new Set<Cell>();

  /** A set of the keys of rows with these columns. */
  constructor(columns: readonly Column[]) {
    this.#width = columns.length;
    this.#columns = columns.flatMap((column, i) => column.key ? [i] : []);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#keys.size;
  }

  /** Adds the keys of so many rows, whose cells stand row after row. */
  add(cells: readonly Cell[], rows: number): void {
    const [first] = this.#columns;
    for (let row = 0; row < rows; row++) {
      const start = row * this.#width;
      const cell = this.#columns.length === 1 ? cells[start + first!]! : null;
      // Most keys are one integer or text, which a Set compares by itself.
      this.#keys.add(isSimple(cell) ? cell : this.#text(cells, start));
    }
  }

  /** A text that only equal keys share: each cell with its type and its length before it. */
  #text(cells: readonly Cell[], start: number): string {
    let text = "";
    for (const column of this.#columns) {
      const cell = cells[start + column]!;
      const written = cell instanceof Uint8Array ? cell.toHex() : String(cell);
      const type = cell === null ? "null" : cell instanceof Uint8Array ? "bytes" : typeof cell;
      text += `${type}:${written.length}:${written}`;
    }
    return text;
  }
}

function isSimple(cell: Cell): boolean {
  return typeof cell === "bigint" || typeof cell === "number" || typeof cell === "string";
}
