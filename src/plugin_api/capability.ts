/**
 * The capability functions that a plugin may import from `extism:host/user`, with their signatures
 * and the phases in which they may be called. Strings travel as Extism memory handles (i64).
 */

/** The namespace that every Extism PDK imports user functions from. */
export const CAPABILITY_NAMESPACE = "extism:host/user";

/** A WebAssembly value type, as far as capability functions use them. */
export type WasmType = "i32" | "i64";

/** The export during which a function is called. */
export type Phase =
  | "manifest"
  | "connect"
  | "write_batch"
  | "health_check"
  | "close"
  | "classify_error";

/** The signature of one capability function. */
export interface CapabilitySignature {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
  /** The exports during which it may be called; anywhere else the call is a violation. */
  readonly phases: readonly Phase[];
  /** Whether every plugin has it, or only one that it was granted to. */
  readonly granted: "always" | "by_name";
}

const PLAN = ["write_batch"] as const;
const SETTINGS = ["connect", "write_batch", "health_check", "close"] as const;

/** Every capability function by name. */
export const CAPABILITIES = {
  // Batch shaping: what comes.
  batch_column_count: { params: [], results: ["i32"], phases: PLAN, granted: "always" },
  /** (column) → number of the type in COLUMN_TYPES. */
  batch_column_type: { params: ["i32"], results: ["i32"], phases: PLAN, granted: "always" },
  /** (column) → bits: 1 nullable, 2 key. */
  batch_column_flags: { params: ["i32"], results: ["i32"], phases: PLAN, granted: "always" },
  /** (column) → handle of the name. */
  batch_column_name: { params: ["i32"], results: ["i64"], phases: PLAN, granted: "by_name" },
  /** → 0 append, 1 upsert, 2 replace. */
  batch_mode: { params: [], results: ["i32"], phases: PLAN, granted: "always" },
  /** (rows, bytes): the batch that this database takes best; the host takes the smaller of it and its own. */
  shape_batch: { params: ["i32", "i32"], results: [], phases: PLAN, granted: "always" },

  // SQL of the dialect, by export.
  sql_session: { params: ["i64"], results: [], phases: ["connect"], granted: "always" },
  sql_teardown: { params: ["i64"], results: [], phases: ["close"], granted: "always" },
  sql_create: { params: ["i64"], results: [], phases: PLAN, granted: "always" },
  sql_prepare: { params: ["i64"], results: [], phases: PLAN, granted: "always" },
  sql_stage: { params: ["i64"], results: [], phases: PLAN, granted: "always" },
  /** (statement with {rows}, row template, rows a statement). */
  sql_insert: { params: ["i64", "i64", "i32"], results: [], phases: PLAN, granted: "always" },
  sql_merge: { params: ["i64"], results: [], phases: PLAN, granted: "always" },
  sql_finish: { params: ["i64"], results: [], phases: PLAN, granted: "always" },
  sql_health: { params: ["i64"], results: [], phases: ["health_check"], granted: "always" },

  // Settings and errors.
  /** (handle of a setting's name) → handle of its text, 0 where it is not set. Never a secret. */
  config_text: { params: ["i64"], results: ["i64"], phases: SETTINGS, granted: "always" },
  /** (handle of a setting's name) → its integer, or of a boolean 1 or 0; 0 where it is not set. */
  config_number: { params: ["i64"], results: ["i64"], phases: SETTINGS, granted: "always" },
  /** → handle of the code (SQLSTATE, or the name of an SQLite result code). */
  error_code: { params: [], results: ["i64"], phases: ["classify_error"], granted: "always" },
  /** (0 transient, 1 conflict, 2 data, 3 fatal). */
  error_class: { params: ["i32"], results: [], phases: ["classify_error"], granted: "always" },
} as const satisfies Record<string, CapabilitySignature>;

/** The name of a capability function. */
export type CapabilityName = keyof typeof CAPABILITIES;

/** The exports of a plugin: no parameters, returns i32, 0 is success. */
export const PLUGIN_EXPORTS = {
  manifest: "required",
  connect: "required",
  write_batch: "required",
  health_check: "required",
  close: "optional",
  classify_error: "optional",
} as const satisfies Record<Phase, "required" | "optional">;
