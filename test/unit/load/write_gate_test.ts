import { assertEquals, assertRejects } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { WriteGate } from "../../../src/load/write_gate.ts";

const open = new AbortController().signal;
const error = (code: "source_changed" | "connection_failed") =>
  new LoadError("x", { code, blame: "data" });

/** Calls a pass, and tells whether it has ended. */
function passing(gate: WriteGate, name: string, signal = open) {
  const state = { ended: false };
  const passed = gate.pass(name, signal).finally(() => state.ended = true);
  passed.catch(() => {});
  return { state, passed };
}

/** Lets everything run that waits for nothing. */
async function idle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("gate: nobody passes before all are known, and one that failed otherwise holds nobody", async () => {
  const gate = new WriteGate(["a", "b", "c", "d"]);
  const a = passing(gate, "a");
  const b = passing(gate, "b");
  gate.end("c");
  await idle();
  assertEquals([a.state.ended, b.state.ended], [false, false]);
  gate.end("d", error("connection_failed"));
  await Promise.all([a.passed, b.passed]);
  await gate.pass("a", open);
});

Deno.test("gate: where one does not fit its ledger, all others are refused by its name, early or late", async () => {
  const gate = new WriteGate(["a", "b", "c", "d"]);
  const { passed } = passing(gate, "a");
  gate.end("b", error("source_changed"));
  const first = await assertRejects(() => passed, LoadError, "the rows of b do not fit its ledger");
  assertEquals(first.code, "source_changed");
  // What was refused by the gate is not what the others are refused for.
  gate.end("a", first);
  await assertRejects(() => gate.pass("c", open), LoadError, "the rows of b do not fit its ledger");
});

Deno.test("gate: who begins again is unknown again, and who waits for others holds nobody", async () => {
  const gate = new WriteGate();
  gate.begin("a");
  gate.begin("b");
  gate.end("b", error("source_changed"));
  const refused = await assertRejects(() => gate.pass("a", open), LoadError);
  gate.end("a", refused);
  gate.begin("b");
  gate.begin("a");
  const { state, passed } = passing(gate, "a");
  await idle();
  assertEquals(state.ended, false);
  gate.release("b");
  await passed;
});

Deno.test("gate: who is stopped does not wait", async () => {
  const gate = new WriteGate(["a", "b"]);
  const stop = new AbortController();
  const { passed } = passing(gate, "a", stop.signal);
  stop.abort(new LoadError("stopped", { code: "cancelled", blame: "config" }));
  assertEquals((await assertRejects(() => passed, LoadError)).code, "cancelled");
});

Deno.test("gate: a load whose database has to be asked once more holds nobody, and waits for the others", async () => {
  const gate = new WriteGate(["a", "b"]);
  const b = gate.hooksOf("b", open);
  const { state, passed } = passing(gate, "a");
  await idle();
  assertEquals(state.ended, false);
  b.onRetry();
  await passed;
  gate.begin("a");
  let hasPassed = false;
  const later = b.beforeWriting().then(() => hasPassed = true);
  await idle();
  assertEquals(hasPassed, false);
  gate.end("a");
  await later;
});
