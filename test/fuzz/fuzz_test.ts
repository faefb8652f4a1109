/** The short form of `deno task fuzz`: always the same cases, and that they are worth something. */
import { assert, assertEquals } from "@std/assert";
import type { Lane } from "./lane.ts";
import { runCases } from "./supervise.ts";
import type { CaseCounts } from "./case_counts.ts";

const SEED = 20_241_126;
/** For modules, which take longest. */
const PROCESSES = 2;

async function fuzzed(lane: Lane, cases: number): Promise<CaseCounts> {
  const processes = lane === "modules" ? PROCESSES : 1;
  const sum = await runCases({ lane, seed: SEED, from: 0, to: cases }, { processes });
  const found = sum.findings.map(({ index, says }) =>
    `deno task fuzz --seed ${SEED} --only ${lane}:${index} ${says}`
  );
  assertEquals(found, []);
  assertEquals(sum.cases, cases);
  return sum;
}

/** Of how many cases in a hundred the outcome begins so. */
function share({ outcomes, cases }: CaseCounts, begins: string): number {
  const found = Object.entries(outcomes).filter(([outcome]) => outcome.startsWith(begins));
  return found.reduce((sum, [, count]) => sum + count, 0) / cases * 100;
}

Deno.test("fuzz: mutants of plugins are refused, or run within their bounds", async () => {
  const sum = await fuzzed("modules", 1_500);
  for (const outcome of ["unreadable", "refused", "ran to its end", "failed"]) {
    assert(share(sum, outcome) >= 10, `${outcome}: ${JSON.stringify(sum.outcomes)}`);
  }
  for (const outcome of ["violated", "exhausted"]) {
    assert(share(sum, outcome) >= 1, `${outcome}: ${JSON.stringify(sum.outcomes)}`);
  }
});

Deno.test("fuzz: plans, statements and forms are accepted or refused, and mean what they say", async () => {
  const sum = await fuzzed("statements", 2_000);
  for (const outcome of ["derived, accepted", "mutated, refused"]) {
    assert(share(sum, outcome) >= 20, `${outcome}: ${JSON.stringify(sum.outcomes)}`);
  }
  for (const outcome of ["mutated, accepted", "session, accepted", "form, read"]) {
    assert(share(sum, outcome) >= 1, `${outcome}: ${JSON.stringify(sum.outcomes)}`);
  }
});

Deno.test("fuzz: JSON is refused, or read as everybody reads it", async () => {
  const sum = await fuzzed("texts", 2_000);
  assert(share(sum, "JSON, read") >= 10, JSON.stringify(sum.outcomes));
});
