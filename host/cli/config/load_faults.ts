/** What is wrong with the targets of a configuration's loads, by what is right of the rest of it. */
import * as v from "valibot";
import type { NamedBackend, Route } from "../../../src/config/config_content.ts";
import { hasReference } from "../../../src/config/env.ts";
import { targetsIn } from "../../../src/config/destination.ts";
import {
  type NamedLoad,
  NamedLoadEntries,
  type Setting,
} from "../../../src/config/load_settings.ts";
import { isObject } from "../../../src/config/references.ts";
import type { Target } from "../../../src/config/route.ts";
import type { Issue, LoadError } from "../../../src/model/errors.ts";
import type { Host } from "../../host.ts";
import { plannedLoads, sideBySideFaults } from "./side_by_side.ts";

/**
 * Takes the file as it was parsed, whatever else is wrong with it. What is wrong with a part by itself is
 * reported elsewhere; here, that part counts as left out.
 */
export function loadFaults(
  file: Readonly<Record<string, unknown>>,
  { host, resolve }: { readonly host: Host; readonly resolve: (path: string) => string },
): Issue[] {
  const issues: Issue[] = [];
  const backends = backendsOf(file);
  const loads = new Map(
    objectsOf(file.loads).flatMap(([name, load]) => {
      const sound = soundLoad(load);
      const known = targetsIn(sound?.to).every((to) => backends.has(to) || to.includes(":"));
      return sound && known ? [[name, sound] as const] : [];
    }),
  );
  const clashes = sideBySideFaults(plannedLoads(loads), {
    ...{ host, resolve },
    config: {
      backends,
      routes: routesOf(file),
      ...(typeof file.default === "string" && backends.has(file.default)
        ? { default: file.default }
        : {}),
    },
    onFault: (load, error, target) => {
      // Of a default that is none, more need not be said.
      const isLost = target === undefined && file.default !== undefined && error.code === "usage" &&
        !backends.has(String(file.default)) && loads.get(load)?.to === undefined;
      const { set = {} } = loads.get(load)!;
      if (!isLost) issues.push(...faultsOf(load, error, { target, set }));
    },
  });
  return [...issues, ...clashes];
}

/** What is wrong with one target, at the place of the load that says it. */
function faultsOf(
  load: string,
  error: LoadError,
  { target, set }: Required<Pick<NamedLoad, "set">> & { readonly target: Target | undefined },
): Issue[] {
  const path = `loads.${load}`;
  const [message = ""] = error.message.split("\n");
  if (error.code === "usage" && error.issues.length > 0) {
    return error.issues.map((issue) => ({
      path: `${path}.set.${issue.path.replace(/^--set /, "")}`,
      message: issue.message,
    }));
  }
  if (error.code === "usage") return [{ path, message }];
  if (target?.kind !== "url") {
    // A backend's own settings are reported with the backend.
    return error.issues.filter((issue) => Object.hasOwn(set, issue.path)).map((issue) => ({
      path: `${path}.set.${issue.path}`,
      message: issue.message,
    }));
  }
  if (error.code !== "config_invalid") return [{ path: `${path}.to`, message }];
  return error.issues.map((issue) => ({
    path: issue.path === "url" ? `${path}.to` : `${path}.set.${issue.path}`,
    message: issue.message,
  }));
}

/** The settings of a load that are sound each by itself; undefined where it is not known what it loads. */
function soundLoad(load: Readonly<Record<string, unknown>>): NamedLoad | undefined {
  const sound = Object.entries(load).flatMap(([name, value]) => {
    if (!Object.hasOwn(NamedLoadEntries, name)) return [];
    const kept = name === "set" && isObject(value)
      ? Object.fromEntries(Object.entries(value).filter(([, written]) => !isOpen(written)))
      : value;
    const read = v.safeParse(NamedLoadEntries[name as keyof typeof NamedLoadEntries], kept);
    return read.success && !isOpen(kept) ? [[name, read.output]] : [];
  });
  const read: Partial<NamedLoad> = Object.fromEntries(sound);
  // Without its target or its table, it would be another load.
  const isOther = ["to", "table"].some((name) => name in load && !(name in read));
  return read.source === undefined || isOther ? undefined : { ...read, source: read.source };
}

/** Whether a variable of the environment is missing in it. */
function isOpen(value: unknown): boolean {
  return hasReference(JSON.stringify(value) ?? "");
}

function backendsOf({ backends }: Readonly<Record<string, unknown>>): Map<string, NamedBackend> {
  return new Map(
    objectsOf(backends).flatMap(([name, { type, ...settings }]) => {
      if (typeof type !== "string") return [];
      return [[name, { type, settings: settings as Record<string, Setting> }] as const];
    }),
  );
}

function routesOf({ routes }: Readonly<Record<string, unknown>>): Route[] {
  return (Array.isArray(routes) ? routes : []).filter((route): route is Route =>
    isObject(route) && typeof route.table === "string" && typeof route.backend === "string"
  );
}

function objectsOf(value: unknown): [string, Record<string, unknown>][] {
  return Object.entries(isObject(value) ? value : {}).filter(
    (entry): entry is [string, Record<string, unknown>] => isObject(entry[1]),
  );
}
