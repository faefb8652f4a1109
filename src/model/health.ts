/** The health of a backend and its circuit breaker. */

/** Whether a backend is worth trying: `half_open` is finding that out. */
export type BreakerState = "closed" | "open" | "half_open";

/** A backend's circuit breaker, see `host/connections/breaker.ts`. */
export interface BreakerStatus {
  /** `open` refuses at once, `half_open` waits for a health check, `closed` lets pass. */
  readonly state: BreakerState;
  /** Since when it is not closed, milliseconds since the epoch. */
  readonly since?: number;
  /** The failure that keeps it from being closed, in a sentence without secrets. */
  readonly detail?: string;
}

/** The health of a backend. */
export interface HealthStatus {
  /** `degraded` works, but slowly; `unhealthy` does not. */
  readonly status: "healthy" | "degraded" | "unhealthy";
  /** Round trip of the probe, in milliseconds. */
  readonly latencyMs: number;
  /** When it was asked, milliseconds since the epoch. */
  readonly checkedAt: number;
  /** Connections of the pool behind it: open, and leased right now. */
  readonly connections?: { readonly open: number; readonly leased: number };
  /** Why it is not healthy, in a sentence without secrets. */
  readonly detail?: string;
  /** Its circuit breaker, where it has one: those that plugins make do. */
  readonly breaker?: BreakerStatus;
}
