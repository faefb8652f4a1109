/**
 * Opens the socket of a connection: TCP, with or without TLS, or Unix. The client library is handed
 * an open socket, since its own lacks TCP_NODELAY (a COPY then costs 86 ms instead of 2.5), checks
 * no certificate unless told in full, and opens another one behind our back.
 *
 * Node's sockets cost 50 ms of CPU before the first one is open, and TLS needs them. So the runtime's
 * own is taken where none is wanted, or the server is on this machine, where another connection for
 * TLS costs nothing.
 */
import { LoadError, permissionError } from "../../../src/model/errors.ts";
import { after } from "../../../src/model/timer.ts";
import { isSocketFolder, type Target } from "./config.ts";
import { DenoSocket } from "./deno_socket.ts";
import { SessionError } from "./session_error.ts";
import type { Place } from "./url.ts";

/** SSLRequest: length 8, code 80877103; see "Message Formats" in PostgreSQL's manual. */
export const SSL_REQUEST: Uint8Array<ArrayBuffer> = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
/** What a server says to it that has TLS. */
export const HAS_TLS = "S".charCodeAt(0);

/** What a session needs of a socket; the client library needs more. */
export interface ClientSocket {
  readonly closed: boolean;
  write(bytes: Uint8Array, done?: () => void): boolean;
  destroy(error?: Error): unknown;
  once(event: "close", listener: (value?: unknown) => void): unknown;
}

/** How a socket is opened. */
export interface SocketOptions {
  readonly target: Target;
  /** Whether TLS is asked for; of no meaning for Unix sockets. */
  readonly encrypted: boolean;
  readonly timeoutMs: number;
}

/**
 * An open socket, ready for the startup packet. Where the target prefers TLS and the server has none,
 * it is not encrypted.
 *
 * @throws {SessionError} also when it takes longer than `timeoutMs`; {@linkcode LoadError}
 * `permission_missing`
 */
export async function openSocket(place: Place, options: SocketOptions): Promise<ClientSocket> {
  const { target, encrypted } = options;
  const deadline = performance.now() + options.timeoutMs;
  const asks = encrypted && !isSocketFolder(place.host);
  if (!target.channelBinding && (!asks || isHere(place.host))) {
    const socket = await openPlain(place, { ...options, encrypted: asks });
    if (socket) return socket;
  }
  const { openNodeSocket } = await import("./node_socket.ts");
  return await openNodeSocket(place, {
    ...options,
    timeoutMs: Math.max(1, deadline - performance.now()),
  });
}

/** Undefined where it has to be Node's: for TLS, or for its word on what has gone wrong. */
async function openPlain(
  { host, port }: Place,
  { target, encrypted, timeoutMs }: SocketOptions,
): Promise<DenoSocket | undefined> {
  const connecting = isSocketFolder(host)
    ? Deno.connect({ transport: "unix", path: `${host}/.s.PGSQL.${port}` })
    : Deno.connect({ hostname: host, port });
  const late = Promise.withResolvers<never>();
  const cancel = after(timeoutMs, () => late.reject(new SessionError("CONNECT_TIMEOUT")));
  try {
    const connection = await Promise.race([connecting, late.promise]);
    if (!encrypted) return new DenoSocket(connection);
    const answer = await Promise.race([askForTls(connection), late.promise]);
    if (answer === undefined || answer === HAS_TLS) return undefined;
    if (target.tls !== "prefer") throw new SessionError("TLS_REFUSED");
    return new DenoSocket(connection);
  } catch (error) {
    connecting.then((connection) => connection.close(), () => {});
    if (error instanceof SessionError || error instanceof LoadError) throw error;
    const denied = permissionError(error);
    if (denied) throw denied;
    return undefined;
  } finally {
    cancel();
  }
}

/** The one byte of its answer; undefined where it is not one, after which the connection is closed. */
async function askForTls(connection: Deno.Conn): Promise<number | undefined> {
  await connection.write(SSL_REQUEST);
  // Room for one more: what follows in plain could have been put there by somebody else.
  const answer = new Uint8Array(2);
  const length = await connection.read(answer);
  if (length === 1 && answer[0] !== HAS_TLS) return answer[0];
  connection.close();
  return length === 1 ? HAS_TLS : undefined;
}

function isHere(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
