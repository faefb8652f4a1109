/** Everything that can be asked for. */
import { PROMETHEUS_CONTENT_TYPE } from "../../src/audit/prometheus.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import { HEADERS, json, refused } from "./answer.ts";
import { AcceptedSchema, AliveSchema, NotReadySchema, ReadySchema } from "./answer_schema.ts";
import type { ApiActions, ChangeActions } from "./actions.ts";
import { type Call, type Route, route } from "./route.ts";
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
      uploads: false,
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
  route({
    method: "POST",
    path: "/loads/{name}/run",
    about: "Asks for a run of a load, for good: a kill does not undo that",
    access: "operators",
    needs: "changes",
    answer: { status: 202, schema: AcceptedSchema },
    refusals: { 404: NO_LOAD, 503: "No load begins any more" },
    act: async (call) => {
      const { changes, name } = loadOf(call);
      if (!changes.isLoad(name)) return noLoad(name, changes);
      await changes.run(name);
      return { load: name, state: "queued" };
    },
  }),
];

/** What a program answers, by what it brings. */
export function routesOf(actions: ApiActions): readonly Route[] {
  return ROUTES.filter(({ needs }) => needs === undefined || actions[needs] !== undefined);
}

function loadOf({ actions, names }: Call): { changes: ChangeActions; name: string } {
  return { changes: actions.changes!, name: names.name! };
}

function noLoad(name: string, changes: ChangeActions): Response {
  const known = changes.loads();
  const way = didYouMean(name, known) || `, there are: ${known.join(", ") || "none"}`;
  return refused(404, `${NO_LOAD}${way}`);
}
