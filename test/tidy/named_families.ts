/**
 * Files that name families of databases although they are not those families' own, each with the
 * reason.
 */
export interface NamedFamilies {
  readonly families: readonly string[];
  readonly why: string;
  readonly files: readonly string[];
}

const cli = (names: readonly string[]) => names.map((name) => `test/integration/cli/${name}`);

/** Every exception. Nothing in these files would change if another family was added. */
export const NAMED: readonly NamedFamilies[] = [
  {
    families: ["libsql", "postgres", "mysql", "duckdb"],
    why: "Which ways to write each family's plans are made is what is tested",
    files: ["test/conformance/new_plugin_test.ts", "test/conformance/ways.ts"],
  },
  {
    families: ["postgres"],
    why: "Examples of plugins for databases that speak its protocol",
    files: [
      ...["cockroachdb", "redshift", "timescaledb", "yugabytedb"].map((name) =>
        `plugins/examples/${name}/assembly/index.ts`
      ),
      "test/conformance/example_plugin_test.ts",
    ],
  },
  {
    families: ["libsql", "postgres", "mysql", "duckdb"],
    why:
      "What the recipes of each family let stand, and what manifests may ask for, is what is tested",
    files: [
      "test/attack/word_attack_test.ts",
      "test/conformance/recipe_load_test.ts",
      "test/conformance/word_load_test.ts",
    ],
  },
  {
    families: ["postgres", "mysql", "duckdb"],
    why: "What each of their types keeps of a text is what is tested",
    files: ["test/conformance/refused_type_test.ts"],
  },
  {
    families: ["postgres"],
    why: "Messages about recipes are tested on those of the family that has most kinds of them",
    files: [
      "test/unit/plan_policy/lesson_test.ts",
      "test/unit/plan_policy/dialect_words_test.ts",
    ],
  },
  {
    families: ["libsql", "postgres"],
    why: "Help and demonstration are documentation: their examples are targets that exist",
    files: ["host/cli/options/help.ts", "tools/demo.ts", "test/integration/demo_test.ts"],
  },
  {
    families: ["libsql", "duckdb"],
    why: "An installed program has its packages: one family needs one of its own, the other none",
    files: cli(["readme_install_test.ts"]),
  },
  {
    families: ["libsql", "postgres"],
    why: "Goals of the benchmark are set for databases by name",
    files: ["test/integration/bench_goals_test.ts"],
  },
  {
    families: ["postgres"],
    why: "The form of bytes that is taken without being asked for is known by who prints it",
    files: ["host/cli/options/option_specs.ts"],
  },
  {
    families: ["libsql"],
    why: "An image of a database is in that database's own format, as COPY data is in another's",
    files: [
      "host/codec/image_head.ts",
      "test/host/codec/image_test.ts",
      "test/host/codec/image_stream_test.ts",
    ],
  },
  {
    families: ["libsql"],
    why: "A database file is one of the files that are told to be no source",
    files: [
      ...["host/sources/not_text.ts", "test/host/sources/not_text_test.ts"],
      "test/host/rejects/reject_file_test.ts",
    ],
  },
  {
    families: ["libsql"],
    why:
      "Tests what is the same for every family, by the one that needs neither server nor native code",
    files: [
      "test/integration/emptied_source_test.ts",
      ...cli([
        "author_test.ts",
        "bundle_test.ts",
        "check_test.ts",
        "forgery_test.ts",
        "install_test.ts",
        "loose_key_test.ts",
        "run_test.ts",
        "config_check_test.ts",
      ]),
      ...cli([
        "audit_test.ts",
        "loads_test.ts",
        "load_status_test.ts",
        "status_test.ts",
        "debug_log_test.ts",
        "program.ts",
        "usage_test.ts",
        "written_files_test.ts",
        "output_test.ts",
        "pipe_files_test.ts",
        "rejects_test.ts",
      ]),
      ...["doctor_test.ts", "dry_run_test.ts", "npm_package_test.ts", "secret_file_test.ts"].map((
        name,
      ) => `test/integration/${name}`),
      "test/host/plugins/live/live_folder_test.ts",
      "test/integration/transient_target_test.ts",
      ...[
        "serve_program.ts",
        "serve_test.ts",
        "flood_test.ts",
        "outage_test.ts",
        "pause_test.ts",
        "by_value_test.ts",
        "api_test.ts",
        "terms_test.ts",
        "upload_test.ts",
      ]
        .map((name) => `test/integration/serve/${name}`),
      ...["outage", "keyboard", "load_page"].map((name) => `test/integration/page/${name}_test.ts`),
      "test/integration/page/picture.ts",
      ...["folder_test.ts", "module_attack_test.ts", "name_clash_test.ts", "quarantine_test.ts"]
        .map(
          (name) => `test/attack/${name}`,
        ),
      "test/attack/swapped_file_test.ts",
      "test/host/plugins/live/place_plugin_test.ts",
      ...["plugin_kit_test.ts", "suite_itself_test.ts"].map((name) => `test/conformance/${name}`),
      ...["test/host/lane/lanes_test.ts", "test/support/wasm_text.ts"],
    ],
  },
  {
    families: ["postgres"],
    why: "Tests what is the same for every server, by the one that npm has the binaries of",
    files: [
      ...cli(["rejects_test.ts", "usage_test.ts", "debug_log_test.ts"]),
      "test/conformance/connection_lifecycle_management_test.ts",
      "test/conformance/error_handling_standardization_test.ts",
      "test/host/platform/kept_answers_test.ts",
    ],
  },
  {
    families: ["libsql", "postgres", "mysql"],
    why: "Tests the words of each client for a server that is not there",
    files: cli(["unanswered_server_test.ts"]),
  },
  {
    families: ["libsql", "postgres"],
    why: "Tests what is the same for every file and for every server, by one of each",
    files: [
      ...cli(["config_test.ts", "interrupt_test.ts", "load_test.ts", "permission_test.ts"]),
      ...cli(["retry_test.ts", "secret_test.ts", "terminal_test.ts", "target_test.ts"]),
      "test/conformance/backend_interface_compliance_test.ts",
      "test/conformance/native_plugin_test.ts",
      "test/conformance/plugin_guide_test.ts",
      "test/conformance/factory_backend_creation_test.ts",
      "test/conformance/plugin_registration_system_test.ts",
      "test/integration/several_targets_test.ts",
      "test/integration/several_targets_pipe_test.ts",
      ...["config_content_test.ts", "loads_test.ts", "route_test.ts"].map((name) =>
        `test/unit/config/${name}`
      ),
      "test/integration/event_loop_test.ts",
    ],
  },
  {
    families: ["libsql", "postgres"],
    why: "Cases of one family stand beside those of all, and share what those are made of",
    files: [
      ...["table_identity_test.ts", "target_test.ts"].map((name) => `test/integration/${name}`),
    ],
  },
  {
    families: ["duckdb", "libsql"],
    why: "A plugin is dropped while another one is replaced: files of two, without a server",
    files: ["test/integration/serve/runtime_test.ts"],
  },
  {
    families: ["duckdb", "libsql", "mysql", "postgres"],
    why: "Whether two URLs lead to one table is a question that each family answers for itself",
    files: ["test/host/drivers/table_identity_test.ts"],
  },
  {
    families: ["duckdb", "mysql", "postgres"],
    why: "A configuration with mistakes in the settings of each family is checked as a whole",
    files: cli(["config_check_test.ts"]),
  },
  {
    families: ["duckdb", "libsql", "postgres"],
    why:
      "A load goes into several databases at once, and what is missing is missing in one of them",
    files: ["test/integration/side_by_side_test.ts"],
  },
  {
    families: ["postgres"],
    why: "Cases of one family stand beside those of all, and share what those are made of",
    files: ["test/integration/inferred_type_test.ts", "test/integration/libsql/connect_test.ts"],
  },
  {
    families: ["libsql"],
    why: "Cases of one family stand beside those of all, and share what those are made of",
    files: ["test/host/codec/wide_test.ts"],
  },
  {
    families: ["postgres"],
    why: "Words that are put into statements, some of which databases know",
    files: ["src/plan_policy/hazard.ts", "test/fuzz/statement_mutation.ts"],
  },
];
