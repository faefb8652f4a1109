/**
 * The demonstration: `deno task demo [folder…]` parses real source code and loads its syntax trees
 * into a libSQL file of this folder, made again each run, then shows what is in it. Without folders
 * it takes this project and some of its dependencies, and fails where that comes to fewer nodes than
 * it should.
 */
import { DatabaseSync } from "node:sqlite";
import { dirname, fromFileUrl } from "@std/path";
import { buildCodec } from "./build_codec.ts";
import { buildPlugins } from "./build_plugins.ts";
import { LoadError, messageOf } from "../src/model/errors.ts";
import type { LoadReport } from "../src/load/report.ts";
import { counted, grouped } from "../src/model/counted.ts";
import { createHost } from "../host/host.ts";
import { ast } from "../host/sources/ast.ts";
import { type ExitStatus, statusOf } from "../host/cli/output/exit_status.ts";
import { Interrupt } from "../host/cli/loads/interrupt.ts";
import { type Session, showFailure, summaryLines } from "../host/cli/output/output.ts";
import { ProgressDisplay } from "../host/cli/output/progress_display.ts";
import { SkipNotes } from "../host/cli/output/skip_notes.ts";
import { tableLines } from "../host/cli/output/text_table.ts";
import { Terminal } from "../host/cli/output/terminal.ts";

/** Where the nodes go, below the folder that the demonstration runs in. */
export const DEMO_DATABASE = ".cache/demo/ast.db";

/** This project, and dependencies of several languages that every run of it has on disk. */
const SOURCES: readonly string[] = [
  "mod.ts",
  "src",
  "host",
  "plugins",
  "tools",
  "test",
  "bench",
  "node_modules/web-tree-sitter",
  "node_modules/valibot",
  "node_modules/assemblyscript/std",
];

/** What these sources come to at the least; a fifth of what they hold today. */
const NODES_MIN = 300_000;
const TABLE = "nodes";
const KINDS_SHOWN = 10;
const PLUGINS = fromFileUrl(new URL("../plugins/dist", import.meta.url));

/** What to parse, and how many nodes it must come to. */
interface DemoArguments {
  readonly sources: readonly string[];
  readonly nodesMin: number;
}

if (import.meta.main) {
  const session: Session = { terminal: new Terminal(), json: false, secrets: [], notes: [] };
  let status: ExitStatus;
  try {
    status = await demo(readArguments(Deno.args), session);
  } catch (error) {
    showFailure(error, session);
    status = session.stopStatus ?? statusOf(error);
  }
  Deno.exit(status);
}

function readArguments(args: readonly string[]): DemoArguments {
  const option = args.find((arg) => arg.startsWith("-"));
  if (option !== undefined) {
    throw new LoadError("The demonstration takes no options, only folders of source code", {
      code: "config_invalid",
      blame: "config",
    });
  }
  return args.length === 0
    ? { sources: SOURCES, nodesMin: NODES_MIN }
    : { sources: args, nodesMin: 0 };
}

async function demo({ sources, nodesMin }: DemoArguments, session: Session): Promise<ExitStatus> {
  const { terminal } = session;
  const skips = new SkipNotes();
  // Asked for first, so that a folder that is not there costs nobody a database.
  const source = ast(sources, { onSkip: (file, reason) => skips.add(file, reason) });
  terminal.say("Building the plugins");
  await build();
  await Deno.remove(dirname(DEMO_DATABASE), { recursive: true }).catch(unlessMissing);
  await Deno.mkdir(dirname(DEMO_DATABASE), { recursive: true });

  terminal.say(`Parsing ${sources.join(", ")} into ${DEMO_DATABASE}`);
  using interrupt = listen(session);
  const report = await load(source, session, interrupt.signal);
  terminal.say("Reading it back");
  const lines = [
    ...summaryLines(report),
    ...skips.sentences(),
    ...(source.skipped === 0 ? ["No file was passed over"] : []),
    ...databaseLines(),
    ...nextLines(sources),
  ];
  for (const line of lines) terminal.result(line);
  if (report.committed >= nodesMin) return 0;
  terminal.complain(
    `${counted(report.committed, "node")} are fewer than the ${grouped(nodesMin)} that this ` +
      "source code comes to at the least: is a dependency missing from node_modules?",
  );
  return 1;
}

async function build(): Promise<void> {
  try {
    await buildPlugins();
    await buildCodec();
  } catch (error) {
    throw new LoadError(messageOf(error), { code: "plugin_failed", blame: "plugin" });
  }
}

function listen(session: Session): Interrupt {
  const interrupt: Interrupt = new Interrupt(() => {
    if (interrupt.status !== undefined) session.stopStatus = interrupt.status;
    session.terminal.say("Stopping after the batch in hand");
  }, () => session.terminal.clear());
  return interrupt;
}

async function load(
  source: ReturnType<typeof ast>,
  session: Session,
  signal: AbortSignal,
): Promise<LoadReport> {
  await using host = await createHost({ plugins: PLUGINS });
  const backend = await host.createBackend("libsql", { url: `libsql:${DEMO_DATABASE}` });
  using display = new ProgressDisplay(session.terminal);
  return await host.load(source, backend, {
    table: TABLE,
    signal,
    onStart: display.show().follow,
  });
}

/** What stands in the database, read back by an engine that has no part in loading. */
function databaseLines(): string[] {
  using database = new DatabaseSync(DEMO_DATABASE, { readOnly: true });
  const read = (sql: string): string[][] =>
    database.prepare(sql).all().map((row) => Object.values(row).map(cell));
  const share = `printf('%.1f %%', 100.0 * count(*) / (SELECT count(*) FROM ${TABLE}))`;
  // Each file has one root, and counting roots takes a third of what counting names would.
  const languages = read(
    `SELECT language, sum(parent_id IS NULL), count(*), ${share} FROM ${TABLE} ` +
      "GROUP BY language ORDER BY count(*) DESC, language",
  );
  const kinds = read(
    `SELECT kind, count(*), ${share} FROM ${TABLE} ` +
      `GROUP BY kind ORDER BY count(*) DESC, kind LIMIT ${KINDS_SHOWN}`,
  );
  return [
    "",
    `What ${DEMO_DATABASE} holds, by language:`,
    ...columns(["language", "files", "nodes", "share"], languages),
    "",
    `The ${KINDS_SHOWN} most frequent kinds of nodes:`,
    ...columns(["kind", "nodes", "share"], kinds),
  ];
}

function cell(value: unknown): string {
  return typeof value === "number" ? grouped(value) : String(value);
}

/** Lines of a table: the first column reads from the left, the figures end at the right. */
function columns(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const aligned = all.map((row) =>
    row.map((text, i) => i === 0 ? text : text.padStart(widths[i]!))
  );
  return tableLines(aligned).map((line) => `  ${line}`);
}

function nextLines(sources: readonly string[]): string[] {
  const words = sources.map((source) => shellWord(`ast:${source}`));
  return [
    "",
    "The same into PostgreSQL:",
    `  deno run -A mod.ts load ${words.join(" ")} \\`,
    `    --to postgres://me@localhost/ast --table ${TABLE}`,
  ];
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
