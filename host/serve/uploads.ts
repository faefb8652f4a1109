/** Plugins that come by the API of `serve`: each that is taken, refused or removed is told. */
import type { UploadActions } from "../api/actions.ts";
import { type Access, operatedBy } from "../api/access.ts";
import type { ConfigFile } from "../../src/config/config_content.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { WatchedPlugins } from "../plugins/live/watched_plugins.ts";

/**
 * Refuses uploads by whoever can ask.
 *
 * @throws {LoadError} `usage` where the API has neither a token nor a socket of its owner's
 */
export function checkUploads(
  { uploads: configured }: Pick<ConfigFile, "uploads">,
  { uploads, api }: { readonly uploads?: boolean; readonly api?: Access },
): void {
  if (configured !== true && uploads !== true) return;
  if (!api || operatedBy(api) !== "no") return;
  throw new LoadError(
    "Whoever reaches the API could put plugins here: name a file with a token, --token-file FILE, or a " +
      "socket, --listen unix:PATH",
    { code: "usage", blame: "config" },
  );
}

/** What the API does with plugins. */
export function uploadActions(
  watched: WatchedPlugins,
  tell: (text: string) => void,
): UploadActions {
  const told = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      tell(`${what}: ${messageOf(error)}`);
      throw error;
    }
  };
  return {
    place: (name, bytes, options) =>
      told(`Asked by the API to install ${name}`, async () => {
        const placed = await watched.place(name, bytes, options);
        const { state, grants } = placed;
        if (state !== "unchanged") {
          const granted = grants.length === 0 ? "" : `, granted ${grants.join(", ")}`;
          tell(`Plugin ${name} has come by the API${granted}`);
        }
        return placed;
      }),
    remove: (name) =>
      told(`Asked by the API to remove ${name}`, async () => {
        const removed = await watched.remove(name);
        tell(`Plugin ${name} was taken out by the API`);
        return removed;
      }),
  };
}
