/**
 * Why a server cannot be reached. `fetch` and WebSocket say it in words alone, which differ from version to
 * version; a connection that is tried for that says it by a code.
 */
import { after } from "../../../src/model/timer.ts";
import { type ServerPlace, serverPlace } from "./config.ts";
import { kindOf } from "./failures.ts";
import { SessionError } from "./session.ts";

/** What is only known as "it failed". */
const VAGUE: ReadonlySet<string> = new Set(["ENETWORK", "HRANA_WEBSOCKET_ERROR"]);

/** How long a connection is waited for, and TLS behind it, in milliseconds. */
const PROBE_MS = 5_000;

/**
 * The nearer reason of a first request that has failed: `ECONNREFUSED`, `ENOTFOUND` and their like, or
 * `TLS_FAILED`; the same error where none is found.
 */
export async function nearerReason(
  error: unknown,
  serverUrl: string,
  probeMs: number = PROBE_MS,
): Promise<unknown> {
  if (!(error instanceof SessionError) || !VAGUE.has(error.code)) return error;
  const { protocol, searchParams } = new URL(serverUrl);
  const isPlain = protocol === "http:" || protocol === "ws:" || searchParams.get("tls") === "0";
  const place = serverPlace(serverUrl);
  const code = await socketFailure(place, probeMs) ??
    (isPlain ? undefined : await tlsFailure(place, probeMs));
  // That it failed is more than a code that nobody knows: it says that it may pass.
  return code === undefined || kindOf(code) === "unknown" ? error : new SessionError(code);
}

async function socketFailure(
  { hostname, port }: ServerPlace,
  probeMs: number,
): Promise<string | undefined> {
  // Loads into files would wait for it.
  const { connect } = await import("node:net");
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port });
    const cancel = after(probeMs, () => end("ETIMEDOUT"));
    const end = (code?: string) => {
      cancel();
      socket.destroy();
      resolve(code);
    };
    socket.once("connect", () => end());
    socket.once("error", (error: Error & { code?: string }) => end(error.code));
  });
}

async function tlsFailure(place: ServerPlace, probeMs: number): Promise<string | undefined> {
  try {
    using connection = await Deno.connectTls(place);
    // Whatever speaks no TLS may wait for more.
    const cancel = after(probeMs, () => connection.close());
    await connection.handshake().finally(cancel);
    return undefined;
  } catch {
    return "TLS_FAILED";
  }
}
