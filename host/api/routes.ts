/** Everything that can be asked for. */
import type * as v from "valibot";
import { PROMETHEUS_CONTENT_TYPE } from "../../src/audit/prometheus.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import { HEADERS, json, refused } from "./answer.ts";
import {
  AcceptedSchema,
  AliveSchema,
  NotReadySchema,
  ReadySchema,
  ReleasedSchema,
} from "./answer_schema.ts";
import type { ApiActions } from "./actions.ts";
import { PAGE_ROUTES } from "./page_routes.ts";
import { UPLOAD_ROUTES } from "./upload_routes.ts";
import { type Route, route } from "./route.ts";
import { ProgramStatusSchema } from "./status_schema.ts";

const NO_LOAD = "No load has that name";

/** Everything that can be asked for; of a program that does not do all of it, see {@linkcode routesOf}. */
export const ROUTES: readonly Route[] = [
  route({
    method: "GET",
    path: "/healthz",
    about: "Whether the program is alive",
    access: "anyone",
    answer: { status: 200, schema: AliveSchema },
    act: () => ({ status: "alive" }),
  }),
  route({
    method: "GET",
    path: "/readyz",
    about: "Whether loads can begin, else what stands against it",
    access: "anyone",
    answer: { status: 200, schema: ReadySchema },
    others: { 503: NotReadySchema },
    act: ({ actions }) => {
      const because = actions.obstacles();
      return because.length === 0
        ? { status: "ready" }
        : json(503, { status: "not ready", because });
    },
  }),
  route({
    method: "GET",
    path: "/status",
    about: "Everything that is known of the program, its plugins, backends and loads",
    access: "readers",
    answer: { status: 200, schema: ProgramStatusSchema },
    act: ({ actions, operate }) => ({
      ...actions.status(),
      operate: actions.changes ? operate : "no",
      uploads: operate !== "no" && actions.changes?.uploads !== undefined,
    }),
  }),
  route({
    method: "GET",
    path: "/metrics",
    about: "Numbers of loads and backends, for Prometheus",
    access: "readers",
    answer: { status: 200, type: PROMETHEUS_CONTENT_TYPE },
    act: ({ actions }) =>
      new Response(actions.metrics(), {
        headers: { ...HEADERS, "content-type": PROMETHEUS_CONTENT_TYPE },
      }),
  }),
  changeOfLoad({
    change: "run",
    state: "queued",
    about: "Asks for a run of a load, for good: a kill does not undo that",
    refusals: { 409: "It is paused", 503: "No load begins any more" },
  }),
  changeOfLoad({
    change: "pause",
    state: "paused",
    about:
      "Stops a load once it has committed what it has in hand; nothing begins it until it is resumed",
  }),
  changeOfLoad({
    change: "resume",
    state: "resumed",
    about: "Lets a load begin again, and begins it where it is to run",
  }),
  route({
    method: "POST",
    path: "/plugins/{type}/release",
    about: "Lets a plugin be used again that was quarantined after too many faults",
    access: "operators",
    needs: "changes",
    answer: { status: 200, schema: ReleasedSchema },
    refusals: { 404: "No plugin of that type is quarantined" },
    act: ({ actions: { changes }, names: { type = "" } }) => {
      changes!.release(type);
      return { type, status: "available" };
    },
  }),
  ...UPLOAD_ROUTES,
  route({
    method: "GET",
    path: "/openapi.json",
    about: "What can be asked for, in the form of OpenAPI",
    access: "readers",
    answer: { status: 200, type: "application/json" },
    act: async ({ routes }) => {
      const { openApiDocument } = await import("./openapi.ts");
      return json(200, openApiDocument(routes));
    },
  }),
  ...PAGE_ROUTES,
];

/** What a program answers, by what it brings. */
export function routesOf(actions: ApiActions): readonly Route[] {
  return ROUTES.filter(({ needs }) => needs === undefined || actions[needs] !== undefined);
}

/** A route that changes what a load does, for one load or for all that a name stands for. */
function changeOfLoad({ change, state, about, refusals = {} }: {
  readonly change: "run" | "pause" | "resume";
  readonly state: v.InferOutput<typeof AcceptedSchema>["state"];
  readonly about: string;
  readonly refusals?: Route["refusals"];
}): Route {
  return route({
    method: "POST",
    path: `/loads/{name}/${change}`,
    about,
    access: "operators",
    needs: "changes",
    answer: { status: 202, schema: AcceptedSchema },
    refusals: { 404: NO_LOAD, ...refusals },
    act: async ({ actions: { changes }, names: { name = "" } }) => {
      if (!changes!.isLoad(name)) return unknown(NO_LOAD, name, changes!.loads());
      await changes![change](name);
      return { load: name, state };
    },
  });
}

/** Names that a refusal lists. */
const NAMES_SHOWN_MAX = 20;

/** The refusal of a name that stands for nothing. */
function unknown(what: string, name: string, known: readonly string[]): Response {
  const more = known.length - NAMES_SHOWN_MAX;
  const shown = known.slice(0, NAMES_SHOWN_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return refused(404, `${what}${didYouMean(name, known) || `, there are: ${shown || "none"}`}`);
}
