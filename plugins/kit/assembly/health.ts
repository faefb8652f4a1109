// Health, in two calls: first the plugin says what to ask, then it judges what came back.

import { answer, OK } from "./entry";
import { integerMember, textMember } from "./json";
import { input } from "./memory";
import { sql } from "./plan";
import { setting } from "./setting";

/** What the probe brought. */
export class ProbeAnswer {
  /** Takes the round trip in whole milliseconds, and the first column of the first row. */
  constructor(readonly latencyMs: i64, readonly text: string) {}
}

/** What the probe brought; null in the first call, in which it has yet to be named. */
export function probeAnswer(): ProbeAnswer | null {
  const json = input();
  if (json.length == 0) return null;
  return new ProbeAnswer(integerMember(json, "latencyMs"), textMember(json, "text"));
}

/** The judgements. Return what they return from `health_check`. */
export namespace health {
  /** All is well. */
  export function healthy(): i32 {
    return answer("healthy");
  }

  /** It works, and somebody should look. */
  export function degraded(): i32 {
    return answer("degraded");
  }

  /** It does not work. */
  export function unhealthy(): i32 {
    return answer("unhealthy");
  }
}

/**
 * The whole of it, by `SELECT 1`: degraded where the answer takes longer than the setting that
 * `Manifest.degradedAfter` declares. Export it as `health_check`.
 */
export function checkHealth(): i32 {
  const probe = probeAnswer();
  if (probe === null) {
    sql.health("SELECT 1");
    return OK;
  }
  if (probe.text != "1") return health.unhealthy();
  return probe.latencyMs > setting.integer("degradedAfterMs") ? health.degraded() : health.healthy();
}
