/** What is kept of what has happened, and how a stream of it is read. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EventRing } from "../../../host/api/event_ring.ts";
import { eventStream } from "../../../host/api/event_stream.ts";
import { LIMITS } from "../../../src/model/limits.ts";

const WORLD = { now: () => Date.UTC(2026, 10, 30) };

function ringOf(count: number, max?: number): EventRing {
  const ring = new EventRing(WORLD, max);
  for (let i = 1; i <= count; i++) ring.add(`event ${i}`, { kind: "load", load: "rows" });
  return ring;
}

const numbers = (ring: EventRing, after: number, max?: number) =>
  ring.since(after, max).map(({ number }) => number);

Deno.test("events are numbered from 1, and the last ones are kept", () => {
  const none = ringOf(0);
  assertEquals([none.last, none.oldest, none.since(0)], [0, 1, []]);
  const ring = ringOf(12, 5);
  assertEquals([ring.last, ring.oldest, numbers(ring, 0)], [12, 8, [8, 9, 10, 11, 12]]);
  assertEquals(numbers(ring, 10), [11, 12]);
  assertEquals(numbers(ring, 12), []);
  assertEquals(numbers(ring, 0, 2), [8, 9]);
  assertEquals(ring.since(11), [{
    ...{ number: 12, at: "2026-11-30T00:00:00.000Z", kind: "load", load: "rows" } as const,
    text: "event 12",
  }]);
  assertEquals(numbers(ring, 4_711), [8, 9, 10, 11, 12], "a number of a program before");
  assertEquals(ringOf(2_000).since(0).length, LIMITS.eventsMax);
});

Deno.test("an event is no longer than can be read", () => {
  const ring = new EventRing(WORLD);
  ring.add("x".repeat(100_000), { kind: "config" });
  assertEquals(ring.since(0)[0]!.text.length, LIMITS.eventTextMax + 1);
});

/** Reads a stream as it comes. */
function reading(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  return {
    next: async () => (await reader.read()).value,
    [Symbol.asyncDispose]: () => reader.cancel(),
  };
}

Deno.test("a stream tells what there is, then what comes, and lines where nothing comes", async () => {
  const ring = ringOf(3);
  const end = new AbortController();
  await using stream = reading(
    eventStream(ring, { after: 1, signal: end.signal, quietMs: 20 }),
  );
  assertEquals(await stream.next(), ":\n\n");
  const first = (await stream.next())!;
  assertEquals([...first.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id), ["2", "3"]);
  assertMatch(first, /^data: \{"number":2,.*"text":"event 2"\}$/m);
  assertEquals(await stream.next(), ":\n\n");
  const next = stream.next();
  ring.add("a name\nof \u001b[2J two lines", { kind: "load" });
  let text = await next;
  if (text === ":\n\n") text = await stream.next();
  assertStringIncludes(text!, String.raw`a name\nof \u001b[2J two lines`);
  end.abort();
  assertEquals(await stream.next(), undefined);
});

Deno.test("a stream that the program ends tells all that has happened, and how it has ended", async () => {
  const ring = ringOf(1);
  const end = new AbortController();
  const last = () => ({ state: "complete", by: "a\u001b[2J" });
  await using stream = reading(eventStream(ring, { after: 1, signal: end.signal, last }));
  assertEquals(await stream.next(), ":\n\n");
  const next = stream.next();
  for (let i = 0; i < 60; i++) ring.add("more", { kind: "load" });
  end.abort();
  let text = "";
  for (let piece = await next; piece !== undefined; piece = await stream.next()) text += piece;
  assertEquals([...text.matchAll(/^id: /gm)].length, 60);
  assert(
    text.endsWith('event: end\ndata: {"state":"complete","by":"a\\u001b[2J"}\n\n'),
    text.slice(-200),
  );
});

Deno.test("a stream that is not read holds nothing, and its reader hears what it has missed", async () => {
  const ring = ringOf(0, 100);
  const { signal } = new AbortController();
  await using stream = reading(eventStream(ring, { after: 0, signal }));
  assertEquals(await stream.next(), ":\n\n");
  let seen = 0, missed = 0, largest = 0;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 1_000; i++) ring.add("x".repeat(200), { kind: "load" });
    // A few pieces are on their way to who reads.
    for (let i = 0; i < 2; i++) {
      const text = (await stream.next())!;
      largest = Math.max(largest, text.length);
      seen += [...text.matchAll(/^id: /gm)].length;
      missed += Number(/^event: missed\ndata: \{"missed":(\d+)\}$/m.exec(text)?.[1] ?? 0);
    }
  }
  while (seen + missed < ring.last) {
    const text = (await stream.next())!;
    seen += [...text.matchAll(/^id: /gm)].length;
    missed += Number(/^event: missed\ndata: \{"missed":(\d+)\}$/m.exec(text)?.[1] ?? 0);
  }
  assertEquals(seen + missed, 20_000);
  assert(missed > 15_000, `${missed} were missed`);
  assert(largest < 50 * 400, `${largest} characters at once`);
});
