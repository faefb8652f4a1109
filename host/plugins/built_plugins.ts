/** The plugins that this package comes with. */
import { fromFileUrl } from "@std/path";
import { LoadError } from "../../src/model/errors.ts";

/** Where `deno task build` puts them, seen from here and from what is bundled alike. */
const BUILT_PLUGINS = new URL("../../plugins/dist/", import.meta.url);

/**
 * Their folder, wherever this package lies: for `createHost({ plugins: builtPlugins() })`.
 *
 * @throws {LoadError} `config_invalid` where the package was not imported from a folder; fetch the
 * `.wasm` files then, and hand their bytes to `Host.registerPlugin`
 */
export function builtPlugins(): string {
  if (BUILT_PLUGINS.protocol === "file:") return fromFileUrl(BUILT_PLUGINS);
  throw new LoadError(
    "The plugins of this package lie in no folder, since it was not imported from one: fetch the " +
      "file of a plugin, and hand its bytes to registerPlugin",
    { code: "config_invalid", blame: "config" },
  );
}
