/** What somebody should look at, out of all that a program tells. */
import type { LoadStatus } from "../api/load_schema.ts";
import type { BackendStatus, PluginStatus, ProgramStatus } from "../api/status_schema.ts";
import { counted } from "../../src/model/counted.ts";
import { hrefOf } from "./route.ts";

/** One thing to look at. */
export interface Concern {
  /** `bad` does not work; `warn` works on, or goes on by itself. */
  readonly tone: "bad" | "warn";
  /** What it is about, such as `Load people`. */
  readonly what: string;
  /** What is the matter with it, in a sentence. */
  readonly why: string;
  /** Where more is told. */
  readonly href?: string;
}

/** All of them, those that do not work first. */
export function concernsOf(status: ProgramStatus): Concern[] {
  const all = [
    ...(status.config?.error === undefined ? [] : [configConcern(status.config.error)]),
    ...(status.config?.overruled ?? []).map((why) => ({
      ...{ tone: "warn", what: "Configuration", why } as const,
    })),
    ...status.backends.flatMap(backendConcerns),
    ...status.loads.flatMap(loadConcerns),
    ...status.plugins.flatMap(pluginConcerns),
  ];
  return [...all.filter(({ tone }) => tone === "bad"), ...all.filter(({ tone }) => tone !== "bad")];
}

function configConcern(error: string): Concern {
  return { tone: "bad", what: "Configuration", why: `The file is not in force: ${error}` };
}

function backendConcerns({ name, state, health, breaker, lastError }: BackendStatus): Concern[] {
  const about = { what: `Backend ${name}`, href: hrefOf("backend", name) };
  if (state === "down") {
    return [{ tone: "bad", ...about, why: lastError?.message ?? "It cannot be connected" }];
  }
  if (breaker !== undefined && breaker.state !== "closed") {
    const is = `Its circuit breaker is ${breaker.state.replace("_", " ")}`;
    const why = breaker.detail === undefined ? is : `${is}: ${breaker.detail}`;
    return [{ tone: breaker.state === "open" ? "bad" : "warn", ...about, why }];
  }
  if (health === undefined || health.status === "healthy") return [];
  const why = health.detail ?? `It is ${health.status}`;
  return [{ tone: health.status === "unhealthy" ? "bad" : "warn", ...about, why }];
}

function loadConcerns({ name, state, detail, last, rejects }: LoadStatus): Concern[] {
  const about = { what: `Load ${name}`, href: hrefOf("load", name) };
  const why = detail ?? last?.error?.message;
  if (state === "failed") return [{ tone: "bad", ...about, why: why ?? "It has failed" }];
  if (state === "retrying") return [{ tone: "warn", ...about, why: why ?? "It is tried again" }];
  if (state === "paused") {
    return [{ tone: "warn", ...about, why: "It is paused, until somebody resumes it" }];
  }
  const left = rejects?.byCode.reduce((sum, { count }) => sum + count, 0) ?? 0;
  if (left === 0) return [];
  return [{ tone: "warn", ...about, why: `${counted(left, "row")} rejected, to be corrected` }];
}

function pluginConcerns({ type, status, reason }: PluginStatus): Concern[] {
  if (status !== "refused" && status !== "quarantined") return [];
  const why = status === "refused"
    ? `It was not let in: ${reason ?? "no reason was given"}`
    : reason ?? "It has failed too often";
  return [{ tone: "bad", what: `Plugin ${type}`, why, href: "#plugins" }];
}
