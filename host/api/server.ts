/**
 * The API of a program that runs: JSON, and numbers for Prometheus, over HTTP, on a loopback port or a Unix
 * socket. What it answers is in the table of routes.
 *
 * Invariants
 * - Who may not ask is told so before anything else is looked at.
 * - What a request brings is read by a route that wants it, and else refused unread.
 */
import { parse } from "../../src/config/parse.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { type Access, denied, foreign, isLoopback, type Listen, operatedBy } from "./access.ts";
import type { ApiActions } from "./actions.ts";
import { json, refused, refusedBy } from "./answer.ts";
import { type HttpBounds, type HttpServer, serveHttp } from "./http_server.ts";
import { namesIn, type Route } from "./route.ts";
import { routesOf } from "./routes.ts";

/** How to listen. */
export interface ApiOptions extends Access {
  readonly actions: ApiActions;
  /** How many may ask at once, and for how long; see {@linkcode HttpBounds}. */
  readonly bounds?: HttpBounds;
}

/** An API that listens. */
export interface Api extends AsyncDisposable {
  /** Where it is, as a URL or `unix:` and a path. */
  readonly address: string;
}

/** Begins to listen. @throws {LoadError} `usage` where that cannot be; `permission_missing` */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { listen, token } = options;
  if (listen.kind === "tcp" && !isLoopback(listen.hostname) && token === undefined) {
    throw new LoadError(
      `The API would be open to everybody who reaches ${listen.hostname}: name a file with a token, ` +
        "--token-file FILE",
      { code: "usage", blame: "config" },
    );
  }
  if (listen.kind === "unix") await removeLeftOver(listen.path);
  const closing = new AbortController();
  const routes = routesOf(options.actions);
  const answering = { ...options, routes, closing: closing.signal };
  const handler = (request: Request) =>
    answer(request, answering).catch((error) => refused(500, messageOf(error)));
  try {
    const server = await serveHttp(listen, handler, options.bounds);
    if (listen.kind === "tcp") {
      const { hostname } = listen;
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      return apiOf(server, { address: `http://${host}:${server.port}`, closing });
    }
    await Deno.chmod(listen.path, 0o600);
    const clean = () => Deno.remove(listen.path).catch(() => {});
    return apiOf(server, { address: `unix:${listen.path}`, closing, clean });
  } catch (error) {
    throw unusable(listen, error);
  }
}

function apiOf(
  server: HttpServer,
  { address, closing, clean }: {
    readonly address: string;
    readonly closing: AbortController;
    readonly clean?: () => Promise<void>;
  },
): Api {
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await server.close();
      await clean?.();
    },
  };
}

interface Answering extends ApiOptions {
  readonly routes: readonly Route[];
  readonly closing: AbortSignal;
}

async function answer(request: Request, options: Answering): Promise<Response> {
  const refusal = foreign(request, options);
  if (refusal !== undefined) return refused(403, refusal);
  const url = new URL(request.url);
  const found = find(request.method, url.pathname, options.routes);
  if (found instanceof Response) return found;
  const denial = await denied(request, found.route, options) ?? shut(found.route, options) ??
    unwanted(request, found.route);
  if (denial) return denial;
  const answered = await acted(request, url, { found, options });
  return request.method === "HEAD" ? withoutBody(answered) : answered;
}

interface Found {
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
}

/** The route that a request means, or why there is none. */
function find(method: string, pathname: string, routes: readonly Route[]): Found | Response {
  const fitting = routes.flatMap((route): Found[] => {
    const names = namesIn(route.path, pathname);
    return names ? [{ route, names }] : [];
  });
  if (fitting.length === 0) {
    const paths = [...new Set(routes.map(({ path }) => path))];
    return refused(404, `There is no ${shortened(pathname)}; there are ${paths.join(", ")}`);
  }
  const asked = method === "HEAD" ? "GET" : method;
  const found = fitting.find(({ route }) => route.method === asked);
  if (found) return found;
  const allowed = fitting.map(({ route }) => route.method).join(", ");
  return refused(405, `Only ${allowed} is answered here`, { allow: allowed });
}

/** Characters of a path that are told back. */
const PATH_SHOWN_MAX = 100;

function shortened(path: string): string {
  return path.length > PATH_SHOWN_MAX ? `${path.slice(0, PATH_SHOWN_MAX)}…` : path;
}

/** The refusal of what the program does not do, though it could. */
function shut({ shut }: Route, { actions }: Answering): Response | undefined {
  const why = shut?.(actions);
  return why === undefined ? undefined : refused(403, why);
}

/** The refusal of what a request brings that nobody wants; it is not read. */
function unwanted({ headers }: Request, { body }: Route): Response | undefined {
  const length = Number(headers.get("content-length") ?? 0);
  const isEmpty = length === 0 && !headers.has("transfer-encoding");
  if (body === undefined) {
    return isEmpty ? undefined : refused(413, "Nothing is to be sent here");
  }
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== body.type) {
    const why = `Only ${body.type} is taken here: send the header Content-Type: ${body.type}`;
    return refused(415, why);
  }
  if (length <= body.bytesMax) return undefined;
  return refused(413, `No more than ${body.bytesMax} bytes are taken here`);
}

async function acted(
  request: Request,
  url: URL,
  { found: { route, names }, options }: { readonly found: Found; readonly options: Answering },
): Promise<Response> {
  const query = queryOf(url, route);
  if (query instanceof Response) return query;
  const { actions, routes, closing } = options;
  const operate = operatedBy(options);
  try {
    const body = await route.act({ request, actions, routes, names, query, operate, closing });
    return body instanceof Response ? body : json(route.answer.status, body);
  } catch (error) {
    if (error instanceof LoadError) return refusedBy(error);
    throw error;
  }
}

/** What stands behind the question mark, or why it cannot be used. */
function queryOf({ searchParams }: URL, { query }: Route): unknown {
  const about = { what: "What is asked for", code: "usage", blame: "config" } as const;
  try {
    return query && parse(query, Object.fromEntries(searchParams), about);
  } catch (error) {
    return refused(400, messageOf(error));
  }
}

function withoutBody(answered: Response): Response {
  void answered.body?.cancel();
  return new Response(null, answered);
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
  const { code } = error as { readonly code?: unknown };
  const why = error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE"
    ? "another program listens there. Name another address with --listen"
    : messageOf(error);
  return new LoadError(`The API cannot listen at ${where}: ${why}`, {
    code: error instanceof Deno.errors.NotCapable ? "permission_missing" : "usage",
    blame: "config",
    cause: error,
  });
}
