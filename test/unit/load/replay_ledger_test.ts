import { assertEquals, assertThrows } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { ReplayLedger, type RowPlace } from "../../../src/load/replay_ledger.ts";

const REFUSED = { read: 1, committed: 0, superseded: 0, rejected: 1 };
const TAKEN = { read: 1, committed: 1, superseded: 0, rejected: 0 };

const at = (byte: number, part = "a"): RowPlace => ({ part, byte, ordinal: 5 });
const old = (ordinal: number, part = "a"): RowPlace => ({ part, ordinal });

Deno.test("replay ledger gives each attempt at a row a first byte that no other has in its part", () => {
  const ledger = new ReplayLedger([]);
  const keys = new Set<string>();
  const rows = [at(0), at(1), at(0), at(0, "b"), old(0), old(1), old(0), at(9_000_000_000_000)];
  for (const row of rows) {
    const byteOffset = ledger.next(row);
    assertEquals(Number.isSafeInteger(byteOffset), true);
    keys.add(`${row.part} ${byteOffset}`);
    ledger.add({ part: row.part, byteOffset, counts: REFUSED });
    assertEquals(ledger.has(row), false);
  }
  assertEquals(keys.size, rows.length);
});

Deno.test("replay ledger knows from an earlier replay what is in and what was refused", () => {
  const first = new ReplayLedger([]);
  const attempt = (row: RowPlace, counts: typeof TAKEN) => {
    return { part: row.part, byteOffset: first.next(row), counts };
  };
  const refused = attempt(at(50), REFUSED);
  const second = new ReplayLedger([refused, attempt(at(60), TAKEN), attempt(old(7), TAKEN)]);
  const rows = [at(40), at(50), at(60), at(60, "b"), old(7), at(7), old(60)];
  assertEquals(rows.map((row) => second.has(row)), [
    ...[false, false, true, false],
    ...[true, false, false],
  ]);
  const again = second.next(at(50));
  assertEquals(again === refused.byteOffset, false);
  second.add({ part: "a", byteOffset: again, counts: TAKEN });
  assertEquals(second.has(at(50)), true);
});

Deno.test("replay ledger never reaches into the first bytes of the next row", () => {
  for (const [row, next] of [[at(7), at(8)], [old(8), old(7)]] as const) {
    const ledger = new ReplayLedger([]);
    const free = ledger.next(next);
    const attempt = () => ledger.add({ part: "a", byteOffset: ledger.next(row), counts: REFUSED });
    assertThrows(
      () => {
        for (;;) attempt();
      },
      LoadError,
      "refused 1000 times",
    );
    assertEquals([ledger.next(next), ledger.has(next)], [free, false]);
  }
});
