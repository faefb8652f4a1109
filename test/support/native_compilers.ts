/** Which languages of plugins this machine can compile. */
import { join } from "@std/path";
import { buildFolder, moduleOf } from "../../host/plugins/author/build_folder.ts";
import type { LanguageName } from "../../host/plugins/author/language.ts";
import { newPlugin } from "../../host/plugins/author/new_plugin.ts";
import { LoadError } from "../../src/model/errors.ts";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import { withFolder } from "./target.ts";

/** Why plugins in a language cannot be compiled here; undefined where they can. */
export async function missingCompiler(language: LanguageName): Promise<string | undefined> {
  return await withFolder(async (place) => {
    const folder = join(place, "any");
    await newPlugin({ folder, family: DRIVER_FAMILIES[0]!.name, language });
    try {
      await buildFolder(folder, moduleOf(folder));
      return undefined;
    } catch (error) {
      if (error instanceof LoadError && error.code === "backend_unavailable") return error.message;
      // That it does not compile is for the tests to say.
      return undefined;
    }
  });
}
