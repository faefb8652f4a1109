/** Long texts with marks under parts of them, in lines that fit a terminal. */
import type { Place } from "./statement_pattern.ts";

/** Columns of a line, so that it stands whole in a terminal of 80 behind its indentation. */
const WIDTH = 72;
/** Marks that are made: the next ones are seen once these are mended. */
const MARKS_MAX = 20;
/** Lines of a text without marks that are shown before one with marks, and behind it. */
const AROUND = 2;

/**
 * The text in lines, and `^` in a line of their own under each mark; a mark without length is one sign.
 * Of a text that is long, the lines with marks and some around them.
 */
export function markedLines(text: string, all: readonly Place[]): string[] {
  const marks = all.slice(0, MARKS_MAX);
  const pieces = wrapped(text);
  // A mark behind the last sign belongs to the last line.
  const marked = pieces.map(({ from, line }, i) =>
    carets(from, line.length + (i === pieces.length - 1 ? 1 : 0), marks)
  );
  const shown = pieces.map((_, i) =>
    marks.length === 0
      ? i <= 2 * AROUND
      : marked.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((carets) => carets !== "")
  );
  const lines: string[] = [];
  for (const [i, { line }] of pieces.entries()) {
    if (!shown[i]) {
      if (lines.at(-1) !== "…") lines.push("…");
      continue;
    }
    lines.push(line);
    if (marked[i] !== "") lines.push(marked[i]!);
  }
  return lines;
}

interface Piece {
  /** Where the line begins in the text. */
  readonly from: number;
  readonly line: string;
}

/** Cuts at blanks, or where a line is full. */
function wrapped(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < text.length;) {
    const rest = text.slice(from, from + WIDTH + 1);
    const blank = rest.length > WIDTH ? rest.lastIndexOf(" ") : rest.length;
    const length = blank > 0 ? blank : WIDTH;
    pieces.push({ from, line: rest.slice(0, length).replaceAll(/\s/g, " ").trimEnd() });
    from += length;
    while (text[from] === " ") from++;
  }
  return pieces.length > 0 ? pieces : [{ from: 0, line: "" }];
}

function carets(from: number, length: number, marks: readonly Place[]): string {
  const signs = Array.from({ length }, () => " ");
  for (const mark of marks) {
    const end = Math.min(Math.max(mark.to, mark.from + 1) - from, length);
    for (let at = Math.max(mark.from - from, 0); at < end; at++) signs[at] = "^";
  }
  return signs.join("").trimEnd();
}
