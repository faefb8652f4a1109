/** Which rows of a batch are marked on the way through its hash, and what a difference tells. */

/** Marks of one batch, at the most: each is two bytes of its ledger row. */
export const MARKS_MAX = 1_024;

/** The row behind each group of rows that ends with a mark; all but the last, which is the hash's. */
export function markGroups(rows: number): readonly number[] {
  const groups = Math.min(rows, MARKS_MAX);
  return Array.from(
    { length: Math.max(0, groups - 1) },
    (_, i) => Math.ceil(rows * (i + 1) / groups),
  );
}

/** Rows from the first of a group up to the one behind its last. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the first row stands that differs, in batches of `rows` rows then and now: one row, where
 * there are no more than {@linkcode MARKS_MAX}.
 */
export function firstDifference(rows: number, then: Uint8Array, now: Uint8Array): RowRange {
  const groups = markGroups(rows);
  let group = 0;
  while (group < groups.length) {
    if (then[2 * group] !== now[2 * group] || then[2 * group + 1] !== now[2 * group + 1]) break;
    group++;
  }
  return { from: groups[group - 1] ?? 0, to: groups[group] ?? rows };
}

/** Rows of a batch, and their marks. */
interface MarkedRows {
  readonly rows: number;
  readonly marks: Uint8Array;
}

/**
 * The first row that differs, in batches of different lengths; where it is not known, without `to`: it
 * stands at `from` or behind it.
 */
export function differenceOfLengths(
  then: MarkedRows,
  now: MarkedRows,
): RowRange | (Pick<RowRange, "from"> & { readonly to?: undefined }) {
  // Of more rows, marks stand behind groups of other sizes.
  if (Math.max(then.rows, now.rows) > MARKS_MAX) return { from: 0 };
  const shared = Math.min(then.rows, now.rows) - 1;
  for (let row = 0; row < shared; row++) {
    const at = 2 * row;
    if (then.marks[at] !== now.marks[at] || then.marks[at + 1] !== now.marks[at + 1]) {
      return { from: row, to: row + 1 };
    }
  }
  return { from: Math.max(0, shared) };
}
