/** `snakepipe build`: compiles a plugin and checks it; again after each save, if that is wanted. */
import { LoadError } from "../../../src/model/errors.ts";
import {
  buildFolder,
  type FolderBuild,
  lastSave,
  sourceFolders,
} from "../../plugins/author/build_folder.ts";
import { planChanges, type Plans } from "../../plugins/author/plan_changes.ts";
import { nameThisProgram } from "../../plugins/author/moved_program.ts";
import { savedState, savesIn } from "../../plugins/author/saves.ts";
import { type BuildArguments, readBuildArguments } from "../options/plugin_options.ts";
import { checkJson, problemCount, problemLines, verdict } from "../output/check_lines.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { type Session, showFailure } from "../output/output.ts";
import { durationText } from "../output/progress_display.ts";

/** How long no save comes before the module is compiled once more, and optimised. */
const OPTIMISE_AFTER_MS = 1_000;
/** Plans of which it is shown what has changed. */
const SHOWN_PLANS_MAX = 2;
/** Characters of a statement that are shown. */
const SHOWN_MAX = 300;

/** Runs the command; 1 where the plugin does not pass. @throws {LoadError} */
export async function buildCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readBuildArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("build"));
    return 0;
  }
  const moved = await nameThisProgram(options.folder);
  if (moved !== undefined) terminal.say(moved);
  if (options.watch) return await watch(options, session);
  const built = await buildFolder(options.folder, options.out);
  const { check } = built;
  if (session.json) terminal.json(checkJson(check));
  else for (const line of buildLines(built)) terminal.result(line);
  return problemCount(check) > 0 ? 1 : 0;
}

/** Goes on until a signal ends the program. What is shown after a save is optimised once it is quiet. */
async function watch(options: BuildArguments, session: Session): Promise<ExitStatus> {
  const { folder, out } = options;
  const folders = await sourceFolders(folder);
  // Before the first build: what is saved during it is built, too.
  const state = await savedState(folders);
  let before = await buildOnce(options, { session, before: undefined });
  const saves = savesIn(folders, { before: state, signal: new AbortController().signal });
  session.terminal.say(`Watching ${folders.join(" and ")}: Ctrl-C ends it`);
  for (;;) {
    const save = saves.next();
    if (before?.quick && await isQuiet(save)) {
      await buildFolder(folder, out, { before: before.build });
      before = { ...before, quick: false };
    }
    if ((await save).done) return 0;
    const saved = await lastSave(folders);
    before = await buildOnce(options, { session, before }) ?? before;
    session.terminal.say(`${durationText(Math.max(0, Date.now() - saved))} after the save`);
  }
}

/** Whether no save comes for a while. */
async function isQuiet(save: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const quiet = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), OPTIMISE_AFTER_MS);
  });
  try {
    return await Promise.race([save.then(() => false), quiet]);
  } finally {
    clearTimeout(timer);
  }
}

/** A build that passed or not, to compare the next one with. */
interface Built {
  readonly build: FolderBuild;
  /** Whether its module is not optimised. */
  readonly quick: boolean;
}

/** One build, told; undefined where it fails. The first is optimised, those after it wait for quiet. */
async function buildOnce(
  { folder, out }: BuildArguments,
  { session, before }: { readonly session: Session; readonly before: Built | undefined },
): Promise<Built | undefined> {
  const quick = before !== undefined;
  try {
    const build = await buildFolder(folder, out, { quick, before: before?.build });
    const changed = before ? changeLines(before.build.check.plans, build.check.plans) : [];
    for (const line of [...buildLines(build), ...changed]) session.terminal.result(line);
    return { build, quick };
  } catch (error) {
    if (!(error instanceof LoadError) || error.code === "source_missing") throw error;
    showFailure(error, session);
    return undefined;
  }
}

function buildLines({ file, check, compileMs, checkMs }: FolderBuild): string[] {
  const { manifest: { name, version, driver }, bytes, steps } = check;
  return [
    `${file}: plugin ${name} ${version} for driver ${driver}, ${bytes} bytes, ` +
    `compiled in ${durationText(compileMs)}, checked in ${durationText(checkMs)}`,
    ...problemLines(steps),
    verdict(check),
  ];
}

function changeLines(before: Plans, after: Plans): string[] {
  const changes = planChanges(before, after);
  if (changes.length === 0) return ["No plan has changed"];
  const shown = changes.slice(0, SHOWN_PLANS_MAX);
  const more = changes.length - shown.length;
  return [
    ...shown.flatMap(({ question, gone, come }) => [
      `Changed: ${question}`,
      ...gone.map((line) => `  - ${line.slice(0, SHOWN_MAX)}`),
      ...come.map((line) => `  + ${line.slice(0, SHOWN_MAX)}`),
    ]),
    ...(more > 0 ? [`and ${more} more of ${after.size} plans`] : []),
  ];
}
