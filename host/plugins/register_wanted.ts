/**
 * Registers one plugin of a folder, the one that is wanted, and leaves the others unread: of four,
 * reading, hashing and describing the other three, and loading their drivers, is 20 ms of CPU.
 *
 * Which one it is follows from the lock, which knows each file by its hash, and from what the plugin of
 * that hash has said of itself before. The file itself is then held to all that every plugin is held to.
 * Where anything is not certain, nothing is registered: a file that the lock does not know, one that has
 * not said who it is, two that claim a name, a refusal.
 */
import type { Manifest } from "../../src/plugin_api/manifest.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { HostOptions } from "../host_options.ts";
import type { RegisterOptions } from "./register_folder.ts";
import { describedBefore } from "./sandbox/plugin.ts";
import type { PluginFolder } from "./store/admission.ts";

/** One backend, by its type or by a URL scheme that it answers to. */
export type WantedBackend = NonNullable<HostOptions["wanted"]>;

/** Registers the plugin that is wanted, where it is certain which one that is; whether it is registered. */
export async function registerWanted(
  folder: PluginFolder,
  registry: Registry,
  { wanted, kept, entryOf }: RegisterOptions & { readonly wanted: WantedBackend },
): Promise<boolean> {
  const files = await folder.knownFiles();
  if (!files) return false;
  const manifests = new Map<string, Manifest>();
  for (const { name, ...hashes } of files) {
    const described = await describedBefore(hashes, kept);
    if (!described) return false;
    manifests.set(name, described.manifest);
  }
  const name = theOnly(manifests, wanted);
  if (name === undefined) return false;
  try {
    const plugin = await folder.admit(await folder.read(name), kept);
    // Of one that is quarantined, all is said beside what else there is.
    if (plugin.faults.verdict !== undefined) return false;
    registry.register(await entryOf(plugin));
    return true;
  } catch (error) {
    if (error instanceof LoadError) return false;
    throw error;
  }
}

/** The file of the plugin that answers; undefined where none does, or another claims a name of it. */
function theOnly(
  manifests: ReadonlyMap<string, Manifest>,
  wanted: WantedBackend,
): string | undefined {
  const found = [...manifests].find(([, { backend, schemes }]) =>
    "type" in wanted ? backend === wanted.type : schemes.includes(wanted.scheme)
  );
  if (!found) return undefined;
  const [name, { backend, schemes }] = found;
  const isContested = [...manifests].some(([other, manifest]) =>
    other !== name &&
    (manifest.backend === backend || manifest.schemes.some((scheme) => schemes.includes(scheme)))
  );
  return isContested ? undefined : name;
}
