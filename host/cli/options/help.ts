/** What `--help` prints. */
import type { OptionSpec } from "./arguments.ts";
import { type Command, COMMAND_OPTIONS } from "./command_options.ts";
import { LOAD_OPTION_GROUPS } from "./option_specs.ts";

/** Help for everything, without a command. */
const GENERAL_HELP = `snakepipe loads rows from files into databases

Usage:
  snakepipe load SOURCE… --to TARGET [OPTIONS]   load files, standard input or source code
  snakepipe run [NAME…] [OPTIONS]                run the loads of the configuration
  snakepipe doctor [TARGET] [OPTIONS]            look at what loads would need, change nothing
  snakepipe config check [FILE]                  say all that is wrong with a configuration
  snakepipe config schema                        show its JSON Schema, for editors
  snakepipe serve [OPTIONS]                      stay, and run them whenever they are due
  snakepipe rejects replay FILE --to TARGET      load rows that were left out and corrected
  snakepipe backends [OPTIONS]                   list the backends, their plugins and settings
  snakepipe new NAME --family FAMILY [OPTIONS]   make a folder for a plugin of your own
  snakepipe build DIR [--watch]                  compile a plugin, and check it
  snakepipe check FILE [--to URL] [OPTIONS]      ask a plugin everything; try it on a database
  snakepipe install FILE|URL [OPTIONS]           put somebody else's plugin into the folder
  snakepipe grant FILE [NAME…]                   record a plugin's file as it is, grant it more
  snakepipe revoke FILE [NAME…]                  take grants back, or forget the file
  snakepipe status [--watch] [--to TARGET]       show the loads that run, from any shell
  snakepipe loads --to TARGET                    show what was loaded, from the ledgers there
  snakepipe audit verify FILE                    look whether an audit log was tampered with
  snakepipe completions SHELL                    complete commands in bash, zsh or fish
  snakepipe help [COMMAND]                       show the help of a command
  snakepipe version [--json]                     show the version, and Deno's and V8's

Examples:
  snakepipe load nodes.ndjson --to libsql:ast.db --table nodes
  snakepipe load ast:./src --to libsql:ast.db
  snakepipe backends

Exit status: 0 all rows are committed, 1 the load failed, 2 the command line or the
configuration does not fit, 3 rows that cannot be taken, 130 and 143 stopped by a signal.`;

const LOAD_HELP = `Usage: snakepipe load SOURCE… [--to TARGET] [OPTIONS]

Loads rows into a table; makes the table where it is not there. A source is a file, a glob,
ast: and a file or folder of source code, or - for standard input; gzip is decompressed.

${groupLines(LOAD_OPTION_GROUPS)}

Examples:
  snakepipe load nodes.ndjson --to libsql:ast.db --table nodes
  cat nodes.ndjson | snakepipe load - --to postgres://me@localhost/ast --table nodes \\
    --mode upsert --key id
  snakepipe load 'logs/*.csv.gz' --to warehouse --table logs --null NULL --connections 2
  snakepipe load ast:./src --to libsql:ast.db

Each batch is a transaction. Ctrl-C finishes the batch in hand and says where the load
stopped; a second one ends it at once, without that batch.`;

const RUN_HELP = `Usage: snakepipe run [NAME…] [OPTIONS]

Runs loads of the configuration, all of them or those that are named. Loads run side by side; one
that names others in "after" begins when those are complete. A load that fails stops those that
come after it and no other. Run again, each load goes on where it stopped.

Options:
${optionLines(COMMAND_OPTIONS.run)}

Examples:
  snakepipe run
  snakepipe run people nodes --jobs 2
  snakepipe run --config etc/snakepipe.jsonc --json

A load of the configuration has the settings that load has as options: "batchRows" is
--batch-rows. It is what snakepipe load would be in the folder of the configuration. The exit
status is the worst of the loads': a signal, then 1, 2, 3, 0.`;

const DOCTOR_HELP = `Usage: snakepipe doctor [TARGET] [OPTIONS]

Looks at what loads would need: runtime and permissions, configuration, plugins, each backend of
the configuration (or TARGET alone, a name or a URL) with its version, encryption, privileges,
connections, clock, disk and locks, and the sources, tables and rejects of its loads. Nothing is
changed, in no database and in no file. A check that fails does not stop the others.

Options:
${optionLines(COMMAND_OPTIONS.doctor)}

Examples:
  snakepipe doctor
  snakepipe doctor warehouse --json
  snakepipe doctor postgres://me@localhost/ast

The exit status is 1 where a check has failed; each says what to do.`;

const CONFIG_HELP = `Usage: snakepipe config check [FILE] [OPTIONS]
       snakepipe config schema [OPTIONS]

check says everything that is wrong with a configuration, with line and column: JSON, names and
values of settings, those of backends too, variables of the environment, files of columns. No
database is asked; snakepipe doctor does that. schema shows the JSON Schema of the file.

Options:
${optionLines(COMMAND_OPTIONS.config)}

Examples:
  snakepipe config check
  snakepipe config check etc/snakepipe.jsonc --json
  snakepipe config schema > snakepipe.schema.json

With "$schema": "./snakepipe.schema.json" in the file, editors complete and check it while you
type. The exit status of check is 2 where something is wrong.`;

const COMPLETIONS_HELP = `Usage: snakepipe completions bash|zsh|fish
       snakepipe completions loads|backends [--config FILE]

Prints what makes the shell complete commands, options and their values; or the names of a
configuration, which the shell asks for behind run and --to.

Options:
${optionLines(COMMAND_OPTIONS.completions)}

Examples:
  eval "$(snakepipe completions bash)"       in ~/.bashrc
  eval "$(snakepipe completions zsh)"        in ~/.zshrc, behind compinit
  snakepipe completions fish | source        in ~/.config/fish/config.fish`;

const SERVE_HELP = `Usage: snakepipe serve [OPTIONS]

Stays, and runs the loads of the configuration: those with "watch" when their files change, those
with "schedule" when they are due, and each when somebody asks for it. Plugins and configuration
are taken while loads run. docs/serve.md is the page for operators.

Options:
${optionLines(COMMAND_OPTIONS.serve)}

Examples:
  snakepipe serve
  snakepipe serve --config /etc/snakepipe/snakepipe.jsonc --listen unix:/run/snakepipe/api
  curl -s http://127.0.0.1:7411/status

The first signal lets loads finish the batches in hand, the second ends the program at once; either
way, what is unfinished goes on at the next start. The exit status is 0 where all were finished in
time, 2 where the configuration is not valid or another serve runs it.`;

const REJECTS_HELP = `Usage: snakepipe rejects replay FILE [--to TARGET] --table NAME [OPTIONS]

Loads the rows of a file that snakepipe load --rejects has written, once they are corrected,
and takes their lines out of it. Correct the row of a line where it stands; a line that has
text or bytes instead was malformed, and takes a "row" beside them.

Options:
${optionLines(COMMAND_OPTIONS.rejects)}

Examples:
  snakepipe load nodes.csv --to libsql:ast.db --table nodes --max-rejects 1% \\
    --rejects nodes.rejects.ndjson
  snakepipe rejects replay nodes.rejects.ndjson --to libsql:ast.db --table nodes

Let the load itself come to its end first. A row is loaded once, however often the file is
replayed: the ledger in the target knows it by its load and its number there, not by what
stands in the line. Rows that are refused again stay, each with its new reason; the exit
status is 3 then, and where rows stay that were not corrected.`;

const BACKENDS_HELP = `Usage: snakepipe backends [OPTIONS]

Lists the backends, the plugins behind them, what these may do, and their settings; plugins
that were refused, with the reason; and the backends of the configuration.

Options:
${optionLines(COMMAND_OPTIONS.backends)}

Examples:
  snakepipe backends
  snakepipe backends --config snakepipe.jsonc --check
  snakepipe backends --plugins ./plugins/dist --json

With --check the exit status is 1 where a backend is not healthy.`;

const NEW_HELP = `Usage: snakepipe new NAME --family FAMILY [OPTIONS]

Makes a folder for a plugin of your own: it builds and passes check as it stands, marks the six
places to change, and has the kit, a test on a real database and tasks of its own. NAME is a path
whose last part is the plugin's name and its URL scheme.

Options:
${optionLines(COMMAND_OPTIONS.new)}

Examples:
  snakepipe new mydb --family libsql
  snakepipe new mydb --family libsql --lang c
  snakepipe new plugins/mydb --family postgres --write insert`;

const BUILD_HELP = `Usage: snakepipe build DIR [OPTIONS]

Compiles a plugin, and asks it everything, as snakepipe check does. Its first file says what it is
written in: DIR/assembly/index.ts in AssemblyScript, whose compiler comes from npm when it is first
used; DIR/src/plugin.c in C, for clang with wasm-ld; DIR/src/lib.rs in Rust, for a rustc that has
the target wasm32-unknown-unknown.

Options:
${optionLines(COMMAND_OPTIONS.build)}

Examples:
  snakepipe build mydb
  snakepipe build mydb --watch

The exit status is 1 where the plugin does not compile or does not pass.`;

const CHECK_HELP = `Usage: snakepipe check FILE [OPTIONS]

Lets a plugin's file in as a load would, and asks it everything that it will be asked: sessions,
health, and plans for shapes of every kind in each mode that it has. No database is needed. With
--to, it goes on to load through the plugin into that database, in every way that there is, and
measures how fast that goes, which decides nothing.

Options:
${optionLines(COMMAND_OPTIONS.check)}

Examples:
  snakepipe check ./plugins/strict.wasm
  snakepipe check ./plugins/strict.wasm --to strict:/tmp/test.db
  snakepipe load nodes.ndjson --to strict:ast.db --table nodes --json > report.json
  snakepipe check ./plugins/strict.wasm --replay report.json

A plan depends on the plugin's file, its settings and the shape, and on nothing else: a load
that failed over one fails here alike. The exit status is 1 where the plugin does not pass.`;

const INSTALL_HELP = `Usage: snakepipe install FILE [OPTIONS]
       snakepipe install https://HOST/NAME.wasm#sha256=HEX [OPTIONS]

Reads a plugin, holds it to everything that a load would, says what it may do, asks, and puts it
into the folder of plugins and into plugins.lock: both, or neither. A URL needs the hash of the
file behind it, or trustedKeys in the configuration, by one of which NAME.wasm.sig is signed.

Options:
${optionLines(COMMAND_OPTIONS.install)}

Examples:
  snakepipe install ./strict.wasm
  snakepipe install https://example.org/strict.wasm#sha256=$(cat strict.sha256) --plugins plugins
  snakepipe install ./strict-0.2.0.wasm --name strict.wasm --replace --yes

A plugin takes nobody's names and nobody's place: no file, backend type or URL scheme of another
plugin, no lower version, no other file under the same version. The exit status is 1 where it is
not installed; with --json, "reason" says why in one word.`;

const GRANT_HELP = `Usage: snakepipe grant FILE [NAME…] [OPTIONS]

Records a plugin's file in the plugins.lock of its folder as it stands there now, and grants it
what is named, beside what it has: capability functions, and words of SQL that its manifest asks
for. A file that has changed since it was recorded is refused until this is said. FILE is a path,
or a name in the folder of plugins.

Options:
${optionLines(COMMAND_OPTIONS.grant)}

Examples:
  snakepipe grant strict.wasm
  snakepipe grant ./plugins/named.wasm batch_column_name
  snakepipe grant vectors.wasm type:vector setting:statement_timeout`;

const REVOKE_HELP = `Usage: snakepipe revoke FILE [NAME…] [OPTIONS]

Takes grants of a plugin back. Without names, plugins.lock forgets the file: it is recorded again
when it is next seen, without any grant; with --locked it is refused.

Options:
${optionLines(COMMAND_OPTIONS.revoke)}

Examples:
  snakepipe revoke named.wasm batch_column_name
  snakepipe revoke strict.wasm`;

const STATUS_HELP = `Usage: snakepipe status [--watch] [OPTIONS]

Shows the loads that your programs on this machine have under way (load, run, serve, replays, and
programs that use the library): from where, into which table, rows that are durable, how fast, how
long still. A program shows up once a load has run for half a second. One that was killed is shown
once, with what was durable when it was last seen.

Options:
${optionLines(COMMAND_OPTIONS.status)}

Examples:
  snakepipe status
  snakepipe status --watch
  snakepipe status --to warehouse --json

With --to, rows are those of the ledger. A load that is running there and that none of your
programs here has was killed, or runs on another machine; the same command goes on with it.
The exit status is 1 where a program was killed, 130 or 143 where a signal has ended --watch.`;

const LOADS_HELP = `Usage: snakepipe loads [--to TARGET] [OPTIONS]

Shows what was loaded into a database, the newest first: when, from where, and what came of it,
as the ledgers there have it. Nothing is changed, and no table is made where there is none.

Options:
${optionLines(COMMAND_OPTIONS.loads)}

Examples:
  snakepipe loads --to libsql:ast.db
  snakepipe loads --to warehouse --table nodes --limit 100 --json

Times are in UTC. A load whose program was killed stays at running until the same command is
given again.`;

const AUDIT_HELP = `Usage: snakepipe audit verify FILE [OPTIONS]

Holds an audit log to its chain: each record has a number and the hash of the record before, so
that one which was changed, removed, added or moved is found. A line that a program did not come to
the end of, since it was killed, is reported as cut off and is no fault. Records from before there
was a chain cannot be checked, and are counted as unchained.

Options:
${optionLines(COMMAND_OPTIONS.audit)}

Examples:
  snakepipe load nodes.ndjson --to libsql:ast.db --table nodes --audit audit.ndjson
  snakepipe audit verify audit.ndjson
  snakepipe audit verify audit.ndjson --head 9f2c…

Whoever removes the last records, or writes all of them again, leaves a chain that fits: keep the
head that is printed where they cannot write, and hand it to a later verify. The exit status is
1 where anything is wrong.`;

const VERSION_HELP = `Usage: snakepipe version [OPTIONS]

Shows the version of the program, and of Deno and V8, on which it runs; snakepipe backends
shows those of the plugins.

Options:
${optionLines(COMMAND_OPTIONS.version)}`;

/** The help of a command; the general one where there is no such command. */
export function helpOf(command: string | undefined): string {
  if (command === "load") return LOAD_HELP;
  if (command === "run") return RUN_HELP;
  if (command === "doctor") return DOCTOR_HELP;
  if (command === "config") return CONFIG_HELP;
  if (command === "completions") return COMPLETIONS_HELP;
  if (command === "serve") return SERVE_HELP;
  if (command === "rejects") return REJECTS_HELP;
  if (command === "backends") return BACKENDS_HELP;
  if (command === "new") return NEW_HELP;
  if (command === "build") return BUILD_HELP;
  if (command === "check") return CHECK_HELP;
  if (command === "grant") return GRANT_HELP;
  if (command === "revoke") return REVOKE_HELP;
  if (command === "status") return STATUS_HELP;
  if (command === "loads") return LOADS_HELP;
  if (command === "audit") return AUDIT_HELP;
  if (command === "install") return INSTALL_HELP;
  if (command === "version") return VERSION_HELP;
  return GENERAL_HELP;
}

/** What a command does in a line, as the general help has it. */
export function summaryOf(command: Command): string {
  const line = GENERAL_HELP.split("\n").find((line) => line.startsWith(`  snakepipe ${command} `));
  return line?.split(/ {2,}/).at(-1) ?? "";
}

/** Options below the heading of their group, all in the same columns. */
function groupLines(groups: Readonly<Record<string, readonly OptionSpec[]>>): string {
  const width = widthOf(Object.values(groups).flat());
  return Object.entries(groups).map(([title, specs]) => `${title}:\n${optionLines(specs, width)}`)
    .join("\n\n");
}

/** Options in one column, what they do in another. */
function optionLines(specs: readonly OptionSpec[], width = widthOf(specs)): string {
  return specs.flatMap((spec) =>
    spec.help.split("\n").map((line, i) => (i === 0 ? headOf(spec) : "").padEnd(width) + line)
  ).join("\n");
}

function headOf({ name, value }: OptionSpec): string {
  return `  --${name}${value === undefined ? "" : ` ${value}`}`;
}

function widthOf(specs: readonly OptionSpec[]): number {
  return Math.max(...specs.map((spec) => headOf(spec).length)) + 2;
}
