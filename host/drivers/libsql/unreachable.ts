/**
 * Why a server cannot be reached. `fetch` and WebSocket say it in words alone, which differ from version to
 * version; a connection that is tried for that says it by a code.
 */
import { after } from "../../../src/model/timer.ts";
import { SessionError } from "./session.ts";

/** What is only known as "it failed". */
const VAGUE: ReadonlySet<string> = new Set(["ENETWORK", "HRANA_WEBSOCKET_ERROR"]);

/** How long a connection is waited for. */
const PROBE_MS = 5_000;

/**
 * The nearer reason of a first request that has failed: `ECONNREFUSED`, `ENOTFOUND` and their like, or
 * `TLS_FAILED`; the same error where none is found.
 */
export async function nearerReason(error: unknown, serverUrl: string): Promise<unknown> {
  if (!(error instanceof SessionError) || !VAGUE.has(error.code)) return error;
  const { protocol, hostname, port, searchParams } = new URL(serverUrl);
  const isPlain = protocol === "http:" || protocol === "ws:" || searchParams.get("tls") === "0";
  const place = {
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || (isPlain ? 80 : 443)),
  };
  const code = await socketFailure(place) ?? (isPlain ? undefined : await tlsFailure(place));
  return code === undefined ? error : new SessionError(code);
}

interface Place {
  readonly hostname: string;
  readonly port: number;
}

async function socketFailure({ hostname, port }: Place): Promise<string | undefined> {
  // Loads into files would wait for it.
  const { connect } = await import("node:net");
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port });
    const cancel = after(PROBE_MS, () => end("ETIMEDOUT"));
    const end = (code?: string) => {
      cancel();
      socket.destroy();
      resolve(code);
    };
    socket.once("connect", () => end());
    socket.once("error", (error: Error & { code?: string }) => end(error.code));
  });
}

async function tlsFailure(place: Place): Promise<string | undefined> {
  try {
    using connection = await Deno.connectTls(place);
    await connection.handshake();
    return undefined;
  } catch {
    return "TLS_FAILED";
  }
}
