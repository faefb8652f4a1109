import { assertEquals } from "@std/assert";
import { NO_REJECTS, RejectBudget, SHARE_ROWS_MIN } from "../../../src/loader/reject_budget.ts";

Deno.test("reject budget of a number is used up, batch by batch", () => {
  const budget = new RejectBudget({ kind: "count", rowsMax: 5 });
  assertEquals([budget.forBatch(100), budget.use(3), budget.forBatch(100)], [5, true, 2]);
  // Another batch was under way, and used what was left before.
  assertEquals([budget.use(4), budget.forBatch(100)], [false, 0]);
});

Deno.test("reject budget of a share is the same for every batch, and small batches count as larger ones", () => {
  const budget = new RejectBudget({ kind: "share", share: 0.005 });
  assertEquals(budget.forBatch(100_000), 500);
  assertEquals(budget.forBatch(5), SHARE_ROWS_MIN * 0.005);
  assertEquals([budget.use(500), budget.use(500), budget.forBatch(100_000)], [true, true, 500]);
});

Deno.test("reject budget is nothing by default", () => {
  assertEquals(new RejectBudget(NO_REJECTS).forBatch(100_000), 0);
});
