/** Makes a folder in which a plugin of somebody's own begins: it builds and passes as it stands. */
import { basename, dirname, join, resolve } from "@std/path";
import { LoadError } from "../../../src/model/errors.ts";
import { pluginSources } from "../plugin_sources.ts";
import { type LanguageName, LANGUAGES } from "./language.ts";
import { isThere } from "../../platform/is_there.ts";

/** What the plugin of the templates is called. */
const TEMPLATE_NAME = "mydb";
/** A name is a URL scheme too. */
const NAME = /^[a-z][a-z0-9-]{0,30}$/;
/** Names of files that would mean something where the templates lie. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore" };

/** What kind of plugin is wanted. */
export interface NewPlugin {
  /** The folder; its last part is the plugin's name. */
  readonly folder: string;
  /** The driver family that it plans for. */
  readonly family: string;
  /** What it is written in; AssemblyScript by default. */
  readonly language?: LanguageName;
  /** How its upserts are written; by default as the built-in plugin of the family does. */
  readonly write?: string;
}

/** What was made. */
export interface MadePlugin {
  readonly name: string;
  readonly family: string;
  readonly language: LanguageName;
  readonly write: string;
  /** Relative to the folder, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes the folder, which must not be there, or be empty.
 *
 * @throws {LoadError} `usage` where the name, the family or the way to write is none, or the folder has
 * something in it
 */
export async function newPlugin(
  { folder, family, write, language: wanted }: NewPlugin,
): Promise<MadePlugin> {
  const language = LANGUAGES.find(({ name }) => name === wanted) ?? LANGUAGES[0]!;
  const name = basename(resolve(folder));
  if (!NAME.test(name)) {
    throw usage(
      `A plugin's name has lower-case letters, digits and -, begins with a letter, and has at most ` +
        `31 characters, since it is a URL scheme too: ${name.slice(0, 60)}`,
    );
  }
  const sources = pluginSources();
  const ways = await waysOf(join(sources.template, family));
  if (ways.length === 0) {
    throw usage(`There is no template for family ${family}: there are ${await familyList()}`);
  }
  const way = write ?? ways[0]!;
  if (!ways.includes(way)) {
    throw usage(`Plans of family ${family} are written by ${ways.join(" or ")}, not by ${way}`);
  }
  await checkEmpty(folder);
  const words: readonly (readonly [from: string, to: string])[] = [
    [TEMPLATE_NAME, name],
    ["FAMILY", family],
    ["SNAKEPIPE_PROGRAM", sources.program],
    ["SNAKEPIPE_CONFORMANCE", sources.conformance],
    ...Object.entries(language.places).map(([place, file]) => [`${place}_FILE`, file] as const),
  ];
  const others = [...ways, ...LANGUAGES.map(({ template }) => template)];
  const own = join(folder, language.folder);
  const files: string[] = [];
  for (const part of ["all", family, join(family, way)]) {
    const from = join(sources.template, part);
    files.push(...await copyTemplate(from, folder, words, others));
    const inLanguage = join(from, language.template);
    if (await isThere(inLanguage)) files.push(...await copyTemplate(inLanguage, own, words));
  }
  files.push(...await copyTemplate(join(sources.kits, language.kit), join(folder, "kit"), []));
  const relative = files.map((file) => file.slice(join(folder, "x").length - 1));
  return { name, family, language: language.name, write: way, files: relative.sort() };
}

/** The families that there are templates for. */
async function familyList(): Promise<string> {
  const names = await foldersIn(pluginSources().template);
  return names.filter((name) => name !== "all").join(", ");
}

/** The ways in which plans of a family are written; the one of the built-in plugin first. */
async function waysOf(family: string): Promise<readonly string[]> {
  const folders = await foldersIn(family);
  return ["copy", "insert"].filter((way) => folders.includes(way));
}

async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function checkEmpty(folder: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      throw usage(`${folder} has something in it already, such as ${name}: name a new folder`);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) throw usage(`${folder} is a file`);
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Copies what is in a folder, with words put in the place of others, but for the folders to leave out. */
async function copyTemplate(
  from: string,
  to: string,
  words: readonly (readonly [from: string, to: string])[],
  leftOut: readonly string[] = [],
): Promise<string[]> {
  const made: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (leftOut.includes(name)) continue;
    const target = join(to, RENAMED[name] ?? name);
    if (isDirectory) {
      made.push(...await copyTemplate(join(from, name), target, words));
      continue;
    }
    let text = await Deno.readTextFile(join(from, name));
    for (const [word, other] of words) text = text.replaceAll(word, other);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, text);
    made.push(target);
  }
  return made;
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}
