/**
 * Opens Node's sockets, which TLS needs; see `socket.ts`.
 */
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, TLSSocket } from "node:tls";
import { LoadError, permissionError } from "../../../src/model/errors.ts";
import { missingPermission, permissionSentence } from "../../../src/model/permission.ts";
import { readTlsFiles } from "../server/tls_files.ts";
import { startupParameters } from "./client.ts";
import { isSocketFolder, type Target } from "./config.ts";
import { SessionError } from "./session_error.ts";
import { HAS_TLS, type SocketOptions, SSL_REQUEST } from "./socket.ts";
import type { Place } from "./url.ts";

/**
 * An open socket, ready for the startup packet. Where the target prefers TLS and the server has none,
 * it is not encrypted.
 *
 * @throws {SessionError} also when it takes longer than `timeoutMs`; {@linkcode LoadError}
 * `permission_missing`
 */
export async function openNodeSocket(place: Place, options: SocketOptions): Promise<Socket> {
  const { target, encrypted, timeoutMs } = options;
  const isUnix = isSocketFolder(place.host);
  const socket = connectTo(place);
  const timer = setTimeout(() => socket.destroy(new SessionError("CONNECT_TIMEOUT")), timeoutMs);
  try {
    await next(socket, "connect");
    const channel = encrypted && !isUnix ? await encrypt(socket, place.host, target) : socket;
    if (target.channelBinding) await bind(channel, target);
    return channel;
  } catch (error) {
    socket.destroy();
    throw refusal(error, place);
  } finally {
    clearTimeout(timer);
  }
}

/** Begins to connect. @throws {LoadError} `permission_missing`, which is said at once */
function connectTo({ host, port }: Place): Socket {
  try {
    const socket = isSocketFolder(host)
      ? connect({ path: `${host}/.s.PGSQL.${port}` })
      : connect({ host, port, noDelay: true });
    ignoreLateErrors(socket);
    return socket;
  } catch (error) {
    throw refusal(error, { host, port });
  }
}

/** Authenticates now, bound to the server's certificate; a session's own startup is then none. */
async function bind(socket: Socket, target: Target): Promise<void> {
  if (!(socket instanceof TLSSocket)) throw new SessionError("CHANNEL_BINDING_REFUSED");
  const { authenticateBound } = await import("./channel_binding.ts");
  await authenticateBound(socket, target, {
    user: target.user,
    database: target.database,
    client_encoding: "UTF8",
    ...startupParameters(target),
  });
}

async function encrypt(socket: Socket, host: string, target: Target): Promise<Socket> {
  socket.write(SSL_REQUEST);
  const answer = await next(socket, "data") as Uint8Array;
  // One byte, nothing more: what follows in plain could have been put there by somebody else.
  if (answer.length !== 1) throw new SessionError("TLS_FAILED");
  if (answer[0] !== HAS_TLS) {
    if (target.tls === "prefer") return socket;
    throw new SessionError("TLS_REFUSED");
  }
  const options = await tlsOptions(host, target);
  try {
    const secure = connectTls({ socket, ...options });
    ignoreLateErrors(secure);
    await next(secure, "secureConnect");
    return secure;
  } catch (error) {
    throw error instanceof SessionError ? error : new SessionError("TLS_FAILED", error);
  }
}

/** As in libpq, whoever names certificates to trust has them looked at, whatever the mode. */
async function tlsOptions(host: string, target: Target): Promise<ConnectionOptions> {
  const { tls, tlsCaFile } = target;
  const verify = tls === "verify-ca" || tls === "verify-full" || tlsCaFile !== undefined;
  return {
    // Without a host, an address would be checked against the name localhost.
    ...(isIP(host) ? { host } : { host, servername: host }),
    ...(verify ? {} : { rejectUnauthorized: false }),
    ...(tls === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...await readTlsFiles(target, (code, cause) => new SessionError(code, cause)),
  };
}

function refusal(error: unknown, { host, port }: Place): Error {
  if (error instanceof SessionError || error instanceof LoadError) return error;
  // The resolver of names says EPERM, and nothing of what it lacks.
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const unnamed = code === "EPERM" && syscall === "getaddrinfo";
  const denied = permissionError(
    error,
    unnamed ? permissionSentence("net", `${host}:${port}`) : missingPermission(error),
  );
  return denied ?? new SessionError(codeOf(error), error);
}

/** An error that nobody listens for ends the process; whoever waits for the socket listens too. */
function ignoreLateErrors(socket: Socket): void {
  socket.on("error", () => {});
}

/** The next event of that name; rejects where an error, an end or a close comes instead. */
function next(socket: Socket, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => settle(() => reject(new SessionError("ECONNRESET")));
    const failed = (error: unknown) => settle(() => reject(error));
    const came = (value: unknown) => settle(() => resolve(value));
    const settle = (outcome: () => void) => {
      socket.off(name, came).off("error", failed).off("end", ended).off("close", ended);
      outcome();
    };
    socket.once(name, came).once("error", failed).once("end", ended).once("close", ended);
  });
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "UNKNOWN";
}
