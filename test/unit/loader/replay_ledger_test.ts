import { assertEquals, assertThrows } from "@std/assert";
import { LoadError } from "../../../src/errors.ts";
import { ReplayLedger } from "../../../src/loader/replay_ledger.ts";

const REFUSED = { read: 1, committed: 0, superseded: 0, rejected: 1 };
const TAKEN = { read: 1, committed: 1, superseded: 0, rejected: 0 };

Deno.test("replay ledger gives each attempt at a row a number that no other has", () => {
  const ledger = new ReplayLedger([]);
  const numbers = new Set<number>();
  for (const ordinal of [0, 1, 0, 2, 0, 1, 9_000_000_000_000]) {
    const sequence = ledger.next(ordinal);
    numbers.add(sequence);
    ledger.add({ sequence, counts: REFUSED });
    assertEquals(ledger.has(ordinal), false);
  }
  assertEquals(numbers.size, 7);
  assertEquals([...numbers].every(Number.isSafeInteger), true);
});

Deno.test("replay ledger knows from an earlier replay what is in and what was refused", () => {
  const first = new ReplayLedger([]);
  const refused = { sequence: first.next(5), counts: REFUSED };
  const taken = { sequence: first.next(6), counts: TAKEN };
  const second = new ReplayLedger([refused, taken]);
  assertEquals([4, 5, 6].map((ordinal) => second.has(ordinal)), [false, false, true]);
  const again = second.next(5);
  assertEquals(again === refused.sequence, false);
  second.add({ sequence: again, counts: TAKEN });
  assertEquals(second.has(5), true);
});

Deno.test("replay ledger never reaches into the numbers of the next row", () => {
  const ledger = new ReplayLedger([]);
  const next = ledger.next(8);
  const attempt = () => ledger.add({ sequence: ledger.next(7), counts: REFUSED });
  assertThrows(
    () => {
      for (;;) attempt();
    },
    LoadError,
    "refused 1000 times",
  );
  assertEquals([ledger.next(8), ledger.has(8)], [next, false]);
});
