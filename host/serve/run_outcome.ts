/** How a run ended, as it is told. */
import type { LoadReport } from "../../src/load/report.ts";
import { counted, grouped } from "../../src/model/counted.ts";
import { defined } from "../../src/model/defined.ts";
import type { LoadTrigger, RunOutcome } from "../api/load_schema.ts";

/** What is known of a run beside its report. */
export interface RunAbout {
  readonly trigger: LoadTrigger;
  /** When it ended, in ISO 8601. */
  readonly at: string;
  readonly backend?: string;
  /** What its settings have to say, a sentence each. */
  readonly notes?: readonly string[];
  /** Why it is not complete; `cancelled` where it was stopped. */
  readonly error?: NonNullable<RunOutcome["error"]>;
}

/** How a run ended; of one that never began, there is no report. */
export function outcomeOf(report: LoadReport | undefined, about: RunAbout): RunOutcome {
  const { load, plugin, table, seconds = 0 } = report ?? {};
  const { committed = 0, skipped = 0, rejected = 0, batches = 0 } = report ?? {};
  const { trigger, at, backend, error } = about;
  const isCancelled = error?.code === "cancelled";
  return {
    ...{ state: !error ? "complete" : isCancelled ? "cancelled" : "failed", trigger, at },
    ...{ committed, skipped, rejected, batches },
    seconds: Math.round(seconds * 1_000) / 1_000,
    notes: [...report?.notes ?? [], ...about.notes ?? []],
    ...defined({
      ...{ backend, table, plugin, error: isCancelled ? undefined : error },
      load: load && { id: load.id, generation: load.generation },
    }),
  };
}

/** What a run has come to that is complete, in words. */
export function completeText(
  { committed, table, rejected, skipped, ...report }: LoadReport,
): string {
  return `${counted(committed, "row")} committed to ${table} in ${seconds(report.seconds * 1000)}` +
    (rejected > 0 ? `, ${grouped(rejected)} rejected` : "") +
    (skipped > 0 ? `; ${grouped(skipped)} skipped` : "");
}

/** Milliseconds as seconds, with their unit. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
