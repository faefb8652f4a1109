/** Tables for people. */
import { printable } from "../../../src/model/printable.ts";

/**
 * Rows as lines with their cells below each other, two spaces apart. What is in a cell is made
 * printable first, so that its width is known; a character counts as one column.
 */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [i, cell] of row.entries()) {
      widths[i] = Math.max(widths[i] ?? 0, columnsOf(cell));
    }
  }
  return cells.map((row) =>
    row.map((cell, i) => cell + " ".repeat(widths[i]! - columnsOf(cell))).join("  ").trimEnd()
  );
}

/** A list of words in lines of at most `width` columns, each after `indent`. */
export function wrappedLines(words: readonly string[], { indent, width }: WrapOptions): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [i, word] of words.entries()) {
    const piece = i < words.length - 1 ? `${word},` : word;
    if (line !== "" && columnsOf(`${line} ${piece}`) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? indent + piece : `${line} ${piece}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** How to wrap. */
export interface WrapOptions {
  readonly indent: string;
  readonly width: number;
}

/** As much of a line as there are columns for. */
export function cutLine(line: string, columns: number): string {
  return [...line].slice(0, columns).join("");
}

function columnsOf(text: string): number {
  return [...text].length;
}
