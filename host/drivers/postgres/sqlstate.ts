/**
 * SQLSTATE codes and their condition names, from "PostgreSQL Error Codes" (appendix A of the manual), but
 * for those of which `failures.ts` says a sentence.
 */

const CONDITIONS: Readonly<Record<string, string>> = {
  "22000": "data_exception",
  "22001": "string_data_right_truncation",
  "22003": "numeric_value_out_of_range",
  "22004": "null_value_not_allowed",
  "22007": "invalid_datetime_format",
  "22008": "datetime_field_overflow",
  "22009": "invalid_time_zone_displacement_value",
  "2200C": "invalid_use_of_escape_character",
  "2200G": "most_specific_type_mismatch",
  "22012": "division_by_zero",
  "22015": "interval_field_overflow",
  "22018": "invalid_character_value_for_cast",
  "2201B": "invalid_regular_expression",
  "22021": "character_not_in_repertoire",
  "22023": "invalid_parameter_value",
  "22026": "string_data_length_mismatch",
  "22030": "duplicate_json_object_key_value",
  "22032": "invalid_json_text",
  "22P01": "floating_point_exception",
  "22P02": "invalid_text_representation",
  "22P03": "invalid_binary_representation",
  "22P04": "bad_copy_file_format",
  "22P05": "untranslatable_character",
  "23000": "integrity_constraint_violation",
  "23001": "restrict_violation",
  "23502": "not_null_violation",
  "23503": "foreign_key_violation",
  "23505": "unique_violation",
  "23514": "check_violation",
  "23P01": "exclusion_violation",
  "25P02": "in_failed_sql_transaction",
  "25P03": "idle_in_transaction_session_timeout",
  "25P04": "transaction_timeout",
  "40001": "serialization_failure",
  "40002": "transaction_integrity_constraint_violation",
  "40003": "statement_completion_unknown",
  "40P01": "deadlock_detected",
  "42704": "undefined_object",
  "42710": "duplicate_object",
  "42723": "duplicate_function",
  "42725": "ambiguous_function",
  "42803": "grouping_error",
  "42830": "invalid_foreign_key",
  "42846": "cannot_coerce",
  "42883": "undefined_function",
  "42P02": "undefined_parameter",
  "42P06": "duplicate_schema",
  "42P07": "duplicate_table",
  "42P17": "invalid_object_definition",
  "44000": "with_check_option_violation",
  "53000": "insufficient_resources",
  "53200": "out_of_memory",
  "53400": "configuration_limit_exceeded",
  "55006": "object_in_use",
  "55P03": "lock_not_available",
  "57P01": "admin_shutdown",
  "57P02": "crash_shutdown",
  "57P05": "idle_session_timeout",
  "58000": "system_error",
  "58030": "io_error",
  "58P01": "undefined_file",
  "72000": "snapshot_too_old",
  "P0001": "raise_exception",
  "P0002": "no_data_found",
  "P0003": "too_many_rows",
  "P0004": "assert_failure",
  "XX000": "internal_error",
  "XX001": "data_corrupted",
  "XX002": "index_corrupted",
};

/** The code with its condition name, as people look it up: `23505 unique_violation`. */
export function sqlstateLabel(code: string): string {
  const condition = CONDITIONS[code];
  return condition === undefined ? `SQLSTATE ${code}` : `SQLSTATE ${code} ${condition}`;
}

/** Whether a code has the form of a SQLSTATE. */
export function isSqlstate(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code);
}
