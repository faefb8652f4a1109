/** The languages that plugins are made in: where their files lie, and how they are compiled. */
import { join } from "@std/path";
import { isThere } from "../../platform/is_there.ts";

/** A language. */
export type LanguageName = "assemblyscript" | "c" | "rust";

/** One of them. */
export interface Language {
  readonly name: LanguageName;
  /** Its folder among the kits. */
  readonly kit: string;
  /** Its folder in each template, and where what is in it goes in a folder of a plugin. */
  readonly template: string;
  readonly folder: string;
  /** The first file of a plugin, from the plugin's folder, and that of its kit, from the kit's. */
  readonly entry: string;
  readonly kitEntry: string;
  /** Where a plugin says who it is, how it plans, how it merges, and what errors mean, for its README. */
  readonly places: { readonly [Place in "ABOUT" | "PLAN" | "UPSERT" | "FAILURE"]: string };
  /** Compiles a plugin whose folder and kit are named. `quick` is soon and not well. */
  compile(entry: string, kit: string, options: { readonly quick: boolean }): Promise<Uint8Array>;
}

/** Every language, the usual one first. */
export const LANGUAGES: readonly Language[] = [
  {
    ...{ name: "assemblyscript", kit: "assembly", template: "assembly", folder: "assembly" },
    ...{ entry: "assembly/index.ts", kitEntry: "index.ts" },
    places: {
      ABOUT: "assembly/index.ts",
      PLAN: "assembly/plan.ts",
      UPSERT: "assembly/upsert.ts",
      FAILURE: "assembly/failure.ts",
    },
    compile: async (...given) =>
      await (await import("../build/compile_plugin.ts")).compileWithKit(...given),
  },
  {
    ...{ name: "c", kit: "c", template: "c", folder: "src" },
    ...{ entry: "src/plugin.c", kitEntry: "snakepipe.h" },
    places: placesIn("src/plugin.c", "src/upsert.h"),
    compile: async (entry, kit) =>
      await (await import("../build/compile_c.ts")).compileC(entry, kit),
  },
  {
    ...{ name: "rust", kit: "rust", template: "rust", folder: "." },
    ...{ entry: "src/lib.rs", kitEntry: "src/lib.rs" },
    places: placesIn("src/lib.rs", "src/upsert.rs"),
    compile: async (...given) =>
      await (await import("../build/compile_rust.ts")).compileRust(...given),
  },
];

/** The language of a plugin's folder, by the file that is there; undefined where none is. */
export async function languageOf(folder: string): Promise<Language | undefined> {
  for (const language of LANGUAGES) {
    if (await isThere(join(folder, language.entry))) return language;
  }
  return undefined;
}

function placesIn(file: string, upsert: string): Language["places"] {
  return { ABOUT: file, PLAN: file, UPSERT: upsert, FAILURE: file };
}
