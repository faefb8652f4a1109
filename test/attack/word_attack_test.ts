/**
 * Words of SQL that a hostile manifest asks for. What nobody can grant is refused as the plugin is let in, with
 * its reason; what the grammar of a manifest has no room for, by the manifest's schema. What could be
 * granted and is another thing to the database is refused by the database's own parser.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { createHost, LoadError } from "../../mod.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { wordFaults } from "../../src/plan_policy/dialect_words.ts";
import { type AskedWord, askedWords, ManifestWordsSchema } from "../../src/plugin_api/words.ts";
import { ManifestSchema } from "../../src/plugin_api/manifest.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { planOf } from "./statement_attack.ts";
import { shapeOf } from "./verifier_alone.ts";

/** A word, what it would do, and why it cannot be granted. */
interface WordCase {
  readonly family: string;
  readonly kind: AskedWord["kind"];
  readonly word: string;
  readonly does: string;
  readonly says: string;
}

const NO_SETTING = "No plugin may set it";

function settings(family: string, words: readonly (readonly [word: string, does: string])[]) {
  return words.map(([word, does]): WordCase => ({
    ...{ family, word, does },
    kind: "setting",
    says: NO_SETTING,
  }));
}

const CASES: readonly WordCase[] = [
  ...settings("postgres", [
    ["session_replication_role = replica", "switches triggers and foreign keys off"],
    ["search_path = evil", "has names mean others"],
    ["default_transaction_read_only = off", "takes back that the session may only read"],
    ["transaction_read_only = off", "the same for one transaction"],
    ["default_transaction_isolation = serializable", "changes what a batch sees"],
    ["default_transaction_deferrable = on", "has transactions wait"],
    ["role = postgres", "takes another role"],
    ["session_authorization = postgres", "becomes somebody else"],
    ["lo_compat_privileges = on", "opens large objects to all"],
    ["row_security = off", "has policies not be asked"],
    ["default_tablespace = evil", "puts tables elsewhere"],
    ["temp_tablespaces = evil", "puts staging elsewhere"],
    ["default_table_access_method = evil", "has tables made by code of others"],
    ["default_with_oids = on", "makes other columns"],
    ["check_function_bodies = off", "lets functions in that nobody has read"],
    ["dynamic_library_path = evil", "loads code from elsewhere"],
    ["local_preload_libraries = evil", "loads code"],
    ["session_preload_libraries = evil", "loads code"],
    ["datestyle = german", "has dates read in another order"],
    ["timezone = utc", "moves what has no zone"],
    ["intervalstyle = iso_8601", "has intervals written otherwise"],
    ["bytea_output = escape", "has bytes read back otherwise"],
    ["xmloption = document", "refuses what was in order"],
    ["standard_conforming_strings = off", "has texts read in another way"],
    ["backslash_quote = on", "has texts read in another way"],
    ["client_encoding = latin1", "has bytes mean other letters"],
    ["zero_damaged_pages = on", "has rows vanish"],
    ["ignore_system_indexes = on", "reads without the catalog's indexes"],
    ["log_statement = none", "hides what it does"],
    ["application_name = psql", "hides who does it"],
    ["idle_in_transaction_session_timeout = #1", "ends sessions between two batches"],
    ["constraint_exclusion = off", "changes nothing that a load needs"],
  ]),
  ...settings("mysql", [
    ["autocommit = off", "has nothing commit by itself"],
    ["foreign_key_checks = off", "lets rows in that refer to nothing"],
    ["unique_checks = off", "lets rows in that are there"],
    ["sql_mode = ansi_quotes", "has values cut, and quotes mean others"],
    ["sql_log_bin = off", "hides a load from the replicas"],
    ["default_storage_engine = myisam", "makes tables without transactions"],
    ["tmp_table_size = #1", "puts staging on the disk"],
    ["transaction_isolation = serializable", "changes what a batch sees"],
    ["tx_read_only = off", "takes back that the session may only read"],
    ["auto_increment_offset = #1-65535", "has tables count otherwise"],
    ["insert_id = #1-1000", "chooses the next number"],
    ["timestamp = #1-1000", "moves the clock of the session"],
    ["time_zone = system", "moves what has no zone"],
    ["character_set_client = binary", "has bytes mean other letters"],
    ["check_constraint_checks = off", "has CHECKs not be asked"],
    ["max_allowed_packet = #1024", "ends connections"],
    ["sql_safe_updates = off", "takes a bound away"],
    ["local_infile = on", "has files be read"],
  ]),
  ...settings("libsql", [
    ["writable_schema = on", "has the catalog be a table"],
    ["ignore_check_constraints = on", "has CHECKs not be asked"],
    ["foreign_keys = off", "lets rows in that refer to nothing"],
    ["defer_foreign_keys = on", "asks about them later"],
    ["recursive_triggers = on", "has triggers call themselves"],
    ["journal_mode = off", "leaves nothing to go back to"],
    ["synchronous = off", "is a recipe's, and no setting's"],
    ["locking_mode = exclusive", "keeps others out for good"],
    ["trusted_schema = on", "has the schema call functions"],
    ["legacy_alter_table = on", "has references go astray"],
    ["case_sensitive_like = on", "has CHECKs mean others"],
    ["encoding = utf16", "has texts be kept otherwise"],
    ["query_only = on", "has nothing be written"],
    ["max_page_count = #1", "has the file be full"],
    ["user_version = #1-100", "changes what others have set"],
    ["schema_version = #1-100", "has others read the schema wrongly"],
    ["temp_store_directory = evil", "puts files elsewhere"],
    ["reverse_unordered_selects = on", "has rows come in another order"],
  ]),
  ...settings("duckdb", [
    ["enable_external_access = true", "reads and writes files"],
    ["autoinstall_known_extensions = true", "loads code"],
    ["allow_unsigned_extensions = true", "loads code of anybody"],
    ["home_directory = evil", "puts files elsewhere"],
    ["memory_limit = #1", "is the driver's own"],
    ["threads = #1-64", "is the driver's own"],
    ["lock_configuration = false", "opens what is closed"],
  ]),
  ...([
    ["postgres", "serial", "makes a sequence", "No plugin gets it: it makes a sequence"],
    ["postgres", "bigserial", "makes a sequence", "No plugin gets it: it makes a sequence"],
    ["postgres", "serial8", "makes a sequence", "No plugin gets it: it makes a sequence"],
    ["postgres", "name", "cuts texts", "No plugin gets it: it cuts a text"],
    ["postgres", "money", "rounds", "No plugin gets it: it rounds"],
    ["postgres", "regclass", "looks names up", "No plugin gets it: it keeps a number"],
    ["postgres", "regprocedure", "looks names up", "No plugin gets it: it keeps a number"],
    ["postgres", "pg_lsn", "is the server's own", "No plugin gets it: it is no type of a column"],
    ["postgres", "anyelement", "is no type of a column", "No plugin gets it: it is no type"],
    ["postgres", "default", "begins a default", "behind a column's name it is no type"],
    ["postgres", "references", "refers to another table", "behind a column's name it is no type"],
    ["postgres", "check(#1)", "begins a condition", "behind a column's name it is no type"],
    ["postgres", "generated", "begins an expression", "behind a column's name it is no type"],
    ["postgres", "setof", "is for functions", "behind a column's name it is no type"],
    ["postgres", "text(#5)", "is there already", "The recipes have it already"],
    ["libsql", "unique", "refuses rows that are alike", "behind a column's name it is no type"],
    ["libsql", "as(a)", "computes the column", "behind a column's name it is no type"],
    ["libsql", "check(#0)", "refuses every row", "behind a column's name it is no type"],
    ["libsql", "primary", "begins another key", "behind a column's name it is no type"],
    ["libsql", "collate", "has texts be equal", "behind a column's name it is no type"],
    ["libsql", "autoincrement", "counts for itself", "behind a column's name it is no type"],
    ["mysql", "serial", "counts for itself", "No plugin gets it: it is a column that counts"],
    ["mysql", "enum(a)", "keeps a number", "No plugin gets it: it keeps a number"],
    ["mysql", "bit(#64)", "changes values", "No plugin gets it: it changes values"],
    ["mysql", "auto_increment", "counts for itself", "behind a column's name it is no type"],
    ["duckdb", "struct(a, b)", "has no value", "No plugin gets it: rows have no value for it"],
    ["duckdb", "generated", "begins an expression", "behind a column's name it is no type"],
  ] as const).map(([family, word, does, says]): WordCase => ({
    ...{ family, word, does, says },
    kind: "type",
  })),
  ...([
    ["postgres", "inherits ( {keys} )", "takes columns and shows rows", "by INHERITS"],
    ["postgres", "partition by range ( {keys} )", "has no rows of its own", "by PARTITION"],
    ["postgres", "tablespace evil", "puts the table elsewhere", "by TABLESPACE"],
    ["postgres", "using evil", "has it made by code of others", "by USING"],
    ["postgres", "with ( {keys} )", "sets parameters", "by WITH"],
    ["postgres", "on commit drop", "drops it again", "by ON"],
    ["postgres", "as select", "fills it from elsewhere", "by AS"],
    ["postgres", "as table other", "fills it from elsewhere", "by AS"],
    ["postgres", "as execute later", "runs what was prepared", "by AS"],
    ["postgres", "diststyle all as table other", "hides that", "by AS"],
    ["postgres", "like other", "takes columns", "by LIKE"],
    ["postgres", "temp", "is gone at the end", "by TEMP"],
    ["postgres", "interleave in parent other ( {keys} )", "is part of another", "by INTERLEAVE"],
    ["mysql", "engine = memory", "is gone at the end", "take no option of a manifest"],
    ["mysql", "unlogged", "is no word there", "take no option of a manifest"],
    ["libsql", "as select", "fills it from elsewhere", "take no option of a manifest"],
    ["duckdb", "as from other", "fills it from elsewhere", "take no option of a manifest"],
  ] as const).map(([family, word, does, says]): WordCase => ({
    ...{ family, word, does, says },
    kind: "option",
  })),
  ...([
    ["postgres", "statement_timeout = #0-600000", "switches it off", "Expected no more than #1000"],
    ["postgres", "statement_timeout = #600000", "switches it off", "Expected no more than #1000"],
    ["postgres", "temp_buffers = #100-999999999", "takes all memory", "Expected no more than"],
    ["postgres", "plan_cache_mode = off", "is no word of it", "Expected no more than"],
    ["mysql", "sort_buffer_size = #999999999", "has no least bound", "Expected no more than"],
    ["libsql", "busy_timeout = #999999999", "waits for weeks", "Expected no more than"],
    ["libsql", "secure_delete = maybe", "is no word of it", "Expected no more than"],
  ] as const).map(([family, word, does, says]): WordCase => ({
    ...{ family, word, does, says },
    kind: "setting",
  })),
];

for (const { family, kind, word, does, says } of CASES) {
  Deno.test(`hostile word: ${family}: ${kind} ${word}, which ${does}, cannot be granted`, async () => {
    const words = { [`${kind}s`]: [word] };
    assert(v.safeParse(ManifestWordsSchema, words).success, "the schema refuses it");
    const { dialect } = await loadDriver(family);
    const [fault] = wordFaults(askedWords(words), dialect);
    assertStringIncludes(fault?.message ?? "it can be granted", says);
  });
}

/** What a manifest has no room for. */
const UNREADABLE = [
  { settings: ["statement_timeout = #1000; drop table other"] },
  { settings: ['search_path = "evil"'] },
  { settings: ["a = 'b'"] },
  { settings: ["evil.setting = #1-2"] },
  { types: ["int default (#1)"] },
  { types: ["evil.type"] },
  { types: ["vector(#3)) as select"] },
  { types: ["a(b(c))"] },
  { options: ["sortkey ( {table} )"] },
  { options: ["diststyle all; drop table other"] },
  { options: ["comment = 'x'"] },
  { options: ["diststyle ( select )"] },
];
for (const words of UNREADABLE) {
  Deno.test(`hostile word: ${JSON.stringify(words)} is no word`, () => {
    assert(!v.safeParse(ManifestSchema, { ...MANIFEST, words }).success);
  });
}

Deno.test("hostile word: a plugin that asks for what nobody can grant is not let in, and says which", async () => {
  await using host = await createHost();
  const bytes = samplePlugin({
    manifest: {
      ...MANIFEST,
      words: { settings: ["writable_schema = on", "busy_timeout = #1000"], types: ["unique"] },
    },
  });
  const error: LoadError = await assertRejects(
    () => host.registerPlugin(bytes, { file: "evil.wasm" }),
    LoadError,
    "The manifest of plugin evil.wasm asks for words that nobody can grant:",
  );
  assertEquals(error.code, "plugin_manifest");
  assertEquals(error.issues.map(({ path }) => path), [
    "words.types unique",
    "words.settings writable_schema",
  ]);
  assertEquals(host.discoverAvailableBackends(), []);
});

/** Plans whose words were granted, and what the database's parser says of them. */
const READ: readonly (readonly [family: string, plan: AttackPlan, words: object, says: string])[] =
  [
    [
      "postgres",
      { create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} citext, {col:2} vector(3))"] },
      { types: ["citext", "vector(#16000)"] },
      "it is taken",
    ],
    [
      "postgres",
      { create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} citext, {col:2} text)"] },
      { types: ["vector(#16000)"] },
      "create[0]: to PostgreSQL it is another statement",
    ],
    [
      "postgres",
      { create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} evil.citext, {col:2} text)"] },
      { types: ["citext"] },
      "create[0]: to PostgreSQL it is another statement",
    ],
    [
      "postgres",
      {
        create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} citext DEFAULT g(), {col:2} text)"],
      },
      { types: ["citext"] },
      "create[0]: to PostgreSQL it is another statement",
    ],
    [
      "postgres",
      { create: ["CREATE UNLOGGED TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)"] },
      { options: ["unlogged"] },
      "it is taken",
    ],
    [
      "postgres",
      { create: ["CREATE TEMP TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)"] },
      { options: ["unlogged"] },
      "create[0]: to PostgreSQL it is another statement",
    ],
    [
      "postgres",
      {
        create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text) diststyle all"],
      },
      { options: ["diststyle all"] },
      "it is taken",
    ],
    // What PostgreSQL reads means something to it, whatever the recipes have let through.
    [
      "postgres",
      {
        create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text) WITHOUT OIDS"],
      },
      { options: ["without oids"] },
      "create[0]: to PostgreSQL the option without is of its own",
    ],
    [
      "postgres",
      {
        create: [
          "CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text) INHERITS (other)",
        ],
      },
      { options: ["diststyle all"] },
      "create[0]: to PostgreSQL it is another statement",
    ],
    [
      "mysql",
      { create: ["CREATE TABLE {table} ({col:0} BIGINT, {col:1} INET6, {col:2} TEXT)"] },
      { types: ["inet6"] },
      "it is taken",
    ],
    [
      "mysql",
      { create: ["CREATE TABLE {table} ({col:0} BIGINT, {col:1} INET6 UNIQUE, {col:2} TEXT)"] },
      { types: ["inet6"] },
      "create[0]: to MySQL it is another statement",
    ],
    [
      "duckdb",
      {
        create: [
          "CREATE TABLE {table} ({col:0} UBIGINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
        ],
      },
      { types: ["ubigint"] },
      "it is taken",
    ],
    [
      "duckdb",
      {
        create: [
          "CREATE TABLE {table} ({col:0} TINYINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
        ],
      },
      { types: ["tinyint"] },
      "in a rehearsal, DuckDB takes no rows into it",
    ],
    [
      "libsql",
      { create: ["CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT, {col:2} F32_BLOB(3))"] },
      { types: ["f32_blob(#65536)"] },
      "it is taken",
    ],
    [
      "libsql",
      { create: ["CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT, {col:2} AS(a))"] },
      { types: ["as(a)"] },
      "create[0]: to SQLite it makes other columns",
    ],
  ];
for (const [family, plan, words, says] of READ) {
  Deno.test(`words that are granted: ${family}: ${plan.create![0]}: ${says}`, async () => {
    const verifier = await (await loadDriver(family)).grammar();
    const refusal = await verifier.refusalOf(
      planOf({ family, plan }),
      shapeOf({}),
      askedWords(words),
    );
    assertStringIncludes(refusal ? `${refusal.at}: ${refusal.why}` : "it is taken", says);
  });
}
