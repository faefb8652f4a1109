/** Puts plugins into a folder that is watched, and takes them out, between two looks at it. */
import { LoadError, messageOf, partsOf } from "../../../src/model/errors.ts";
import { PlanCache } from "../../../src/load/plan_cache.ts";
import { KeptAnswers } from "../../platform/kept_answers.ts";
import { DRIVER_FAMILIES } from "../../drivers/load_driver.ts";
import { builtPlugins } from "../built_plugins.ts";
import { type Candidate, checkPlace, pluginOf, vetCandidate } from "../install/candidate.ts";
import { folderFailure, place } from "../install/place.ts";
import { givenSource, safeName } from "../install/plugin_source.ts";
import { installRefused, type PluginDeed } from "../install/refusal.ts";
import { admitPlugin } from "../sandbox/plugin.ts";
import { changePluginLock, GRANTABLE } from "../store/plugin_lock.ts";
import { SIGNATURE_SUFFIX } from "../store/signature.ts";
import { finishStaged } from "../store/staged_plugin.ts";
import { pathOf, readPluginFile } from "../store/store.ts";
import { holderOf, type LiveFolderContext } from "./live_folder.ts";
import type { PluginChange } from "./plugin_change.ts";
import { rehearse } from "./rehearsal.ts";
import type { Turn } from "./turns.ts";
import type { PlacedPlugin, PlacePluginOptions, RemovedPlugin } from "./watched_plugins.ts";

/** Changes a file while nothing is looked at; resolves with what the look has found that follows. */
type Do = (turn: Turn) => Promise<PluginChange | undefined>;

/** A plugin that is to be placed. */
interface Given extends PlacePluginOptions {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** See `WatchedPlugins.place`. @throws {LoadError} `install_refused` */
export async function placePlugin(
  given: Given,
  context: LiveFolderContext,
  inTurn: Do,
): Promise<PlacedPlugin> {
  const { name, signature } = given;
  const { path } = context;
  const bytes = Uint8Array.from(given.bytes);
  const source = givenSource(name, { bytes, ...(signature === undefined ? {} : { signature }) });
  const file = pathOf(path, name);
  let candidate: Candidate | undefined;
  let isUnchanged = false;
  const change = await inTurn({
    ...{ name, file },
    act: async () => {
      candidate = await vet(source, given, context);
      isUnchanged = candidate.there && holderOf(file, context) !== undefined;
      if (!isUnchanged) await place(candidate);
    },
  });
  const { plugin, grants, asks } = candidate!;
  const backend = holderOf(file, context)?.info;
  if (backend?.plugin?.sha256 !== plugin.sha256) {
    const why = change?.kind === "refused" ? change.reason : "its file was changed meanwhile";
    throw installRefused("not_taken", `it lies in the folder, and is not taken: ${why}`);
  }
  const taken = change?.kind === "replaced" && !isUnchanged
    ? { before: change.before, asked: change.asked, plans: change.plans }
    : { asked: 0, plans: [] };
  const state = isUnchanged ? "unchanged" : candidate!.before ? "replaced" : "added";
  return { file: name, state, backend, grants, asks, ...taken };
}

/** See `WatchedPlugins.remove`. @throws {LoadError} `install_refused` */
export async function removePlugin(
  name: string,
  context: LiveFolderContext,
  inTurn: Do,
): Promise<RemovedPlugin> {
  const { path } = context;
  safeName(name);
  const file = pathOf(path, name);
  const change = await inTurn({
    ...{ name, file },
    act: async () => {
      checkWritable(context, "removed");
      await checkPlace(file, "removed");
      await checkNotOwn(name, context, "removed");
      try {
        await changePluginLock(path, async (plugins) => {
          await finishStaged(path, plugins);
          await removeFile(file);
        });
      } catch (error) {
        throw folderFailure(error, path, "removed");
      }
    },
  });
  return { file: name, ...(change?.kind === "removed" ? { backend: change.backend } : {}) };
}

async function removeFile(file: string): Promise<void> {
  try {
    await Deno.remove(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw installRefused("target_missing", `there is no ${file}`, { done: "removed" });
    }
    throw error;
  }
  await Deno.remove(file + SIGNATURE_SUFFIX).catch(() => {});
}

/** Holds it to all that could be against it; nothing that it does leaves a trace where it is refused. */
async function vet(
  source: ReturnType<typeof givenSource>,
  { name, grants = [], over }: Given,
  context: LiveFolderContext,
): Promise<Candidate> {
  checkWritable(context, "installed");
  const { path: folder, folder: { options: { locked = false, trustedKeys = [] } } } = context;
  const candidate = await vetCandidate(source, {
    ...{ folder, locked, trustedKeys, replace: true, grants: [...grants] },
    ...(over === undefined ? {} : { over }),
  });
  if (candidate.there) return candidate;
  await checkNotOwn(name, context, "installed");
  checkRegistered(candidate, context);
  const missing = candidate.asks.find((ask) => GRANTABLE.some((one) => one === ask));
  if (missing !== undefined) {
    throw installRefused(
      "grant_missing",
      `it does not work without ${missing}, which has to be granted to it by name`,
    );
  }
  await tryPlans(candidate, context);
  return candidate;
}

/** Refuses what changes the folder of a host that changes nothing. @throws {LoadError} `install_refused` */
function checkWritable({ folder }: LiveFolderContext, done: PluginDeed): void {
  if (!folder.options.readOnly) return;
  throw installRefused("folder_unwritable", "the host changes nothing: it is read-only", { done });
}

/** Names belong to whoever is registered with them, in this folder or not. */
function checkRegistered({ plugin, source }: Candidate, context: LiveFolderContext): void {
  const { backend, schemes } = plugin.manifest;
  const file = pathOf(context.path, source.name);
  for (const { info } of context.registry.entries()) {
    if (info.plugin?.file === file) continue;
    const whose = info.plugin?.file ?? "one that is registered in TypeScript";
    if (info.type === backend) {
      throw installRefused("type_taken", `backend type ${backend} is ${whose}'s`);
    }
    const scheme = schemes.find((one) => info.schemes.includes(one));
    if (scheme !== undefined) {
      throw installRefused("scheme_taken", `URL scheme ${scheme}: is ${whose}'s`);
    }
  }
}

/** Asks it for the plans in use, by what it is granted, and keeps none of them. */
async function tryPlans(
  { bytes, source, grants }: Candidate,
  context: LiveFolderContext,
): Promise<void> {
  const file = pathOf(context.path, source.name);
  const before = holderOf(file, context)?.info.plugin?.sha256 ?? "";
  try {
    const plugin = await admitPlugin(bytes, { file, grants: new Set(grants) });
    await rehearse(plugin, before, {
      plans: context.plans.copy(),
      sessions: new PlanCache(),
      kept: new KeptAnswers(),
    });
  } catch (error) {
    if (!(error instanceof LoadError) || error.code === "install_refused") throw error;
    const { message, lines } = partsOf(messageOf(error));
    throw installRefused("plan_refused", message, { lines, cause: error });
  }
}

/** What the program brings itself stays: the next build or version of it would bring it back. */
async function checkNotOwn(
  name: string,
  { path }: LiveFolderContext,
  done: PluginDeed,
): Promise<void> {
  if (!await isOwnFolder(path)) return;
  const manifest = (await pluginOf(await readPluginFile(pathOf(path, name))))?.manifest;
  const family = DRIVER_FAMILIES.find((one) => one.name === manifest?.driver);
  if (!manifest || !family || !manifest.schemes.includes(family.schemes[0]!)) return;
  throw installRefused(
    "target_own",
    `${name} comes with the program, and stays. Name a folder of your own with --plugins`,
    { done },
  );
}

async function isOwnFolder(path: string): Promise<boolean> {
  try {
    const [own, there] = await Promise.all([builtPlugins(), path].map((one) => Deno.realPath(one)));
    return own === there;
  } catch {
    return false;
  }
}
