/**
 * snakepipe loads batches of rows into databases. Every database backend is a WebAssembly plugin
 * that plans and never acts; the host acts and never trusts.
 *
 * This module is the library; run, it is the program: `deno run -A mod.ts load nodes.ndjson --to
 * libsql:ast.db --table nodes`. Bundled, as `host/dist/snakepipe.js`, the program starts sooner; and
 * as `host/dist/mod.js`, the library can be imported from any project, by path or URL.
 *
 * @example
 * ```ts
 * import { createHost, ndjson } from "./mod.ts";
 *
 * await using host = await createHost({ plugins: "./plugins/dist" });
 * const backend = await host.createBackend("libsql", { url: "libsql:ast.db" });
 * const report = await host.load(ndjson("nodes.ndjson"), backend, { table: "nodes" });
 * console.log(report.committed);
 * ```
 *
 * @module
 */
// The host, and what it does.
export {
  LOG_CATEGORIES,
  type LogCategory,
  type LogFigures,
  type LogSink,
  logTo,
} from "./src/model/log.ts";
export {
  type BreakerEvent,
  createHost,
  Host,
  type HostOptions,
  type RetryEvent,
} from "./host/host.ts";
export type { HostTerms, RegisterPluginOptions } from "./host/host_options.ts";
export type { RetriedStep, Retry } from "./src/model/retry.ts";
export { type AuditVerdict, verifyAudit } from "./host/observe/verify_audit.ts";
export {
  type MetricAbout,
  type MetricLabels,
  type MetricMirror,
  type MetricName,
  type MetricSeries,
  MetricSet,
} from "./src/audit/metrics.ts";
export type { PastLoad, PastLoadPlace, PastLoadsQuestion } from "./src/model/past_load.ts";
export { PROMETHEUS_CONTENT_TYPE, prometheusText } from "./src/audit/prometheus.ts";
export type { ChainFault, ChainProblem } from "./src/audit/chain_check.ts";
export type { TakenFile } from "./host/platform/taken_file.ts";
export type { BreakerLimits } from "./host/connections/breaker.ts";
export type { LoadOptions } from "./host/load/load.ts";
export type { AdmissionOptions } from "./host/plugins/store/admission.ts";
export type { BackendView } from "./host/plugins/backend_view.ts";
export type { LiveFolderOptions } from "./host/plugins/live/live_folder.ts";
export type { PluginChange, TakenPlugin } from "./host/plugins/live/plugin_change.ts";
export type {
  PlacedPlugin,
  PlacePluginOptions,
  RemovedPlugin,
  WatchedPlugins,
} from "./host/plugins/live/watched_plugins.ts";
export type { PlanChange } from "./host/plugins/author/plan_changes.ts";
export { builtPlugins } from "./host/plugins/built_plugins.ts";
export type { ReplayOptions } from "./host/load/replay.ts";
export type { ReplayReport } from "./host/load/replay_report.ts";
export {
  ConnectionManager,
  type ConnectionManagerOptions,
  type ConnectionRequest,
  type ConnectionRole,
  type PoolShare,
} from "./host/connections/manager.ts";
export { type Lease, Pool, type PoolOptions } from "./host/connections/pool.ts";
export type {
  BatchAnswer,
  BatchGroups,
  BatchOrder,
  Connection,
  ConnectOptions,
  Driver,
  EarlierLoad,
  LoadOrder,
  LoadRecord,
  OpenRange,
  PlannedGroup,
  PreparedBatch,
  PreparedLoad,
  PreparedRange,
  PreviewedLoad,
  ProbeAnswer,
  RangeBytes,
  RangeResult,
  RangeWriting,
} from "./host/drivers/driver.ts";
export type {
  Cell,
  CellOptions,
  CellReader,
  CellRules,
  Codec,
  CopyEncoder,
  CopyFormat,
  CopyOptions,
  CopyStream,
  EncodedImage,
  ImageEncoder,
  ImageOptions,
  ImageRoom,
  PackedCells,
  ReadRecords,
  RecordBytes,
  StreamedRecords,
  WireType,
} from "./host/codec/codec.ts";
export type { ContentHash } from "./host/codec/content_hash.ts";

// Sources of rows.
export { ast, type AstOptions, type AstSource, type SkipReason } from "./host/sources/ast.ts";
export { csv, type CsvOptions } from "./host/sources/csv.ts";
export { ndjson, type NdjsonOptions } from "./host/sources/ndjson.ts";
export { rows, type RowsOptions } from "./host/sources/rows.ts";
export type { OpenPart, Source, SourcePart } from "./host/sources/source.ts";
export type { PartFile } from "./src/batching/part_reader.ts";
export type { CutFile } from "./src/batching/range_cut.ts";

// Backends: the interface and its models.
export {
  type BackendCapabilities,
  type BackendInfo,
  type BackendLoad,
  type BatchKey,
  type BreakerState,
  type BreakerStatus,
  type ChosenBy,
  type DatabaseBackend,
  DEFAULT_CAPABILITIES,
  type ExpectedLoad,
  type HealthStatus,
  type KeepRejects,
  type LedgerBatch,
  type LiveColumn,
  type LiveTable,
  type LoadedAnew,
  type LoadRequest,
  type LoadTotals,
  type NarrowColumn,
  type PluginWord,
  type PoolStatus,
  type RecordFields,
  type RowCounts,
  type ValidationResult,
  type WriteOptions,
  type WriteResult,
} from "./src/model/backend.ts";
export type { BackendPlace } from "./src/model/backend_place.ts";
export type { Finding } from "./src/model/finding.ts";
export type { LoadPreview, PreviewedStatement } from "./src/model/load_preview.ts";
export type { ShapeOrigin } from "./src/model/shape_origin.ts";
export {
  type Batch,
  type BatchRange,
  type Column,
  lineOfRow,
  type RangeFile,
  type RecordFormat,
  type RejectCode,
  type RejectedRow,
  rowCount,
  type Shape,
  type TableName,
  WRITE_MODES,
  type WriteMode,
} from "./src/model/batch.ts";
export { BYTES_FORMS, type BytesForm } from "./src/model/bytes_form.ts";
export { NUL_RULES, type NulRule } from "./src/model/nul_rule.ts";
export { COLUMN_TYPES, type ColumnType } from "./src/model/column_type.ts";
export type { Plan, PlannedWrite } from "./src/plugin_api/plan.ts";
export type { PlanQuestion } from "./src/model/plan_question.ts";
export type {
  DialectRecipes as Dialect,
  Recipe,
  Refusal,
  Steps,
} from "./src/plan_policy/recipes.ts";
export type { PlanVerifier as Grammar } from "./src/plan_policy/plan_verifier.ts";
export type { DialectWords } from "./src/plan_policy/dialect_words.ts";
export type { AskedWord, WordKind } from "./src/plugin_api/words.ts";
export type { NamedPatterns as NamedForms } from "./src/plan_policy/statement_pattern.ts";
export { databaseBackend } from "./src/registry/decorator.ts";
export type { RegistryEvent, RegistryListener } from "./src/registry/event.ts";
export type { RegisterOptions } from "./src/registry/registry.ts";
export { validateBatch } from "./src/batching/validate_batch.ts";

// Settings.
export type { Config, ConfigField, ConfigSchema, ConfigValue } from "./src/model/config_schema.ts";
export { Secret } from "./src/model/secret.ts";

// Loads, and what can go wrong.
export type { BatchEvent, LoadProgress } from "./src/load/loader.ts";
export type { PreviewedColumn, PreviewReport } from "./host/load/preview.ts";
export type { RejectLimit } from "./src/model/reject_limit.ts";
export { type LoadReport, LoadStoppedError, type TransactionSize } from "./src/load/report.ts";
export {
  type Blame,
  type ErrorCode,
  type Issue,
  LoadError,
  type LoadErrorOptions,
} from "./src/model/errors.ts";
export type { Failure, FailureKind } from "./src/model/failure.ts";
export { LIMITS } from "./src/model/limits.ts";
export { realWorld, type World } from "./src/model/world.ts";

if (import.meta.main) {
  await import("./host/cli/snakepipe.ts");
}
