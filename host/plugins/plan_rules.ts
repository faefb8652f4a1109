/** What the plans of a plugin are held to: the recipes of its driver, with the words that it was granted. */
import { issueLines, LoadError } from "../../src/model/errors.ts";
import type { PluginWord } from "../../src/model/backend.ts";
import type { PlanRules } from "../../src/plan_policy/plan_policy.ts";
import { recipesWith, wordFaults } from "../../src/plan_policy/dialect_words.ts";
import { askedWords, grantOf } from "../../src/plugin_api/words.ts";
import type { Driver } from "../drivers/driver.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** The rules of a plugin. Words that nobody can grant are in none of them. */
export function planRules(
  { file, grants, manifest }: Pick<Plugin, "file" | "grants" | "manifest">,
  { dialect }: Pick<Driver, "dialect">,
): PlanRules {
  const asked = askedWords(manifest.words);
  const words = asked.filter((word) => grants.has(grantOf(word)));
  const ungranted = asked.filter((word) => !grants.has(grantOf(word)));
  return {
    plugin: manifest.name,
    dialect: recipesWith(dialect, words),
    words,
    ...(ungranted.length === 0
      ? {}
      : { ungranted: { words: ungranted, dialect: recipesWith(dialect, asked), file } }),
  };
}

/** What the manifest of a plugin asks for, and what of that is granted; nothing where it asks for none. */
export function pluginWords(
  { grants, manifest }: Pick<Plugin, "grants" | "manifest">,
): readonly PluginWord[] {
  return askedWords(manifest.words).map((word) => {
    const grant = grantOf(word);
    return { grant, written: `${word.name} ${word.rest}`.trim(), granted: grants.has(grant) };
  });
}

/** Refuses a plugin whose manifest asks for words that nobody can grant. @throws {LoadError} `plugin_manifest` */
export function checkWords(
  { file, manifest }: Pick<Plugin, "file" | "manifest">,
  { dialect }: Pick<Driver, "dialect">,
): void {
  const issues = wordFaults(askedWords(manifest.words), dialect);
  if (issues.length === 0) return;
  throw new LoadError(
    `The manifest of plugin ${file} asks for words that nobody can grant:`,
    { code: "plugin_manifest", blame: "plugin", issues, lines: issueLines(issues) },
  );
}
