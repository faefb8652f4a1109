/**
 * The API of `serve`: JSON, and numbers for Prometheus, over HTTP, on a loopback port or a Unix socket.
 *
 * Invariants
 * - Nothing changes without the token, unless the socket is a file that only its owner can open.
 * - A request comes from where it says: a page of another site, and a name that leads here by somebody
 *   else's doing, are refused by `Origin` and `Host` (DNS rebinding).
 * - Answers have no secret in them.
 */
import { PROMETHEUS_CONTENT_TYPE } from "../../src/audit/prometheus.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";

/** Where to listen. */
export type Listen =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** What the API tells and does. */
export interface ApiActions {
  /** Everything, as JSON. */
  status(): unknown;
  /** Numbers of the loads and backends, in the text format of Prometheus. */
  metrics(): string;
  /** Why it is not ready; nothing where it is. */
  obstacles(): readonly string[];
  /** Names of the loads. */
  loads(): readonly string[];
  /** Whether a name stands for a load, or for several. */
  isLoad(name: string): boolean;
  /** Asks for a run, for good. @throws {LoadError} `backend_unavailable` where none begins any more */
  run(name: string): Promise<void>;
}

/** How to listen. */
export interface ApiOptions {
  readonly listen: Listen;
  /** What a request has to bring that changes something: `Authorization: Bearer TOKEN`. */
  readonly token?: string | undefined;
  /** Names by which it may be reached, beside addresses and `localhost`. */
  readonly names: readonly string[];
  readonly actions: ApiActions;
}

/** An API that listens. */
export interface Api extends AsyncDisposable {
  /** Where it is, as a URL or `unix:` and a path. */
  readonly address: string;
}

/** Begins to listen. @throws {LoadError} `usage` where that cannot be; `permission_missing` */
export async function openApi(options: ApiOptions): Promise<Api> {
  const { listen, token } = options;
  if (listen.kind === "tcp" && !isLoopback(listen.hostname) && token === undefined) {
    throw new LoadError(
      `The API would be open to everybody who reaches ${listen.hostname}: name a file with a token, ` +
        "--token-file FILE",
      { code: "usage", blame: "config" },
    );
  }
  if (listen.kind === "unix") await removeLeftOver(listen.path);
  const handler = (request: Request) => answer(request, options);
  const onListen = () => {};
  try {
    if (listen.kind === "tcp") {
      const { hostname, port } = listen;
      const server = Deno.serve({ hostname, port, onListen, handler });
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      return apiOf(server, `http://${host}:${server.addr.port}`);
    }
    const server = Deno.serve({ path: listen.path, onListen, handler });
    await Deno.chmod(listen.path, 0o600);
    return apiOf(server, `unix:${listen.path}`, () => Deno.remove(listen.path).catch(() => {}));
  } catch (error) {
    throw unusable(listen, error);
  }
}

/** Whether only this machine reaches an address. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function apiOf(
  server: { shutdown(): Promise<void> },
  address: string,
  clean: () => Promise<void> = () => Promise.resolve(),
): Api {
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await clean();
    },
  };
}

async function answer(request: Request, options: ApiOptions): Promise<Response> {
  const { actions } = options;
  const refusal = foreign(request, options);
  if (refusal !== undefined) return refused(403, refusal);
  const { pathname } = new URL(request.url);
  const run = /^\/loads\/([^/]+)\/run$/.exec(pathname)?.[1];
  const isOpen = options.listen.kind === "unix" || isLoopback(options.listen.hostname);
  if (run !== undefined) {
    if (request.method !== "POST") return notAllowed("POST");
    const denial = await unauthorised(request, options);
    return denial ?? await runLoad(decoded(run), actions);
  }
  const page = PAGES[pathname];
  if (!page) {
    return refused(404, `There is no ${pathname}; there are ${Object.keys(PAGES).join(", ")}`);
  }
  if (request.method !== "GET" && request.method !== "HEAD") return notAllowed("GET");
  // What is told of databases and files is not for everybody.
  const denial = page.isPublic || isOpen ? undefined : await unauthorised(request, options);
  return denial ?? page.answer(actions);
}

/** Of every answer. */
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

interface Page {
  /** Whether it tells nothing that somebody should not know. */
  readonly isPublic: boolean;
  answer(actions: ApiActions): Response;
}

const PAGES: Readonly<Record<string, Page>> = {
  "/healthz": { isPublic: true, answer: () => json(200, { status: "alive" }) },
  "/readyz": {
    isPublic: true,
    answer: (actions) => {
      const because = actions.obstacles();
      return because.length === 0
        ? json(200, { status: "ready" })
        : json(503, { status: "not ready", because });
    },
  },
  "/status": { isPublic: false, answer: (actions) => json(200, actions.status()) },
  "/metrics": {
    isPublic: false,
    answer: (actions) =>
      new Response(actions.metrics(), {
        headers: { ...HEADERS, "content-type": PROMETHEUS_CONTENT_TYPE },
      }),
  },
};

async function runLoad(name: string | undefined, actions: ApiActions): Promise<Response> {
  if (name === undefined || !actions.isLoad(name)) {
    const known = actions.loads();
    const way = didYouMean(name ?? "", known) || `, there are: ${known.join(", ") || "none"}`;
    return refused(404, `No load has that name${way}`);
  }
  try {
    await actions.run(name);
    return json(202, { load: name, state: "queued" });
  } catch (error) {
    return refused(503, messageOf(error));
  }
}

/** A name as it stands in a path; undefined where it is none. */
function decoded(written: string): string | undefined {
  try {
    return decodeURIComponent(written);
  } catch {
    return undefined;
  }
}

/** Why a request is not from where it may come; undefined where it is. */
function foreign(request: Request, { listen, names }: ApiOptions): string | undefined {
  const host = request.headers.get("host") ?? "";
  const origin = request.headers.get("origin");
  if (listen.kind === "tcp") {
    const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1").toLowerCase();
    const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(":");
    if (!isAddress && name !== "localhost" && name !== listen.hostname && !names.includes(name)) {
      return "The API is not reached by that name: use its address, or start serve with --name NAME";
    }
  }
  if (origin !== null && origin !== `http://${host}`) {
    return "A page of another site may not ask here";
  }
  return undefined;
}

async function unauthorised(
  request: Request,
  { token, listen }: ApiOptions,
): Promise<Response | undefined> {
  // Who can open the file may do as its owner.
  if (token === undefined && listen.kind === "unix") return undefined;
  if (token === undefined) {
    return refused(403, "Nothing can be changed here: start serve with --token-file FILE");
  }
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given !== undefined && await isSame(given, token)) return undefined;
  return refused(401, "The token is missing or another one: Authorization: Bearer TOKEN", {
    "www-authenticate": "Bearer",
  });
}

/** Compares hashes: how long that takes tells nothing of the token. */
async function isSame(a: string, b: string): Promise<boolean> {
  const hash = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = await Promise.all([hash(a), hash(b)]);
  return left.every((byte, i) => byte === right[i]);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "application/json", ...headers },
  });
}

function refused(status: number, error: string, headers?: Record<string, string>): Response {
  return json(status, { error }, headers);
}

function notAllowed(method: string): Response {
  return refused(405, `Only ${method} is answered here`, { allow: method });
}

/** A socket that a program has left behind which was killed; nobody listens on it. */
async function removeLeftOver(path: string): Promise<void> {
  try {
    if (!(await Deno.lstat(path)).isSocket) return;
  } catch {
    return;
  }
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) await Deno.remove(path);
  }
}

function unusable(listen: Listen, error: unknown): LoadError {
  const where = listen.kind === "unix" ? listen.path : `${listen.hostname}:${listen.port}`;
  const why = error instanceof Deno.errors.AddrInUse
    ? "another program listens there. Name another address with --listen"
    : messageOf(error);
  return new LoadError(`The API cannot listen at ${where}: ${why}`, {
    code: error instanceof Deno.errors.NotCapable ? "permission_missing" : "usage",
    blame: "config",
    cause: error,
  });
}
