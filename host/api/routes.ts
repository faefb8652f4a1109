/** Everything that can be asked for. */
import type * as v from "valibot";
import { DURATION_BOUNDS, type MetricName, METRICS } from "../../src/audit/metrics.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "../../src/audit/prometheus.ts";
import { loadsNamed } from "../../src/config/destination.ts";
import { HEADERS, json } from "./answer.ts";
import {
  AcceptedSchema,
  AliveSchema,
  MetricsSchema,
  NotReadySchema,
  ReadySchema,
  ReleasedSchema,
} from "./answer_schema.ts";
import type { ApiActions } from "./actions.ts";
import { DETAIL_ROUTES } from "./detail_routes.ts";
import { PAGE_ROUTES } from "./page_routes.ts";
import { UPLOAD_ROUTES } from "./upload_routes.ts";
import { programStatus } from "./program_status.ts";
import { type Route, route } from "./route.ts";
import { ProgramStatusSchema } from "./status_schema.ts";
import { NO_LOAD, unknownName } from "./unknown_name.ts";

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
    act: programStatus,
  }),
  route({
    method: "GET",
    path: "/metrics",
    about: "Every number of loads and backends, as text for Prometheus; with " +
      '"Accept: application/json", as JSON',
    access: "readers",
    answer: { status: 200, schema: MetricsSchema, type: "text/plain" },
    act: ({ actions: { metrics }, request: { headers } }) => {
      if (headers.get("accept")?.includes("application/json")) return { metrics: told(metrics) };
      return new Response(prometheusText(metrics), {
        headers: { ...HEADERS, "content-type": PROMETHEUS_CONTENT_TYPE },
      });
    },
  }),
  ...DETAIL_ROUTES,
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

/** What a program answers: one that only tells has nothing for operators. */
export function routesOf({ changes }: ApiActions): readonly Route[] {
  return changes ? ROUTES : ROUTES.filter(({ access }) => access !== "operators");
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
    answer: { status: 202, schema: AcceptedSchema },
    refusals: { 404: NO_LOAD, ...refusals },
    act: async ({ actions, names: { name = "" } }) => {
      const loads = actions.loads();
      if (loadsNamed(name, loads).length === 0) return unknownName(NO_LOAD, name, loads);
      await actions.changes![change](name);
      return { load: name, state };
    },
  });
}

function told(metrics: ApiActions["metrics"]): v.InferOutput<typeof MetricsSchema>["metrics"] {
  return (Object.keys(METRICS) as MetricName[]).map((name) => {
    const { kind, unit, help: about } = METRICS[name];
    const bounds = kind === "histogram" && { bounds: DURATION_BOUNDS };
    return { name, kind, unit, about, ...bounds, series: metrics.of(name) };
  });
}
