/** A program whose API tells what a test has it tell: names that no configuration takes, and thousands. */
import type { Access } from "../../../host/api/access.ts";
import { EventRing } from "../../../host/api/event_ring.ts";
import type { ProgramStatus } from "../../../host/api/status_schema.ts";
import { TOLD } from "../../host/api/asked_api.ts";
import { type Api, startApi } from "../../../host/api/server.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";
import { realWorld } from "../../../src/model/world.ts";

/** What is told; nothing of what is left out. */
export interface Told {
  readonly backends?: ProgramStatus["backends"];
  readonly loads?: ProgramStatus["loads"];
  readonly plugins?: ProgramStatus["plugins"];
  readonly config?: ProgramStatus["config"];
  /** Of every backend, the newest first. */
  readonly past?: readonly PastLoad[];
  readonly events?: readonly string[];
}

/** Begins to tell, at a free port of this machine by default. */
export async function tell(
  { backends = [], loads = [], plugins = [], config, past = [], events = [] }: Told,
  access: Partial<Access> = {},
): Promise<Api> {
  const ring = new EventRing(realWorld);
  for (const text of events) ring.add(text, { kind: "load", load: text, backend: text });
  return await startApi({
    listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
    names: [],
    ...access,
    actions: {
      ...TOLD,
      status: () => ({
        ...{ program: "serve", version: "0.1.0", pid: Deno.pid, state: "serving" },
        since: new Date().toISOString(),
        ...(config ? { config } : {}),
        ...{ plugins, backends, loads },
      }),
      loads: () => loads.map(({ name }) => name),
      load: (name) => {
        const load = loads.find((load) => load.name === name);
        return load && { ...load, samples: [], history: load.last ? [load.last] : [] };
      },
      backends: () => backends.map(({ name }) => name),
      pastLoads: (_, { limit, table, before }) => {
        const wanted = past.filter((load) => table === undefined || load.table === table);
        const from = before ? wanted.findIndex(({ id }) => id === before.id) + 1 : 0;
        return Promise.resolve(wanted.slice(from, from + limit));
      },
      events: ring,
    },
  });
}
