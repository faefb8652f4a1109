/** An API of a program that is none, which notes what it is asked to do, and a way to ask it anything. */
import { MetricSet } from "../../../src/audit/metrics.ts";
import type { ApiActions } from "../../../host/api/actions.ts";
import type { LoadDetails } from "../../../host/api/load_schema.ts";
import { type ApiOptions, startApi } from "../../../host/api/server.ts";
import { EventRing } from "../../../host/api/event_ring.ts";

/** A token that changes everything. */
export const TOKEN = "a-token-of-24-characters";

/** What the program tells of itself. */
export const STATUS = {
  ...{ program: "serve", version: "1.2.3", pid: 42, state: "serving" } as const,
  ...{ since: "2026-11-30T06:13:39.000Z", plugins: [], backends: [], loads: [] },
};

const PEOPLE: LoadDetails = {
  ...{ name: "people", source: ["people.csv"], state: "idle", watch: false, runs: 0 },
  ...{ samples: [], history: [] },
};

/** What a program tells that does nothing it is asked to. */
export const TOLD: ApiActions = {
  status: () => STATUS,
  metrics: new MetricSet(),
  obstacles: () => [],
  loads: () => ["people"],
  load: (name) => name === "people" ? PEOPLE : undefined,
  backends: () => ["file"],
  pastLoads: (name) => Promise.resolve(name === "file" ? [] : undefined),
  events: new EventRing({ now: () => 0 }),
};

/** What was asked for, beside its path. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** What is sent behind the head; its length is not said of itself. */
  readonly body?: string;
}

/** An API that listens. */
export interface AskedApi {
  readonly address: string;
  /** What it was asked to do, in order. */
  readonly changes: readonly string[];
  readonly events: EventRing;
  readonly metrics: MetricSet;
  /** Asks; the status, the head and the body of the answer. */
  ask(path: string, asked?: Asked): Promise<[status: number, head: string, body: string]>;
  /** Sends the head of a request alone. Closed by who asks. */
  open(path: string, asked?: Asked): Promise<Deno.Conn>;
}

/** Starts one. */
export async function withApi(
  options: Partial<ApiOptions>,
  act: (api: AskedApi) => Promise<void>,
): Promise<void> {
  const changes: string[] = [];
  const events = new EventRing({ now: () => 0 });
  const metrics = new MetricSet();
  const note = (what: string) => (name: string) => Promise.resolve(void changes.push(what + name));
  const actions: ApiActions = {
    ...{ ...TOLD, events, metrics },
    changes: {
      run: note("run "),
      pause: note("pause "),
      resume: note("resume "),
      release: (type) => void changes.push(`release ${type}`),
    },
  };
  const listen = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;
  await using api = await startApi({ listen, names: [], actions, ...options });
  const { address } = api;
  const open = (path: string, asked: Asked = {}) => opened(address, path, asked);
  await act({
    ...{ address, changes, events, metrics, open },
    ask: async (path, asked) => {
      const connection = await open(path, asked);
      const text = await new Response(connection.readable).text();
      const [head = "", ...body] = text.split("\r\n\r\n");
      return [Number(head.split(" ")[1]), head, body.join("\r\n\r\n")];
    },
  });
}

/** fetch names its own host, and cleans paths: a socket says what it is told. */
async function opened(
  address: string,
  path: string,
  { headers = {}, method = "GET", body = "" }: Asked,
): Promise<Deno.Conn> {
  const lines = Object.entries({ host: "localhost", ...headers, connection: "close" })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const unix = /^unix:(.*)$/.exec(address)?.[1];
  const { hostname, port } = new URL(unix ? "http://localhost:1" : address);
  const connection = unix
    ? await Deno.connect({ transport: "unix", path: unix })
    : await Deno.connect({ hostname, port: Number(port) });
  const writer = connection.writable.getWriter();
  await writer.write(
    new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines}\r\n${body}`),
  );
  writer.releaseLock();
  return connection;
}
