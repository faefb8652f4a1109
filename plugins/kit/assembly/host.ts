// Everything that a plugin can ask of its host, as WebAssembly imports and nothing more. Only what
// a plugin really calls ends up in its import list, and that list is its authority.
//
// Texts travel as handles of Extism blocks (i64); 0 is "none". The friendly names for all of this
// stand in the other files of the kit.

// Extism's kernel: memory, input, output.

@external("extism:host/env", "alloc")
export declare function alloc(bytes: i64): i64;
@external("extism:host/env", "length")
export declare function length(handle: i64): i64;
@external("extism:host/env", "load_u8")
export declare function load_u8(address: i64): i32;
@external("extism:host/env", "load_u64")
export declare function load_u64(address: i64): i64;
@external("extism:host/env", "store_u8")
export declare function store_u8(address: i64, value: i32): void;
@external("extism:host/env", "store_u64")
export declare function store_u64(address: i64, value: i64): void;
@external("extism:host/env", "input_length")
export declare function input_length(): i64;
@external("extism:host/env", "input_load_u8")
export declare function input_load_u8(offset: i64): i32;
@external("extism:host/env", "input_load_u64")
export declare function input_load_u64(offset: i64): i64;
@external("extism:host/env", "output_set")
export declare function output_set(handle: i64, bytes: i64): void;
@external("extism:host/env", "error_set")
export declare function error_set(handle: i64): void;

// What comes: only in write_batch.

@external("extism:host/user", "batch_column_count")
export declare function batch_column_count(): i32;
@external("extism:host/user", "batch_column_type")
export declare function batch_column_type(column: i32): i32;
@external("extism:host/user", "batch_column_flags")
export declare function batch_column_flags(column: i32): i32;
/** Only for plugins that the operator has granted it to. */
@external("extism:host/user", "batch_column_name")
export declare function batch_column_name(column: i32): i64;
@external("extism:host/user", "batch_mode")
export declare function batch_mode(): i32;

// How it shall come: only in write_batch.

@external("extism:host/user", "shape_batch")
export declare function shape_batch(rows: i32, bytes: i32): void;
@external("extism:host/user", "sql_create")
export declare function sql_create(statement: i64): void;
@external("extism:host/user", "sql_prepare")
export declare function sql_prepare(statement: i64): void;
@external("extism:host/user", "sql_stage")
export declare function sql_stage(statement: i64): void;
@external("extism:host/user", "sql_insert")
export declare function sql_insert(statement: i64, row: i64, rows: i32): void;
@external("extism:host/user", "sql_merge")
export declare function sql_merge(statement: i64): void;
@external("extism:host/user", "sql_finish")
export declare function sql_finish(statement: i64): void;

// Statements of the other exports: connect, close and health_check.

@external("extism:host/user", "sql_session")
export declare function sql_session(statement: i64): void;
@external("extism:host/user", "sql_teardown")
export declare function sql_teardown(statement: i64): void;
@external("extism:host/user", "sql_health")
export declare function sql_health(statement: i64): void;

// Settings: everywhere but in manifest and classify_error.

@external("extism:host/user", "config_text")
export declare function config_text(name: i64): i64;
@external("extism:host/user", "config_number")
export declare function config_number(name: i64): i64;

// Failures: only in classify_error.

@external("extism:host/user", "error_code")
export declare function error_code(): i64;
@external("extism:host/user", "error_class")
export declare function error_class(value: i32): void;
