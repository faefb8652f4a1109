/** A host that watches a folder, and plugins that are put there by it. */
import { join } from "@std/path";
import {
  createHost,
  type Host,
  type HostOptions,
  type LiveFolderOptions,
  type PlacePluginOptions,
  type WatchedPlugins,
} from "../../mod.ts";
import { pluginThat } from "./module_attack.ts";
import { MANIFEST } from "../support/wasm_text.ts";
import { withFolder } from "../support/target.ts";
import { contents } from "./install_place.ts";

/** A folder that is watched. */
export interface WatchedPlace {
  readonly host: Host;
  readonly watched: WatchedPlugins;
  readonly folder: string;
  /** A folder beside it. */
  readonly outside: string;
  /** The path of a file of the folder. */
  file(name: string): string;
}

/** What is put, and how. */
export interface Upload extends PlacePluginOptions {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A plugin that plans, whose manifest says this. */
export function saying(manifest: object = {}): Uint8Array<ArrayBuffer> {
  return pluginThat({ manifest: { ...MANIFEST, ...manifest } });
}

export const FIRST = saying();
export const SECOND = saying({ version: "1.3.0" });

/** A host that watches a folder with `sample.wasm` in it, unless others are given. */
export async function withWatched(
  act: (place: WatchedPlace) => Promise<void>,
  {
    files = { "sample.wasm": FIRST },
    prepare = () => Promise.resolve(),
    watch = {},
    ...options
  }: HostOptions & {
    readonly files?: Readonly<Record<string, Uint8Array>>;
    /** Before the host is created. */
    readonly prepare?: (folder: string) => Promise<void>;
    /** With a shorter time to settle than by default. */
    readonly watch?: LiveFolderOptions;
  } = {},
): Promise<void> {
  await withFolder(async (root) => {
    const [folder, outside] = [join(root, "plugins"), join(root, "outside")];
    for (const each of [folder, outside]) await Deno.mkdir(each);
    const file = (name: string) => join(folder, name);
    for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(file(name), bytes);
    await prepare(folder);
    await using host = await createHost({ plugins: folder, ...options });
    const watched = await host.watchPlugins({ settleMs: 50, ...watch });
    await act({ host, watched, folder, outside, file });
  });
}

/** Everything that an upload could change: files, the lock among them, and the registry. */
export async function stateOf(
  { host, folder, outside }: Pick<WatchedPlace, "host" | "folder" | "outside">,
): Promise<unknown> {
  const { ["plugins.kept"]: _, ...files } = await contents(folder);
  const known = host.discoverAvailableBackends().map(({ type, version, status, plugin }) => [
    ...[type, version, status, plugin?.file, plugin?.sha256, plugin?.grants],
  ]);
  return { files, outside: await contents(outside), known };
}
