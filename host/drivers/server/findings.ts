/** What is looked at of every server, whatever it is asked by. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Finding } from "../../../src/model/finding.ts";

/** A clock that is further off makes times of ledger and audit hard to compare. */
const SKEW_MS_MAX = 2_000;

/** Whether the connection is encrypted. `cipher` is what it is encrypted with; empty where it is not. */
export function tlsFinding(cipher: string, isLocal: boolean): Finding {
  if (cipher !== "") {
    return { about: "tls", status: "pass", message: `The connection is encrypted (${cipher})` };
  }
  if (isLocal) {
    return { about: "tls", status: "pass", message: "Not encrypted, and on this machine" };
  }
  return {
    about: "tls",
    status: "warn",
    message: "The connection is not encrypted: rows and password travel as they are",
    way: "Set tls to verify-full, with tlsCaFile where the system does not trust the certificate",
  };
}

/** Whether the pool fits into what the server has left. */
export function poolFinding(
  { poolSize }: Config,
  { connectionsMax, used }: { readonly connectionsMax: number; readonly used: number },
): Finding {
  const size = Number(poolSize ?? 1);
  const free = connectionsMax - used;
  const about = "pool";
  const server = `the server takes ${connectionsMax} connections, of which ${used} are in use`;
  if (size <= free) {
    return { about, status: "pass", message: `Up to ${size} connections of its pool: ${server}` };
  }
  return {
    about,
    status: "warn",
    message: `Its pool may open ${size} connections, and ${server}`,
    way: `Set poolSize to ${Math.max(1, free)}, or raise the server's max_connections`,
  };
}

/** How far the server's clock is from ours; it was asked between two looks at ours. */
export function clockFinding(
  seconds: number,
  { before, after }: { readonly before: number; readonly after: number },
): Finding {
  const server = seconds * 1000;
  const skewMs = server < before ? before - server : server > after ? server - after : 0;
  const text = skewMs < 1_000 ? "less than a second" : `${Math.round(skewMs / 1000)} s`;
  if (skewMs <= SKEW_MS_MAX) {
    return { about: "clock", status: "pass", message: `Its clock is ${text} off this machine's` };
  }
  return {
    about: "clock",
    status: "warn",
    message: `Its clock is ${text} off this machine's: times of the ledger and of the audit differ`,
    way: "Keep both clocks by NTP",
  };
}

/** What may be done. `lacking` is what may not, in the words of GRANT. */
export function privilegeFinding(lacking: readonly string[], who: string): Finding {
  const about = "privileges";
  if (lacking.length === 0) {
    return { about, status: "pass", message: `${who} may make tables and write to them` };
  }
  return {
    about,
    status: "fail",
    message: `${who} lacks: ${lacking.join(", ")}`,
    way: `GRANT ${lacking[0]} to it, or load into tables that an owner has made`,
  };
}
