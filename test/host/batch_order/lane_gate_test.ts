/** Which batches of a load may be written, where one is to be tried alone. */
import { assertEquals } from "@std/assert";
import { LaneGate } from "../../../host/batch_order/lane_gate.ts";

/** A gate to which so many batches were given, and what it has let in so far. */
function gateOf(count: number) {
  const gate = new LaneGate();
  const inside: number[] = [];
  const places = Array.from({ length: count }, () => gate.open());
  const enter = (place: number) => void gate.enter(place).then(() => inside.push(place));
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return { gate, places, inside, enter, turn };
}

Deno.test("gate lets in whatever comes, as long as no batch is to be tried alone", async () => {
  const { inside, places, enter, turn } = gateOf(3);
  for (const place of places.toReversed()) enter(place);
  await turn();
  assertEquals(inside, [2, 1, 0]);
});

Deno.test("gate keeps a batch that is to be alone until those before it are settled, and those behind it", async () => {
  const { gate, inside, enter, turn } = gateOf(3);
  gate.isolate(1);
  for (const place of [1, 2, 0]) enter(place);
  await turn();
  assertEquals(inside, [0]);
  gate.leave();
  await turn();
  assertEquals(inside, [0], "what has left may be tried once more");
  gate.settle(0);
  await turn();
  assertEquals(inside, [0, 1]);
  gate.leave();
  gate.settle(1);
  await turn();
  assertEquals(inside, [0, 1, 2]);
});

Deno.test("gate keeps a batch that is to be alone while one behind it is still being written", async () => {
  const { gate, inside, enter, turn } = gateOf(2);
  enter(1);
  await turn();
  gate.isolate(0);
  enter(0);
  await turn();
  assertEquals(inside, [1]);
  gate.leave();
  await turn();
  assertEquals(inside, [1, 0]);
});
