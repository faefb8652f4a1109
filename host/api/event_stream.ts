/**
 * Events as they happen, for browsers: server-sent events (the HTML standard, 9.2).
 *
 * Invariants
 * - Nothing is queued for a reader: what it is sent next is taken from the ring when it asks for more. A
 *   reader that is too slow for the ring is told how many it has missed.
 * - A line is sent at least every fifteen seconds, so that nobody in between takes the connection for dead.
 */
import { printableJson } from "../../src/model/printable.ts";
import type { EventRing } from "./event_ring.ts";
import type { ProgramEvent } from "./answer_schema.ts";

/** Between two lines, at the most. */
const QUIET_MS = 15_000;
/** Events that are sent at once. */
const PIECE_MAX = 50;

/** How to send. */
export interface EventStreamOptions {
  /** The number of the event that the reader has come to. */
  readonly after: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What is sent as the event `end` once the signal ends it: the last that there is to tell. */
  readonly last?: () => unknown;
  /** Between two lines, at the most, in milliseconds; 15 s by default. */
  readonly quietMs?: number;
}

/** The events behind a number, and those to come. */
export function eventStream(
  ring: EventRing,
  { after, signal, last, quietMs = QUIET_MS }: EventStreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const gone = new AbortController();
  const ended = AbortSignal.any([gone.signal, signal]);
  const encoder = new TextEncoder();
  let at = after > ring.last ? 0 : after;
  const next = (): string => {
    const events = ring.since(at, PIECE_MAX);
    const [first] = events;
    if (!first) return ":\n\n";
    const missed = first.number - at - 1;
    at = events.at(-1)!.number;
    return (missed > 0 ? `event: missed\ndata: {"missed":${missed}}\n\n` : "") +
      events.map(written).join("");
  };
  return new ReadableStream({
    // The head of the answer is sent with its first line.
    start: (controller) => controller.enqueue(encoder.encode(":\n\n")),
    pull: async (controller) => {
      await ring.beyond(at, { ms: quietMs, signal: ended });
      if (!ended.aborted) return controller.enqueue(encoder.encode(next()));
      // Who still listens is told of all there is, and how it has ended.
      if (!gone.signal.aborted) {
        while (ring.last > at) controller.enqueue(encoder.encode(next()));
        if (last) {
          controller.enqueue(encoder.encode(`event: end\ndata: ${printableJson(last())}\n\n`));
        }
      }
      controller.close();
    },
    cancel: () => gone.abort(),
  }, { highWaterMark: 0 });
}

function written(event: ProgramEvent): string {
  return `id: ${event.number}\ndata: ${printableJson(event)}\n\n`;
}
