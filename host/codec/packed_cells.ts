/** Packs cells into bytes, as the compiled codec has them. */
import { type Cell, type PackedCells, TAG } from "./codec.ts";

const encoder = new TextEncoder();

/** Rows of cells, whose integers and booleans are bigints. */
export function packCells(cells: readonly Cell[], rows: number): PackedCells {
  const tags = new Uint8Array(cells.length);
  const values = new Float64Array(cells.length);
  const longs = new BigInt64Array(values.buffer);
  const spans = new Int32Array(values.buffer);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const [i, cell] of cells.entries()) {
    if (cell === null) continue;
    if (typeof cell === "bigint") {
      tags[i] = TAG.long;
      longs[i] = cell;
    } else if (typeof cell === "number") {
      tags[i] = TAG.double;
      values[i] = cell;
    } else {
      const piece = typeof cell === "string" ? encoder.encode(cell) : cell;
      tags[i] = typeof cell === "string" ? TAG.text : TAG.octets;
      spans[2 * i] = length;
      spans[2 * i + 1] = length += piece.length;
      pieces.push(piece);
    }
  }
  const bytes = new Uint8Array(length + 16);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { rows, tags, values, bytes };
}
