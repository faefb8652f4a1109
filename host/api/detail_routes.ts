/** One load in every detail, what a database has seen, and what has happened. */
import * as v from "valibot";
import { loadsNamed } from "../../src/config/destination.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { HEADERS } from "./answer.ts";
import { EventsSchema, PastLoadsSchema } from "./answer_schema.ts";
import { eventStream } from "./event_stream.ts";
import { LoadDetailsSchema } from "./load_schema.ts";
import { programStatus } from "./program_status.ts";
import { type Route, route } from "./route.ts";
import { NO_BACKEND, NO_LOAD, unknownName } from "./unknown_name.ts";

/** A whole number, as a text. */
function whole(min: number, max: number) {
  const expected = `Expected a whole number, from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, expected),
    v.transform(Number),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
}

const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z(,[\w-]{1,64})?$/;

const PastLoadsQuery = v.strictObject({
  limit: v.pipe(
    v.optional(whole(1, LIMITS.pastLoadsPageMax), String(LIMITS.pastLoadsPageDefault)),
    v.description(
      `Loads at the most, up to ${LIMITS.pastLoadsPageMax}; ${LIMITS.pastLoadsPageDefault} by default`,
    ),
  ),
  table: v.exactOptional(
    v.pipe(v.string(), v.description("Those into this table alone, by its name alone")),
  ),
  before: v.exactOptional(v.pipe(
    v.string(),
    v.regex(
      PLACE,
      "Expected a time in UTC, as in 2026-11-30T06:13:39Z, or what was answered as next",
    ),
    v.description(
      "Those that began before that time, or behind the place that was answered as next",
    ),
    v.transform((place) => {
      const [startedAt, id] = place.split(",");
      return { startedAt: startedAt!, ...id !== undefined && { id } };
    }),
  )),
});

const EventsQuery = v.strictObject({
  after: v.pipe(
    v.optional(whole(0, Number.MAX_SAFE_INTEGER), "0"),
    v.description("Those behind the event of this number; all that are kept by default"),
  ),
});

/** What tells of one thing in detail. */
export const DETAIL_ROUTES: readonly Route[] = [
  route({
    method: "GET",
    path: "/loads/{name}",
    about: "A load in every detail: how it got on, second by second, and how its runs ended",
    access: "readers",
    answer: { status: 200, schema: LoadDetailsSchema },
    refusals: { 404: NO_LOAD },
    act: ({ actions, names: { name = "" } }) => {
      const loads = actions.loads();
      const parts = loadsNamed(name, loads);
      const several = "That name stands for several loads";
      return actions.load(name) ??
        (parts.length > 0 ? unknownName(several, "", parts) : unknownName(NO_LOAD, name, loads));
    },
  }),
  route({
    method: "GET",
    path: "/backends/{name}/loads",
    about:
      "What was loaded into a database, by whichever program, as its ledgers say: the newest first",
    access: "readers",
    query: PastLoadsQuery,
    answer: { status: 200, schema: PastLoadsSchema },
    refusals: {
      404: NO_BACKEND,
      409: "It keeps no ledger",
      503: "It is not connected",
    },
    act: async ({ actions, names: { name = "" }, query: { limit, ...question } }) => {
      // One more tells that there are more.
      const found = await actions.pastLoads(name, { ...question, limit: limit + 1 });
      if (!found) return unknownName(NO_BACKEND, name, actions.backends());
      const loads = found.slice(0, limit);
      const more = found.length > limit;
      const { startedAt, id } = loads.at(-1) ?? {};
      return { loads, more, ...more && { next: `${startedAt},${id}` } };
    },
  }),
  route({
    method: "GET",
    path: "/events",
    about:
      `What has happened lately, up to ${LIMITS.eventsMax} events; with "Accept: text/event-stream", ` +
      "as server-sent events, as they happen",
    access: "readers",
    query: EventsQuery,
    answer: { status: 200, schema: EventsSchema, type: "text/event-stream" },
    act: (call) => {
      const { actions: { events }, query: { after }, request: { headers, method }, closing } = call;
      if (!headers.get("accept")?.includes("text/event-stream") || method === "HEAD") {
        return { events: events.since(after), last: events.last };
      }
      // What a browser has come to is newer than what it began with.
      const came = /^\d{1,15}$/.exec(headers.get("last-event-id") ?? "")?.[0];
      const options = {
        after: came === undefined ? after : Number(came),
        signal: closing,
        last: () => programStatus(call),
      };
      return new Response(eventStream(events, options), {
        headers: { ...HEADERS, "content-type": "text/event-stream" },
      });
    },
  }),
];
