/**
 * Writes the recipes of every family into the guide for authors of plugins, from where they are held
 * to: `deno run -A tools/write_recipes.ts`.
 */
import { fromFileUrl } from "@std/path";
import { DRIVER_FAMILIES, loadDriver } from "../host/drivers/load_driver.ts";
import { WRITE_MODES } from "../src/model/batch.ts";
import type { DialectRecipes, Recipe } from "../src/plan_policy/recipes.ts";

const GUIDE = fromFileUrl(new URL("../plugins/README.md", import.meta.url));
const PART = /(<!-- recipes[^>]*-->\n)[\s\S]*(<!-- end of recipes -->)/;

/** The guide with the recipes as they are. */
export async function withRecipes(guide: string): Promise<string> {
  const parts = await Promise.all(DRIVER_FAMILIES.map(async ({ name }) => {
    const lines = linesOf((await loadDriver(name)).dialect);
    return `\n#### Recipes of ${name}\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
  }));
  return guide.replace(PART, (_, begin, end) => `${begin}${parts.join("")}\n${end}`);
}

function linesOf(
  { session, teardown, health, create, row, recipes, named, words }: DialectRecipes,
) {
  return [
    ...group("session, any of them", session),
    ...group("teardown, any of them", teardown),
    ...group("health, one of them", health),
    ...group("create, where the table is not there", create),
    ...group("the template of a row", [row]),
    ...WRITE_MODES.flatMap((mode) =>
      recipes[mode].flatMap((recipe, i) =>
        group(i === 0 ? mode : `${mode}, another way`, stepsOf(recipe))
      )
    ),
    ...group("names", Object.entries(named).map(([name, text]) => `%${name} is ${text}`)),
    ...group("settings that a manifest may ask for, up to these values", [
      ...Object.entries(words.settings).map(([name, value]) =>
        `${words.set[0]} ${name.toUpperCase()} ${words.set[1]} ${value}`
      ),
    ]),
    ...group("options of a table that a manifest may ask for", [
      ...words.optionsAhead.map((word) => `CREATE ${word} TABLE`),
      ...(words.optionsBehind ? ["behind the table, what the database itself does not know"] : []),
    ]),
    ...group(
      "types that no manifest gets",
      words.refusedTypes.map(([names, why]) => `${names}: ${why}`),
    ),
  ];
}

function stepsOf({ prepare = [], stage = [], write, merge = [], finish = [] }: Recipe): string[] {
  const steps = (phase: string, texts: readonly string[]) =>
    texts.map((text) =>
      text.startsWith("?") ? `${phase}, may be left out: ${text.slice(1)}` : `${phase}: ${text}`
    );
  return [
    ...steps("prepare", prepare),
    ...steps("stage", stage),
    `insert: ${write}`,
    ...steps("merge", merge),
    ...steps("finish", finish),
  ];
}

function group(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [title, ...texts.map((text) => `  ${text.replace(/^\?/, "")}`)];
}

if (import.meta.main) {
  await Deno.writeTextFile(GUIDE, await withRecipes(await Deno.readTextFile(GUIDE)));
}
