/**
 * Who may ask.
 *
 * - Nothing changes without the token, unless the socket is a file that only its owner can open.
 * - A request comes from where it says: a page of another site, and a name that leads here by somebody
 *   else's doing, are refused by `Origin` and `Host` (DNS rebinding).
 */
import { refused } from "./answer.ts";
import type { Call, Route } from "./route.ts";

/** Where to listen. */
export type Listen =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Who may ask. */
export interface Access {
  readonly listen: Listen;
  /** What a request has to bring that changes something: `Authorization: Bearer TOKEN`. */
  readonly token?: string | undefined;
  /** Names by which it may be reached, beside addresses and `localhost`. */
  readonly names: readonly string[];
}

/** Whether only this machine reaches an address. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** How things can be changed by whoever asks here. */
export function operatedBy({ listen, token }: Access): Call["operate"] {
  if (token !== undefined) return "token";
  // Who can open the file may do as its owner.
  return listen.kind === "unix" ? "open" : "no";
}

/** A name or an address, and a port: the parts of `Host`. */
const HOST = /^(?:([^[\]:@/\s]+)|\[([0-9a-f:.]+)\])(?::\d{1,5})?$/i;

/** Why a request is not from where it may come; undefined where it is. */
export function foreign(request: Request, { listen, names }: Access): string | undefined {
  const { headers } = request;
  const host = headers.get("host") ?? "";
  const origin = headers.get("origin");
  const [, name = "", address] = HOST.exec(host.toLowerCase()) ?? [];
  const isAddress = address !== undefined || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  const own = ["localhost", ...listen.kind === "tcp" ? [listen.hostname] : [], ...names];
  // A Unix socket, too, is led to a port by some, where a browser reaches it.
  if (!isAddress && !own.includes(name)) {
    return "The API is not reached by that name: use its address or localhost, or start serve with " +
      "--name NAME";
  }
  if ((origin !== null && origin !== `http://${host}`) || isEmbedded(headers)) {
    return "A page of another site may not ask here";
  }
  return undefined;
}

/** Whether a browser says that another site asks, other than by a link that somebody follows. */
function isEmbedded(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== "cross-site" && site !== "same-site") return false;
  return headers.get("sec-fetch-mode") !== "navigate" ||
    headers.get("sec-fetch-dest") !== "document";
}

/** The refusal for who may not ask for that; undefined where they may. */
export async function denied(
  request: Request,
  { access: wanted }: Pick<Route, "access">,
  access: Access,
): Promise<Response | undefined> {
  const { listen, token } = access;
  if (wanted === "anyone") return undefined;
  const isNear = listen.kind === "unix" || isLoopback(listen.hostname);
  // What is told of databases and files is not for everybody.
  if (wanted === "readers" && isNear) return undefined;
  if (operatedBy(access) === "open") return undefined;
  if (token === undefined) {
    return refused(403, "Nothing can be changed here: start serve with --token-file FILE");
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
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
