/** `snakepipe check`: everything that a plugin will be asked, or one question once more. */
import { PlanQuestionSchema } from "../../../src/model/plan_question.ts";
import type { Manifest } from "../../../src/plugin_api/manifest.ts";
import { parse } from "../../../src/config/parse.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { checkPlugin, replayPlan } from "../../plugins/check/plugin_check.ts";
import { grantsOf } from "../../plugins/store/admission.ts";
import { checkJson, checkLines, problemCount } from "../output/check_lines.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readJsonFile } from "../config/json_file.ts";
import { type CheckArguments, readCheckArguments } from "../options/plugin_options.ts";
import { HASH_DIGITS, type Session } from "../output/output.ts";
import { typedSettings } from "../config/target.ts";

/** Runs the command; 1 where the plugin does not pass. @throws {LoadError} */
export async function checkCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readCheckArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("check"));
    return 0;
  }
  if (options.replay !== undefined) return await replay(options.file, options.replay, session);
  const check = await checkPlugin(options.file, {
    grants: await grantsOf(options.file),
    settings: (manifest) => typedSettings(ownSettings(options, manifest), manifest.config),
  });
  const problems = problemCount(check);
  if (options.to !== undefined && problems === 0) {
    const { checkDatabase } = await import("./check_database.ts");
    return await checkDatabase(check, { ...options, to: options.to }, session);
  }
  if (session.json) terminal.json(checkJson(check));
  else for (const line of checkLines(check, terminal.width)) terminal.result(line);
  return problems > 0 ? 1 : 0;
}

/** With a database, the settings may be its driver's, too. */
function ownSettings(
  { set, to }: CheckArguments,
  { config }: Manifest,
): CheckArguments["set"] {
  if (to === undefined) return set;
  return Object.fromEntries(
    Object.entries(set).filter(([name]) => Object.hasOwn(config.properties, name)),
  );
}

async function replay(file: string, from: string, session: Session): Promise<ExitStatus> {
  const question = parse(
    PlanQuestionSchema,
    questionIn(await readJsonFile(from, "config_invalid")),
    {
      what: `The question in ${from}`,
      code: "config_invalid",
      blame: "config",
    },
  );
  const { plan, hash } = await replayPlan(file, question, await grantsOf(file));
  if (session.json) session.terminal.json({ question, plan, hash });
  else {
    session.terminal.result(`The plan passes now, ${hash.slice(0, HASH_DIGITS)}:`);
    session.terminal.json(plan, { indented: true });
  }
  return 0;
}

/** The question itself, or the one in what `snakepipe load --json` has printed. */
function questionIn(json: unknown): unknown {
  if (json === undefined) {
    throw new LoadError("No such file to replay", { code: "config_invalid", blame: "config" });
  }
  const { error } = (json ?? {}) as { error?: { question?: unknown } | null };
  return error?.question ?? json;
}
