/** Who hears of what a host does. What nobody has asked for is not loaded. */
import { MetricSet } from "../../src/audit/metrics.ts";
import type { World } from "../../src/model/world.ts";
import type { TakenFile } from "../platform/taken_file.ts";
import { AuditTrail } from "./audit_trail.ts";
import { HostNumbers } from "./load_numbers.ts";
import { isTelemetryOn } from "./telemetry_on.ts";

/** Who hears of what a host does. */
export interface Observers {
  readonly audit: AuditTrail;
  readonly metrics: MetricSet;
  readonly numbers: HostNumbers;
}

/** Opens them. @throws {LoadError} `config_invalid`, `usage` where the audit log cannot be opened */
export async function openObservers(
  auditFile: string | undefined,
  { world, taken }: { readonly world: World; readonly taken: readonly TakenFile[] },
): Promise<Observers> {
  const telemetry = isTelemetryOn() ? await import("./telemetry.ts") : undefined;
  telemetry?.traceSteps();
  const metrics = new MetricSet(telemetry?.mirrorMetrics());
  const numbers = new HostNumbers(metrics, telemetry?.traceLoad);
  const audit = new AuditTrail(world);
  await audit.open(auditFile, taken);
  return { audit, metrics, numbers };
}
