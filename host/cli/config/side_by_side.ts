/**
 * What loads that may run at the same time cannot have in common: a table that one of them replaces, and
 * a file of rejects. Targets that are called differently may be one.
 */
import { type ConfigFile, resolveUrl } from "../../../src/config/config_content.ts";
import { type LoadUnit, unitsOf } from "../../../src/config/destination.ts";
import type { NamedLoad } from "../../../src/config/load_settings.ts";
import { chooseTarget, type Target } from "../../../src/config/route.ts";
import { parseTableName } from "../../../src/load/shape.ts";
import { defined } from "../../../src/model/defined.ts";
import { type Issue, issueLines, LoadError } from "../../../src/model/errors.ts";
import { fileIdentity } from "../../platform/file_identity.ts";
import type { BackendView } from "../../plugins/backend_view.ts";
import { AST_TABLE } from "../../sources/ast_rows.ts";
import { AST_PREFIX } from "../../sources/open_source.ts";
import { exampleTargets, placeOfTarget } from "./target.ts";
import { tableOfSources } from "./table_name.ts";

/** The units that a load is, and the loads that it comes after. */
export interface PlannedLoad {
  readonly units: readonly LoadUnit[];
  readonly after?: readonly string[];
}

/** What is needed to find where loads lead to. */
export interface PlanContext {
  readonly host: BackendView;
  readonly config: Pick<ConfigFile, "backends" | "routes" | "default" | "folder">;
  /** Makes paths of loads absolute; they are told from the working directory by default. */
  readonly resolve?: (path: string) => string;
  /**
   * Hears what is wrong with a load's table or with one of its targets, which is named where it was
   * found; that target is left out by default.
   */
  readonly onFault?: (load: string, error: LoadError, target: Target | undefined) => void;
}

interface Placed {
  readonly load: string;
  readonly unit: LoadUnit;
  /** For people: `t of libsql:/a.db`. */
  readonly tables: ReadonlyMap<string, string>;
  readonly rejects: string | undefined;
}

/** Loads of a configuration, each with its targets. */
export function plannedLoads(
  loads: ReadonlyMap<string, NamedLoad>,
): ReadonlyMap<string, PlannedLoad> {
  return new Map([...loads].map(([name, { after = [], ...settings }]) => {
    return [name, { units: unitsOf(name, settings), after }];
  }));
}

/** @throws {LoadError} `config_invalid` where loads that may run at once come into each other's way */
export function checkSideBySide(
  loads: ReadonlyMap<string, PlannedLoad>,
  context: PlanContext,
): void {
  const issues = sideBySideFaults(loads, context);
  if (issues.length === 0) return;
  throw new LoadError("Nothing was loaded, since loads would come into each other's way:", {
    code: "config_invalid",
    blame: "config",
    issues,
    lines: issueLines(issues),
  });
}

/** Where loads that may run at once come into each other's way, each at the path of the later one. */
export function sideBySideFaults(
  loads: ReadonlyMap<string, PlannedLoad>,
  context: PlanContext,
): Issue[] {
  const placed = [...loads].flatMap(([load, { units }]) =>
    units.map((unit) => placedUnit(load, unit, context))
  );
  const before = new Map([...loads.keys()].map((name) => [name, allBefore(name, loads)]));
  const issues = new Map<string, Issue>();
  for (const [i, one] of placed.entries()) {
    for (const other of placed.slice(0, i)) {
      const ordered = before.get(one.load)!.has(other.load) ||
        before.get(other.load)!.has(one.load);
      if (ordered) continue;
      for (const issue of [...tableFaults(other, one), ...rejectsFaults(other, one)]) {
        // Two loads into several targets may meet in more than one of them: the first will do.
        const key = JSON.stringify([issue.path, other.load]);
        if (!issues.has(key)) issues.set(key, issue);
      }
    }
  }
  return [...issues.values()];
}

function tableFaults(one: Placed, other: Placed): Issue[] {
  const replaces = [one, other].find(({ unit }) => unit.settings.mode === "replace");
  // One load, all of whose rows go to each target, would do the same twice.
  const isTwice = one.load === other.load && !other.unit.share;
  if (!replaces && !isTwice) return [];
  const shared = [...one.tables].find(([key]) => other.tables.has(key));
  if (!shared) return [];
  const why = replaces
    ? `and ${replaces.unit.name} replaces it: at the same time, only the rows of the last would stay`
    : "with the same rows";
  const way = one.load === other.load
    ? "Name each database once"
    : "Let one of them come after the other, with after, or name another table or target";
  return [{
    path: `loads.${other.load}.to`,
    message:
      `${one.unit.name} and ${other.unit.name} go to the same table, ${shared[1]}, ${why}. ` +
      way,
  }];
}

function rejectsFaults(one: Placed, other: Placed): Issue[] {
  if (one.rejects === undefined || one.rejects !== other.rejects) return [];
  return [{
    path: `loads.${other.load}.rejects`,
    message: `${one.unit.name} and ${other.unit.name} keep their rejects in the same file, ` +
      `${other.unit.settings.rejects}, and may run side by side: name another`,
  }];
}

function placedUnit(load: string, unit: LoadUnit, context: PlanContext): Placed {
  const { resolve = (path: string) => path } = context;
  const { rejects } = unit.settings;
  return {
    ...{ load, unit, tables: tablesOf(load, unit, context) },
    rejects: rejects === undefined ? undefined : fileIdentity(resolve(rejects)),
  };
}

function tablesOf(load: string, unit: LoadUnit, context: PlanContext): Map<string, string> {
  const { host, config, resolve, onFault } = context;
  const { settings, to } = unit;
  const tables = new Map<string, string>();
  const tried = <T>(act: () => T, target?: Target): T | undefined => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      onFault?.(load, error, target);
      return undefined;
    }
  };
  const table = tried(() => settings.table ?? tableOf(settings.source));
  if (table === undefined) return tables;
  const name = tried(() => parseTableName(table));
  const examples = exampleTargets();
  const { set = {}, connections } = settings;
  const rejects = settings.rejects === undefined || !resolve
    ? settings.rejects
    : resolve(settings.rejects);
  for (const named of to.length === 0 ? [undefined] : to) {
    const request = { table, examples, ...defined({ to: named }) };
    const target = tried(() => chooseTarget({ ...config, loads: new Map(), secrets: [] }, request));
    const place = target && tried(() => {
      const there = resolve ? resolved(target, resolve) : target;
      return placeOfTarget(host, there, { set, ...defined({ connections, rejects }) });
    }, target);
    if (!place || !name) continue;
    for (const key of place.tables(name)) tables.set(key, `${table} of ${place.endpoint}`);
  }
  return tables;
}

/** Syntax trees have a table's name of their own. */
function tableOf(source: readonly string[]): string {
  return source.some((path) => path.startsWith(AST_PREFIX)) ? AST_TABLE : tableOfSources(source);
}

function resolved(target: Target, resolve: (path: string) => string): Target {
  if (target.kind === "url") return { ...target, url: resolveUrl(target.url, resolve) };
  const { type, settings } = target.backend;
  const { url } = settings;
  if (typeof url !== "string") return target;
  return { ...target, backend: { type, settings: { ...settings, url: resolveUrl(url, resolve) } } };
}

/** All loads that one comes after, also by others. */
function allBefore(name: string, loads: ReadonlyMap<string, PlannedLoad>): Set<string> {
  const seen = new Set<string>();
  const visit = (after: readonly string[] = []) => {
    for (const before of after) {
      if (seen.has(before)) continue;
      seen.add(before);
      visit(loads.get(before)?.after);
    }
  };
  visit(loads.get(name)?.after);
  return seen;
}

/** Where the units of a load lead to. @throws {LoadError} what is wrong with one of its targets */
export function checkTargets(units: readonly LoadUnit[], context: PlanContext): void {
  for (const unit of units) {
    tablesOf("load", unit, {
      ...context,
      onFault: (_, error) => {
        throw error;
      },
    });
  }
}
