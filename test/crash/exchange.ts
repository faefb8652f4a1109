/** The import map by which the program runs with its driver's session exchanged for a counting one. */
import { fromFileUrl, join, toFileUrl } from "@std/path";

/** The folder of the project. */
export const ROOT: string = fromFileUrl(new URL("../..", import.meta.url));

/**
 * Writes it into a folder and returns its path. What stands in the family's folder `exchanged` takes
 * the place of the driver's modules of the same names, and still sees those.
 */
export async function writeImportMap(folder: string, family: string): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const own = (path: string) => toFileUrl(join(ROOT, path)).href;
  const exchange = `test/families/${family}/exchanged`;
  const names = [...Deno.readDirSync(join(ROOT, exchange))].map(({ name }) => name);
  const driver = names.map((name) => own(`host/drivers/${family}/${name}`));
  const exchanged = names.map((name, i) => [driver[i], own(`${exchange}/${name}`)]);
  const kept = driver.map((module) => [module, module]);
  const path = join(folder, `exchanged_${family}.json`);
  await Deno.writeTextFile(
    path,
    JSON.stringify({
      imports: { ...imports, ...Object.fromEntries(exchanged) },
      scopes: { [own(`${exchange}/`)]: Object.fromEntries(kept) },
    }),
  );
  return path;
}
