/** `snakepipe loads`: what was loaded when, from where, and what came of it. */
import { chooseTarget } from "../../../src/config/route.ts";
import { counted, grouped } from "../../../src/model/counted.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";
import { createHost } from "../../host.ts";
import { loadConfigFile, pluginsOf } from "../config/config_file.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readLoadsArguments } from "../options/observe_options.ts";
import type { Session } from "../output/output.ts";
import { durationText } from "../output/progress_display.ts";
import { tableLines } from "../output/text_table.ts";
import { exampleTargets, openTarget } from "../config/target.ts";

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
  const { to, table, limit, set } = options;
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const target = chooseTarget(config, {
    table: table ?? "",
    examples: exampleTargets(),
    ...defined({ to }),
  });
  await using host = await createHost({ ...await pluginsOf(options, config), readOnly: true });
  const backend = await openTarget(host, target, { set });
  if (!backend.pastLoads) {
    throw new LoadError("This backend keeps no ledger, so that it does not know what was loaded", {
      code: "usage",
      blame: "config",
    });
  }
  // One more tells that there are more.
  const found = await backend.pastLoads({ limit: limit + 1, ...defined({ table }) });
  const loads = found.slice(0, limit);
  const more = found.length > limit;
  if (session.json) terminal.json({ endpoint: backend.endpoint, loads, more });
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
    startedAt.slice(0, 19).replace("T", " "),
    ...[took, state, mode, schema === undefined ? table : `${schema}.${table}`, source],
    ...[committed, rejected, batches, generation].map(grouped),
    id,
  ];
}

function timeOf(text: string): number {
  return Date.parse(text);
}
