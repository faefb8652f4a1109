import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FREE_ROWS, NO_REJECTS, RejectBudget } from "../../../src/load/reject_budget.ts";
import type { RejectLimit } from "../../../src/model/reject_limit.ts";

/** Rows from `from` up to `to`. */
function span(from: number, to: number) {
  return { from, to };
}

function share(share: number): RejectLimit {
  return { kind: "share", share };
}

/** A random number below another, from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

Deno.test("reject budget of a number is used up, batch by batch", () => {
  const budget = new RejectBudget({ kind: "count", rowsMax: 5 });
  assertEquals([budget.forBatch(span(0, 100)), budget.use(span(0, 100), [1, 2, 3])], [5, true]);
  assertEquals(budget.forBatch(span(100, 200)), 2);
  // Another batch was under way, and used what was left before.
  assertEquals(budget.use(span(100, 200), [100, 101, 102, 103]), false);
  assertEquals([budget.forBatch(span(200, 300)), budget.allowsAtEnd(300)], [0, false]);
});

Deno.test("reject budget of a share is free once a load, not once a batch", () => {
  const budget = new RejectBudget(share(0.005));
  const free = FREE_ROWS * 0.005;
  // Batches of ten rows, of which each has one that is bad.
  let left = 0;
  for (let from = 0;; from += 10) {
    const batch = span(from, from + 10);
    if (budget.forBatch(batch) === 0) break;
    assertEquals(budget.use(batch, [from]), true);
    left++;
  }
  assertEquals(left, free);
});

Deno.test("reject budget of a share holds exactly at the end", () => {
  for (const [rate, rows, allowed] of [[0.29, 100, 29], [0.07, 100, 7], [0.005, 199, 0]] as const) {
    for (const count of [allowed, allowed + 1]) {
      const budget = new RejectBudget(share(rate));
      budget.use(span(0, rows), Array.from({ length: count }, (_, i) => i));
      assertEquals(budget.allowsAtEnd(rows), count === allowed, `${count} of ${rows}`);
    }
  }
  const budget = new RejectBudget(share(0.005));
  budget.use(span(0, 199), [7]);
  const { message } = budget.tooMany(199, { atEnd: true });
  assertStringIncludes(message, "1 row of 199 was left out and kept, and no more than 0 may be");
});

Deno.test("reject budget counts what earlier runs have left out, unless nothing may be", () => {
  for (const limit of [share(0.005), { kind: "count", rowsMax: 50 } as const]) {
    const budget = new RejectBudget(limit);
    assertEquals(budget.useEarlier(span(0, 1_000), 48), true);
    assertEquals(budget.forBatch(span(1_000, 2_000)), 2);
    assertEquals(budget.useEarlier(span(1_000, 2_000), 3), false);
  }
  const none = new RejectBudget(NO_REJECTS);
  assertEquals([none.useEarlier(span(0, 10), 3), none.allowsAtEnd(10)], [true, true]);
  assertEquals(none.forBatch(span(10, 20)), 0);
});

Deno.test("reject budget counts rows of earlier runs where they stand, as those of this one", () => {
  // Enough for the 10,000 rows that the batch ends with, and too many where they stand.
  const rows = Array.from({ length: 101 }, (_, i) => i);
  for (const [known, within] of [[rows, false], [undefined, true]] as const) {
    const budget = new RejectBudget(share(0.01));
    assertEquals(budget.useEarlier(span(0, 20_000), rows.length, known), within);
  }
});

Deno.test("reject budget says in words what is left", () => {
  const budget = new RejectBudget(share(0.005));
  budget.use(span(0, 20_000), [1, 2]);
  const words = "2 were left out before, and no more than 150 may be, of the first 30,000";
  assertEquals(budget.describe(span(20_000, 30_000)).words, words);
  assertEquals(new RejectBudget(NO_REJECTS).describe(span(0, 10)), { before: 0 });
});

/** Whether rows pass, looked at one by one. */
function passes(bad: readonly number[], rows: number, rate: number): boolean {
  const cap = (n: number) => Math.floor(n * rate + 1e-6);
  return bad.every((row, i) => i + 1 <= cap(Math.max(row + 1, FREE_ROWS))) &&
    bad.length <= cap(rows);
}

/** Whether they pass in batches that end anywhere and come in in any order, two or more at a time. */
function passesCut(
  bad: readonly number[],
  { rows, rate, below }: { rows: number; rate: number; below: (n: number) => number },
): boolean {
  const budget = new RejectBudget(share(rate));
  const flying: { span: { from: number; to: number }; rejectsMax: number }[] = [];
  const lanes = 1 + below(4);
  const sizeMax = [10, 700, 9_000, 40_000][below(4)]!;
  let from = 0;
  while (from < rows || flying.length > 0) {
    if (from < rows && flying.length < lanes && below(3) > 0) {
      const to = Math.min(rows, from + 1 + below(sizeMax));
      flying.push({ span: { from, to }, rejectsMax: budget.forBatch({ from, to }) });
      from = to;
      continue;
    }
    if (flying.length === 0) continue;
    const [{ span, rejectsMax }] = flying.splice(below(flying.length), 1) as [typeof flying[0]];
    const own = bad.filter((row) => row >= span.from && row < span.to);
    if (own.length > rejectsMax || !budget.allows(span, own) || !budget.use(span, own)) {
      return false;
    }
  }
  return budget.allowsAtEnd(rows);
}

Deno.test("reject budget decides by the source alone, however it is cut and lanes interleave", () => {
  const below = random(7);
  const verdicts = { yes: 0, no: 0 };
  for (let i = 0; i < 400; i++) {
    const rows = 1 + below(60_000);
    const rate = [0.001, 0.005, 0.02][below(3)]!;
    const around = Math.floor(rows * rate);
    const count = Math.max(0, around + below(9) - 4);
    const upTo = Math.max(1, Math.floor(rows * [1, 1, 0.6][below(3)]!));
    const bad = [...new Set(Array.from({ length: count }, () => below(upTo)))].sort((a, b) =>
      a - b
    );
    const expected = passes(bad, rows, rate);
    verdicts[expected ? "yes" : "no"]++;
    for (let cut = 0; cut < 4; cut++) {
      const seed = i * 4 + cut + 1;
      const passed = passesCut(bad, { rows, rate, below: random(seed) });
      assertEquals(passed, expected, `case ${i}, cut ${seed}: ${bad.length} of ${rows}, ${rate}`);
    }
  }
  assert(verdicts.yes > 50 && verdicts.no > 50, JSON.stringify(verdicts));
});
