/** The tasks of a plugin's folder name where snakepipe lies. This sets them right where it has moved. */
import { fromFileUrl, join } from "@std/path";
import { pluginSources } from "../plugin_sources.ts";
import { isThere } from "../../platform/is_there.ts";

/** Files of this program that tasks and imports name, by their URLs. */
const NAMED = /file:\/\/[^\s"]+\/(snakepipe|conformance)\.js/g;

/**
 * Puts this program in the place of one that is not there any more.
 *
 * @returns a sentence that says so; undefined where nothing had to be done
 */
export async function nameThisProgram(folder: string): Promise<string | undefined> {
  const file = join(folder, "deno.json");
  const text = await Deno.readTextFile(file).catch(() => "");
  const named = [...new Set(text.match(NAMED))];
  const there = await Promise.all(named.map((url) => isThere(fromFileUrl(url))));
  const gone = named.filter((_, i) => !there[i]);
  if (gone.length === 0) return undefined;
  const { program, conformance } = pluginSources();
  let mended = text;
  for (const url of gone) {
    mended = mended.replaceAll(url, url.endsWith("/snakepipe.js") ? program : conformance);
  }
  await Deno.writeTextFile(file, mended);
  return `${file} named a snakepipe that is not there any more; its tasks run this one now`;
}
