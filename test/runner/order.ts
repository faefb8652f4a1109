/** In which order test files run, and which of them have the machine to themselves. */

/** Files that run while nothing else does, and why. */
export const ALONE: Readonly<Record<string, string>> = {
  "test/integration/event_loop_test.ts": "measures how long the event loop is kept",
};

/**
 * What takes longest, so that it begins first: the last file to end ends the run. Those that take half
 * a minute or more, then folders; what is in none of them takes seconds.
 */
export const LONGEST: readonly string[] = [
  "test/conformance/suite_test.ts",
  "test/crash/crash_test.ts",
  "test/integration/table_identity_test.ts",
  "test/integration/load_bench_test.ts",
  "test/fuzz/fuzz_test.ts",
  "test/attack/plan_harm_test.ts",
  "test/attack/plan_layer_test.ts",
  "test/attack/statement_attack_test.ts",
  "test/attack/module_attack_test.ts",
  "test/integration/cli/rejects_test.ts",
  "test/integration/upsert_model_test.ts",
  "test/integration/inferred_type_test.ts",
  "test/integration/reject_isolation_test.ts",
  "test/integration/unread_source_test.ts",
  "test/integration/changed_file_test.ts",
  "test/integration/cli/rejects_settled_test.ts",
  "test/host/plugins/sandbox/metered_plugin_test.ts",
  "test/integration/",
  "test/attack/",
  "test/conformance/",
  "test/host/",
  "test/tidy/",
];

/** The files that may run at once, the longest first, and those that run alone after them. */
export function inOrder(
  files: readonly string[],
): { readonly together: readonly string[]; readonly alone: readonly string[] } {
  const rank = (file: string) => {
    const at = LONGEST.findIndex((prefix) => file.startsWith(prefix));
    return at < 0 ? LONGEST.length : at;
  };
  return {
    together: files.filter((file) => !(file in ALONE)).sort((a, b) => rank(a) - rank(b)),
    alone: files.filter((file) => file in ALONE),
  };
}
