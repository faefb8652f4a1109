/** What has become of a plugin's file, as people read it. */
import type { BackendInfo } from "../../src/model/backend.ts";
import type { PlanChange } from "../plugins/author/plan_changes.ts";
import type { PluginChange } from "../plugins/live/plugin_change.ts";

/** Plans of which it is shown what has changed. */
const SHOWN_PLANS_MAX = 4;
/** Characters of a statement that are shown. */
const SHOWN_MAX = 300;
/** Hex digits of a hash that tell files apart. */
const HASH_DIGITS = 12;

/** A change in lines. */
export function changeLines(change: PluginChange): string[] {
  switch (change.kind) {
    case "added":
      return [`Plugin ${change.file} was added: ${named(change.backend)}`];
    case "replaced": {
      const { file, backend, before, asked, plans, milliseconds } = change;
      const of = `${plans.length} of ${asked} plans in use ${
        plans.length === 1 ? "is" : "are"
      } other`;
      return [
        `Plugin ${file} was replaced in ${Math.round(milliseconds)} ms: ${named(backend)}` +
        `, was ${named(before)}; ${asked === 0 ? "no plans are in use" : of}`,
        ...planLines(plans),
      ];
    }
    case "removed":
      return [`Plugin ${change.file} was removed: backend ${change.backend.type} is gone`];
    case "refused": {
      const { file, reason, kept } = change;
      const stays = kept ? `, and ${named(kept)} stays in its place` : "";
      return [`Plugin ${file} is not taken${stays}: ${reason}`];
    }
    case "unreadable":
      return [`Plugins stay as they are: ${change.reason}`];
  }
}

function planLines(plans: readonly PlanChange[]): string[] {
  const more = plans.length - SHOWN_PLANS_MAX;
  return [
    ...plans.slice(0, SHOWN_PLANS_MAX).flatMap(({ question, gone, come }) => [
      `Plan changed: ${question}`,
      ...gone.map((line) => `  - ${line.slice(0, SHOWN_MAX)}`),
      ...come.map((line) => `  + ${line.slice(0, SHOWN_MAX)}`),
    ]),
    ...(more > 0 ? [`and ${more} more plans`] : []),
  ];
}

function named({ type, version, plugin }: BackendInfo): string {
  return `backend ${type} ${version} (sha256 ${plugin?.sha256.slice(0, HASH_DIGITS) ?? "none"})`;
}
