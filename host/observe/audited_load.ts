import type { WriteMode } from "../../src/model/batch.ts";
import type { LoadReport } from "../../src/load/report.ts";

/** A load, as it is known before it is opened. */
export interface AuditedLoad {
  readonly backend: string;
  readonly table: string;
  readonly mode: WriteMode;
  readonly source: string;
  readonly plugin?: LoadReport["plugin"];
}
