/** A folder of plugins that is watched, and plugins that this program itself puts there or takes out. */
import type { BackendInfo } from "../../../src/model/backend.ts";
import type { PlanChange } from "../author/plan_changes.ts";

/** A folder of plugins that is watched; disposing of it ends that. */
export interface WatchedPlugins extends AsyncDisposable {
  /**
   * Puts a plugin into the folder under the name of a file, and into `plugins.lock`: whole, or not at all.
   * First it is held to all that `snakepipe install` holds a plugin to, and is asked for the plans in use
   * of the one whose place it takes. Resolves once it is in use: loads that begin have it. A plugin that is
   * there already stays as it is.
   *
   * @throws {LoadError} `install_refused` with its `reason`, and folder, lock and registry are as they were
   */
  place(name: string, bytes: Uint8Array, options?: PlacePluginOptions): Promise<PlacedPlugin>;
  /**
   * Takes a plugin's file out of the folder, and its backend out of the registry; what is made of it works
   * on. `plugins.lock` goes on knowing it: its faults are not forgotten, nor is what was granted to it.
   *
   * @throws {LoadError} `install_refused`: `name_unsafe`, `target_missing`, `target_no_file`,
   * `target_own`, `folder_unwritable`, …
   */
  remove(name: string): Promise<RemovedPlugin>;
}

/** How a plugin is placed. */
export interface PlacePluginOptions {
  /**
   * What it is granted, of what it asks for: names of capability functions and of words. What the version
   * before was granted and this one asks for too, it keeps. Nothing else by default.
   */
  readonly grants?: Iterable<string>;
  /** Its signature, in base64, which is put beside it; none by default. */
  readonly signature?: string;
  /**
   * SHA-256 of the file whose place it is to take: then it need not be of a higher version. By default it
   * has to be.
   */
  readonly over?: string;
}

/** A plugin that was placed. */
export interface PlacedPlugin {
  /** Name of its file. */
  readonly file: string;
  /** `unchanged`: it was there as it is. */
  readonly state: "added" | "replaced" | "unchanged";
  /** What it is registered as. */
  readonly backend: BackendInfo;
  /** What it has taken the place of. */
  readonly before?: BackendInfo;
  /** What `plugins.lock` grants it. */
  readonly grants: readonly string[];
  /** What it asks for and was not granted. */
  readonly asks: readonly string[];
  /** Plans in use that it was asked for first. */
  readonly asked: number;
  /** Those of them that are not what they were. */
  readonly plans: readonly PlanChange[];
}

/** A plugin that was taken out. */
export interface RemovedPlugin {
  /** Name of its file. */
  readonly file: string;
  /** What it was registered as; absent where it was not in use. */
  readonly backend?: BackendInfo;
}
