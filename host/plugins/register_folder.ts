/**
 * Registers the plugins of a folder. Names (a backend's type, its URL schemes) belong to the file that
 * the lock has known for longer: a newcomer that claims one of them is refused, and not recorded. Where
 * two newcomers claim the same, neither is recorded, and neither can be used by that name until one of
 * them is taken out.
 */
import type { BackendInfo } from "../../src/model/backend.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { BackendEntry, Registry } from "../../src/registry/registry.ts";
import type { KeptAnswers } from "../platform/kept_answers.ts";
import type { PluginFolder } from "./store/admission.ts";
import { registerWanted, type WantedBackend } from "./register_wanted.ts";
import { refusedInfo } from "./refused_info.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** How plugins are registered. */
export interface RegisterOptions {
  /** Manifests of before. */
  readonly kept: KeptAnswers;
  readonly entryOf: (plugin: Plugin) => Promise<BackendEntry>;
}

/** Registers the one that is wanted, where it is certain, or else all of them. What is new is not recorded yet. */
export async function registerPlugins(
  folder: PluginFolder,
  registry: Registry,
  { wanted, ...options }: RegisterOptions & { readonly wanted: WantedBackend | undefined },
): Promise<void> {
  if (wanted && await registerWanted(folder, registry, { wanted, ...options })) return;
  await registerAll(folder, registry, options);
}

/** Registers every file, or lists it as refused. Never throws for their faults. */
async function registerAll(
  folder: PluginFolder,
  registry: Registry,
  { kept, entryOf }: RegisterOptions,
): Promise<void> {
  for await (const stored of folder.files()) {
    const { file } = stored;
    let entry: BackendEntry | undefined;
    try {
      const plugin = await folder.admit(stored, kept);
      entry = await entryOf(plugin);
      registry.register(entry);
      const { verdict } = plugin.faults;
      if (verdict !== undefined) registry.setAside(entry, verdict);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      const holder = entry && registry.entries().find(({ info }) => clash(info, entry!.info));
      const isContested = holder !== undefined && !folder.knew(holder.info.plugin?.file);
      if (entry) folder.forget(file);
      if (isContested) folder.forget(holder.info.plugin?.file);
      registry.refuse(file, refusedInfo(file, messageOf(error), isContested ? entry : undefined));
    }
  }
}

/**
 * Refuses a name that several plugins claim.
 *
 * @throws {LoadError} `backend_unknown`, listing their files
 */
export function checkUncontested(
  backends: readonly BackendInfo[],
  name: string,
  claims: (info: BackendInfo) => boolean,
): void {
  const claimants = backends.filter((info) =>
    info.plugin && info.status !== "draining" && claims(info)
  );
  // A file whose new bytes are refused is listed beside the plugin that it still is.
  const files = [...new Set(claimants.map(({ plugin }) => plugin!.file))];
  if (!claimants.some(({ status }) => status === "refused") || files.length < 2) return;
  throw new LoadError(
    `Several plugins answer to ${name}: ${files.join(", ")}. Take all but one out of the folder`,
    { code: "backend_unknown", blame: "config" },
  );
}

function clash(a: BackendInfo, b: BackendInfo): boolean {
  return a.type === b.type || a.schemes.some((scheme) => b.schemes.includes(scheme));
}
