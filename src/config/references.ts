/** What one part of a configuration says of another: names of backends and loads, and their order. */
import type { Issue } from "../model/errors.ts";
import { schemeOf } from "../model/url_scheme.ts";
import { hasReference } from "./env.ts";
import type { NamedLoad } from "./load_settings.ts";

/** The names that backends and loads may have. */
export const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/**
 * Where the file names what it does not have, or loads that wait for each other. Takes anything: the
 * rest may be wrong too. `secrets` are values that no message repeats.
 */
export function referenceFaults(
  file: Record<string, unknown>,
  secrets: readonly string[],
): Issue[] {
  const loads = Object.entries(isObject(file.loads) ? file.loads : {}).filter(
    (entry): entry is [string, Record<string, unknown>] => isObject(entry[1]),
  );
  return [
    ...listFaults(file),
    ...backendFaults(file, loads, secrets),
    ...orderFaults(loads, secrets),
    ...loads.flatMap(([name, load]) => combinationFaults(name, load)),
  ];
}

/**
 * Loads in an order in which each stands behind those that it comes after, and otherwise as they
 * stand. Names that are not among them are passed over.
 */
export function inOrder(loads: ReadonlyMap<string, Pick<NamedLoad, "after">>): string[] {
  const done = new Set<string>();
  const visit = (name: string) => {
    if (done.has(name) || !loads.has(name)) return;
    for (const before of loads.get(name)?.after ?? []) visit(before);
    done.add(name);
  };
  for (const name of loads.keys()) visit(name);
  return [...done];
}

/** A list would count as an object without names. */
function listFaults(file: Record<string, unknown>): Issue[] {
  return (["backends", "loads"] as const).filter((name) => Array.isArray(file[name]))
    .map((path) => ({ path, message: `Expected an object of ${path} by name` }));
}

type Loads = readonly (readonly [string, Record<string, unknown>])[];

function backendFaults(
  file: Record<string, unknown>,
  loads: Loads,
  secrets: readonly string[],
): Issue[] {
  const backends = isObject(file.backends) ? Object.keys(file.backends) : [];
  const faultOf = unknownName("backend", backends, secrets);
  const named = (path: string, name: unknown) => {
    const message = faultOf(name);
    return message === undefined ? [] : [{ path, message }];
  };
  const routes: unknown[] = Array.isArray(file.routes) ? file.routes : [];
  return [
    ...named("default", file.default),
    ...routes.flatMap((route, i) =>
      isObject(route) ? named(`routes.${i}.backend`, route.backend) : []
    ),
    ...loads.flatMap(([name, { to }]) =>
      namedIn(to).filter((target) => !isUrl(target)).flatMap((target) =>
        named(`loads.${name}.to`, target)
      )
    ),
  ];
}

function orderFaults(loads: Loads, secrets: readonly string[]): Issue[] {
  const faultOf = unknownName("load", loads.map(([name]) => name), secrets);
  const after = new Map(loads.map(([name, { after }]) => [
    name,
    typeof after === "string" ? after.split(",").map((text) => text.trim()) : namesOf(after),
  ]));
  const faults: Issue[] = [];
  for (const [name, befores] of after) {
    for (const before of befores) {
      const message = faultOf(before);
      if (message !== undefined) faults.push({ path: `loads.${name}.after`, message });
    }
    const circle = wayBack(name, after);
    if (circle) {
      faults.push({
        path: `loads.${name}.after`,
        message: `No load can come after itself: ${circle.join(" comes after ")}`,
      });
    }
  }
  return faults;
}

/** What cannot be said together, or not without something else. */
function combinationFaults(name: string, load: Record<string, unknown>): Issue[] {
  const { mode, key, maxRejects, rejects, rejectsTable } = load;
  const path = (setting: string) => `loads.${name}.${setting}`;
  const leavesOut = maxRejects !== undefined && !/^0+(\.0+)?%?$/.test(String(maxRejects));
  return [
    ...(mode === "upsert" && key === undefined
      ? [{ path: path("key"), message: "An upsert needs a key: name its columns" }]
      : []),
    ...(leavesOut && rejects === undefined && rejectsTable !== true
      ? [{
        path: path("maxRejects"),
        message: "Nothing says where rows that are left out are kept: name a file in rejects, " +
          "or set rejectsTable",
      }]
      : []),
  ];
}

/** Makes what says of a name that it is not known; undefined where it is, or is no name. */
function unknownName(
  what: "backend" | "load",
  names: readonly string[],
  secrets: readonly string[],
): (name: unknown) => string | undefined {
  const known = names.filter((name) => NAME.test(name));
  return (name) => {
    // A reference to the environment that is left over is reported as such.
    if (typeof name !== "string" || name === "" || hasReference(name)) return undefined;
    if (names.includes(name)) return undefined;
    const shown = NAME.test(name) && !secrets.includes(name)
      ? `No ${what} is named ${name}`
      : `No ${what} has that name`;
    return `${shown}, there are: ${known.join(", ") || "none"}`;
  };
}

/** The loads from one back to itself; undefined where it does not come after itself. */
function wayBack(
  start: string,
  after: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | undefined => {
    for (const before of after.get(name) ?? []) {
      if (before === start) return [...way, before];
      if (seen.has(before)) continue;
      seen.add(before);
      const found = walk(before, [...way, before]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
}

/** Whatever a destination names, as far as it is one. */
export function namedIn(to: unknown): unknown[] {
  if (!isObject(to)) return Array.isArray(to) ? to : [to];
  if ("first" in to) return namesOf(to.first);
  return [...isObject(to.values) ? Object.values(to.values) : [], to.else];
}

function namesOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((name) => typeof name === "string");
}

function isUrl(to: unknown): boolean {
  return typeof to === "string" && schemeOf(to) !== undefined;
}

/** Whether a value has properties by name. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
