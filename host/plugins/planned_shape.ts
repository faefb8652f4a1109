/** A plan, with the question that it answers: what a plugin that takes another's place is asked as well. */
import type { CheckedPlan } from "../../src/load/plan_cache.ts";
import { type Shape, shapeKey } from "../../src/model/batch.ts";
import type { Config } from "../../src/model/config_schema.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** A plan of a plugin for a shape. */
export interface PlannedShape extends CheckedPlan {
  /** SHA-256 of the plugin's bytes, in hex. */
  readonly plugin: string;
  /** The plugin's settings. */
  readonly settings: Config;
  readonly shape: Shape;
}

/** Settings in one line: equal settings, equal lines. */
export function keyOfSettings(settings: Config): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Who plans: the same file plans in another way once it is granted a word. */
type Planning = Pick<Plugin, "sha256" | "grants">;

/** What a plan is cached under; `settingsKey` is that of {@linkcode keyOfSettings}. */
export function keyOfPlan(plugin: Planning, settingsKey: string, shape: Shape): string {
  return `${keyOfSessions(plugin, settingsKey)}\n${shapeKey(shape)}`;
}

/** What a plugin's statements for sessions are cached under. */
export function keyOfSessions({ sha256, grants }: Planning, settingsKey: string): string {
  return `${[sha256, ...[...grants].sort()].join(" ")}\n${settingsKey}`;
}
