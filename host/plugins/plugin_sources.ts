/** The sources that authors of plugins start from, wherever this package lies. */
import { fromFileUrl } from "@std/path";
import { LoadError } from "../../src/model/errors.ts";

/** Seen from here and from what is bundled alike. */
const PLUGINS = new URL("../../plugins/", import.meta.url);
const BUNDLE = new URL("../../host/dist/", import.meta.url);

/** Where the sources lie. */
export interface PluginSources {
  /** Of the kits: a folder for each language. */
  readonly kits: string;
  /** Of the folders that `snakepipe new` makes: `all`, and one for each family. */
  readonly template: string;
  /** URLs of the bundled program, and of the conformance suite beside it. */
  readonly program: string;
  readonly conformance: string;
}

/** Their folders. @throws {LoadError} `config_invalid` where the package was not started from a folder */
export function pluginSources(): PluginSources {
  if (PLUGINS.protocol !== "file:") {
    throw new LoadError(
      "The sources of the kit lie in no folder, since snakepipe was not started from one: install " +
        "it, or clone its repository",
      { code: "config_invalid", blame: "config" },
    );
  }
  return {
    kits: fromFileUrl(new URL("kit/", PLUGINS)),
    template: fromFileUrl(new URL("template/", PLUGINS)),
    program: new URL("snakepipe.js", BUNDLE).href,
    conformance: new URL("conformance.js", BUNDLE).href,
  };
}
