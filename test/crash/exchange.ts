/** The program, bundled with its driver's session exchanged for a counting one. */
import { fromFileUrl, join, resolve } from "@std/path";
import { bundleProgram } from "../../tools/build_program.ts";

/** The folder of the project. */
export const ROOT: string = fromFileUrl(new URL("../..", import.meta.url));

/** Programs by their families, which are removed in the end. */
export class ExchangedPrograms implements AsyncDisposable {
  readonly #folders = new Map<string, Promise<string>>();

  /** The module of a family's, which is bundled in a second or two where it is asked for first. */
  async of(family: string): Promise<string> {
    const folder = this.#folders.get(family) ?? bundleExchanged(family);
    this.#folders.set(family, folder);
    return join(await folder, "snakepipe.js");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#folders.values()) {
      await folder.then((path) => Deno.remove(path, { recursive: true }), () => {});
    }
  }
}

/**
 * What stands in the family's folder `exchanged` takes the place of the driver's modules of the same
 * names, and still sees those.
 */
async function bundleExchanged(family: string): Promise<string> {
  const own = join(ROOT, "test", "families", family, "exchanged");
  const driver = join(ROOT, "host", "drivers", family);
  const names = [...Deno.readDirSync(own)].map(({ name }) => name);
  const exchanged = new Map(names.map((name) => [join(driver, name), join(own, name)]));
  const folder = await Deno.makeTempDir({ dir: join(ROOT, "host"), prefix: ".dist_" });
  try {
    await bundleProgram(folder, [{
      name: "exchanged modules",
      setup({ onResolve }) {
        onResolve({ filter: /\.ts$/ }, ({ path, importer, resolveDir }) => {
          const taken = exchanged.get(resolve(resolveDir, path));
          return taken === undefined || importer.startsWith(own) ? undefined : { path: taken };
        });
      },
    }]);
    return folder;
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}
