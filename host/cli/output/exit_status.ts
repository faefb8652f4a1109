/** Exit statuses of the program. */
import { type ErrorCode, LoadError } from "../../../src/model/errors.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";

/**
 * - 0: all rows are committed, but for those that may be left out
 * - 1: the load failed: the database, a plugin, or a defect of this program; or standard output cannot
 *   be written
 * - 2: the command line or the configuration does not fit; no row was committed
 * - 3: more rows that cannot be taken than may be left out
 * - 130, 143: stopped by SIGINT, by SIGTERM
 */
export type ExitStatus = 0 | 1 | 2 | 3 | 130 | 143;

const STATUS: Readonly<Record<ErrorCode, ExitStatus>> = {
  usage: 2,
  config_invalid: 2,
  env_missing: 2,
  backend_unknown: 2,
  backend_exists: 2,
  backend_invalid: 2,
  backend_unavailable: 1,
  plugin_unreadable: 1,
  plugin_refused: 1,
  plugin_manifest: 1,
  plugin_failed: 1,
  plugin_violation: 1,
  plugin_exhausted: 1,
  plugin_quarantined: 1,
  plan_refused: 1,
  install_refused: 1,
  codec_unreadable: 1,
  source_missing: 2,
  source_unreadable: 2,
  source_malformed: 3,
  table_missing: 2,
  column_missing: 2,
  column_required: 2,
  key_missing: 2,
  key_not_unique: 2,
  type_unsupported: 2,
  name_refused: 2,
  table_refused: 2,
  source_empty: 1,
  source_changed: 1,
  table_changed: 1,
  rows_rejected: 3,
  rejects_lost: 1,
  connection_failed: 1,
  authentication_failed: 2,
  privilege_missing: 2,
  connection_lost: 1,
  timeout: 1,
  conflict: 1,
  resource_exhausted: 1,
  database_failed: 1,
  commit_unknown: 1,
  counts_differ: 1,
  permission_missing: 2,
  cancelled: 1,
  bug: 1,
};

/** The status for what was thrown. Signals have their own, see {@linkcode ExitStatus}. */
export function statusOf(error: unknown): ExitStatus {
  if (!(error instanceof LoadError)) return 1;
  const status = STATUS[error.code];
  // 2 promises that nothing was done, as where a table is dropped in the middle of a load.
  const begun = error instanceof LoadStoppedError && error.report.batches > 0;
  return status === 2 && begun ? 1 : status;
}

/** From the best to the worst: what was to be expected, what people can mend, what failed, signals. */
const ORDER: readonly ExitStatus[] = [0, 3, 2, 1, 130, 143];

/** The worst of several statuses; 0 of none. */
export function worst(statuses: readonly ExitStatus[]): ExitStatus {
  return ORDER.findLast((status) => statuses.includes(status)) ?? 0;
}
