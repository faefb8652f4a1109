/**
 * Opens a session where a target leaves a choice: of places, and of whether it is encrypted. The order
 * of tries is libpq's ("sslmode" and "Specifying Multiple Hosts" in PostgreSQL's manual).
 */
import { isSocketFolder, type Target } from "./config.ts";
import { serverErrorOf } from "./failures.ts";
import { Session } from "./session.ts";
import { SessionError } from "./session_error.ts";
import type { Place } from "./url.ts";

/** What another server of the same cluster would answer too: user, password, database. */
const EVERYWHERE = /^(28|3D|TLS_|CHANNEL_|permission_)/;
/**
 * What may go better the other way. A server that wants TLS says so in many ways, and some just hang
 * up; one that does not is known by its handshake, or by its pg_hba.conf (28000).
 */
const OTHER_WAY = {
  prefer: /^(TLS_FAILED|28000)$/,
  allow: /^(?!28P01|3D|53|57|permission_|CONNECT_TIMEOUT|E(?!CONNRESET))/,
} as const;

/**
 * Opens a session with the first server that will do.
 *
 * @throws the last one's error: the server's, or {@linkcode SessionError}
 */
export async function openSession(target: Target): Promise<Session> {
  for (const place of target.places.slice(0, -1)) {
    try {
      return await openAt(target, place);
    } catch (error) {
      if (EVERYWHERE.test(serverErrorOf(error).code)) throw error;
    }
  }
  return await openAt(target, target.places.at(-1)!);
}

async function openAt(target: Target, place: Place): Promise<Session> {
  const session = await encryptedOrNot(target, place);
  if (!target.writable) return session;
  try {
    const { rows } = await session.query("SHOW transaction_read_only", {
      timeoutMs: target.connectTimeoutMs,
    });
    // read_only_sql_transaction, as its first write would say.
    if (rows[0]?.[0] !== "off") throw new SessionError("25006");
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** `prefer` tries TLS first, `allow` tries it last. */
async function encryptedOrNot(target: Target, place: Place): Promise<Session> {
  const { tls } = target;
  const hasChoice = (tls === "prefer" || tls === "allow") && !isSocketFolder(place.host);
  if (!hasChoice) return await Session.open(target, { place });
  const encrypted = tls === "prefer";
  let first: unknown;
  try {
    return await Session.open(target, { place, encrypted });
  } catch (error) {
    if (!OTHER_WAY[tls].test(serverErrorOf(error).code)) throw error;
    first = error;
  }
  try {
    return await Session.open(target, { place, encrypted: !encrypted });
  } catch (error) {
    // The server has no TLS: what it said first is what counts.
    throw serverErrorOf(error).code === "TLS_REFUSED" ? first : error;
  }
}
