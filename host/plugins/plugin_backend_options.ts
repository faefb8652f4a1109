/** What a backend that a plugin makes is made with. */
import type { BreakerStatus, HealthStatus } from "../../src/model/backend.ts";
import type { PlanCache, SessionPlan } from "../../src/load/plan_cache.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { World } from "../../src/model/world.ts";
import type { BreakerLimits } from "../connections/breaker.ts";
import type { ConnectionManager, ConnectionRole } from "../connections/manager.ts";
import type { Driver } from "../drivers/driver.ts";
import type { KeptAnswers } from "../platform/kept_answers.ts";
import type { PlannedShape } from "./planned_shape.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** What a backend is made with. */
export interface PluginBackendOptions {
  readonly plugin: Plugin;
  readonly driver: Driver;
  readonly connections: ConnectionManager;
  readonly plans: PlanCache<PlannedShape>;
  /** What its plugin has answered before. */
  readonly kept: KeptAnswers;
  readonly sessions: PlanCache<SessionPlan>;
  readonly world: World;
  /** What the first connection is for; `control` by default. */
  readonly firstConnection?: ConnectionRole;
  /** Between health checks, in milliseconds; 30 s by default. */
  readonly healthIntervalMs?: number;
  /** Hears of every change of health. */
  readonly onHealth?: (status: HealthStatus) => void;
  /** When its circuit breaker opens, and for how long. */
  readonly breaker?: BreakerLimits;
  /** Ends waiting for a further attempt to connect. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of each further attempt at what failed for a while, before it is waited for. */
  readonly onRetry?: ((retry: Retry, endpoint: string) => void) | undefined;
  /** Hears of every change of the circuit breaker. */
  readonly onBreaker?: (status: BreakerStatus, endpoint: string) => void;
}
