/** `snakepipe loads`: what was loaded when, from where, and what came of it. */
import { tableLabel } from "../../../src/model/batch.ts";
import { counted, grouped } from "../../../src/model/counted.ts";
import { defined } from "../../../src/model/defined.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readLoadsArguments } from "../options/observe_options.ts";
import type { Session } from "../output/output.ts";
import { durationText, timeText } from "../output/progress_display.ts";
import { tableLines } from "../output/text_table.ts";
import { openLedgers } from "../config/ledger_target.ts";

/** Runs the command. Nothing is changed: no table, and no file, is made. @throws {LoadError} */
export async function loadsCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readLoadsArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("loads"));
    return 0;
  }
  const { table, limit } = options;
  await using ledgers = await openLedgers(options, session, { waits: true });
  const { loads, more } = await ledgers.loads({ limit, ...defined({ table }) });
  if (session.json) terminal.json({ endpoint: ledgers.endpoint, loads, more });
  else for (const line of listing(loads, { more, table })) terminal.result(line);
  return 0;
}

const HEAD = [
  ...["BEGAN", "TOOK", "STATE", "MODE", "TABLE", "SOURCE", "COMMITTED", "REJECTED", "BATCHES"],
  ...["GEN", "LOAD"],
];

function listing(
  loads: readonly PastLoad[],
  { more, table }: { readonly more: boolean; readonly table: string | undefined },
): string[] {
  if (loads.length === 0) {
    return [`Nothing was loaded${table === undefined ? "" : ` into a table of the name ${table}`}`];
  }
  return [
    ...tableLines([HEAD, ...loads.map(row)]),
    ...(more
      ? [`The newest ${counted(loads.length, "load")}; there are more, which --limit N shows`]
      : []),
  ];
}

function row(load: PastLoad): string[] {
  const { schema, table, source, state, mode, startedAt, finishedAt, generation, id } = load;
  const { committed, rejected, batches } = load;
  const took = finishedAt === undefined
    ? "-"
    : durationText(timeOf(finishedAt) - timeOf(startedAt));
  return [
    ...[timeText(startedAt), took, state, mode, tableLabel({ schema, name: table }), source],
    ...[committed, rejected, batches, generation].map(grouped),
    id,
  ];
}

function timeOf(text: string): number {
  return Date.parse(text);
}
