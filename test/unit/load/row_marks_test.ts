/** Which row a difference between the marks of a batch then and now points to. */
import { assertEquals } from "@std/assert";
import {
  differenceOfLengths,
  firstDifference,
  markGroups,
  MARKS_MAX,
} from "../../../src/load/row_marks.ts";

/** Marks of so many rows; those of the groups that hold one of `changed` are others. */
function marksOf(rows: number, changed: readonly number[] = []): Uint8Array {
  const ends = markGroups(rows);
  const marks = new Uint8Array(2 * ends.length);
  ends.forEach((end, group) => {
    const from = ends[group - 1] ?? 0;
    marks[2 * group] = end % 251;
    marks[2 * group + 1] = changed.some((row) => row >= from && row < end) ? 1 : 0;
  });
  return marks;
}

Deno.test("the first row that differs is known, or the group that it stands in", () => {
  assertEquals(firstDifference(9, marksOf(9), marksOf(9, [4, 6])), { from: 4, to: 5 });
  assertEquals(firstDifference(9, marksOf(9), marksOf(9)), { from: 8, to: 9 }, "the last has none");
  const rows = 2 * MARKS_MAX;
  assertEquals(firstDifference(rows, marksOf(rows), marksOf(rows, [7])), { from: 6, to: 8 });
});

Deno.test("the first row that differs is known of batches of different lengths too", () => {
  const of = (rows: number, changed?: readonly number[]) => ({
    rows,
    marks: marksOf(rows, changed),
  });
  for (const [then, now] of [[9, 6], [6, 9], [MARKS_MAX, 9]] as const) {
    assertEquals(
      differenceOfLengths(of(then), of(now)),
      { from: Math.min(then, now) - 1 },
      "what both have is the same",
    );
    assertEquals(differenceOfLengths(of(then), of(now, [3])), { from: 3, to: 4 });
    assertEquals(differenceOfLengths(of(then, [0]), of(now, [2])), { from: 0, to: 1 });
  }
  assertEquals(differenceOfLengths(of(1), of(5)), { from: 0 });
});

Deno.test("marks of groups of different sizes tell no difference", () => {
  const long = { rows: 3 * MARKS_MAX, marks: marksOf(3 * MARKS_MAX) };
  const short = { rows: 2 * MARKS_MAX, marks: marksOf(2 * MARKS_MAX) };
  assertEquals(differenceOfLengths(long, short), { from: 0 });
  assertEquals(differenceOfLengths(short, long), { from: 0 });
  const few = { rows: 9, marks: marksOf(9) };
  assertEquals(differenceOfLengths(long, few), { from: 0 });
  assertEquals(differenceOfLengths(few, long), { from: 0 });
});
