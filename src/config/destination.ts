/**
 * Where the rows of one load go: to one target, to several, to the first of several that is healthy, or
 * each to the target that a column's value says. A load into several is one load for each of them, over
 * the same source, with a ledger and a file of rejects of its own.
 */
import * as v from "valibot";
import { LoadError } from "../model/errors.ts";
import { schemeOf } from "../model/url_scheme.ts";
import type { NamedLoad, SourceSettings } from "./load_settings.ts";
import type { RowShare } from "./row_share.ts";
import { Text, texts } from "./setting_value.ts";

/** Each row goes to the target that the value of a column says. */
export interface ByValue {
  /** The column. */
  readonly by: string;
  /** Targets by value, as text: `12`, `true`. A number of JSON is compared as a number. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * The target of all other rows: those without the column, with NULL, an object or an array in it, and
   * unreadable ones.
   */
  readonly else: string;
}

/** The first that is healthy when the load begins. */
export interface FirstOf {
  readonly first: readonly string[];
}

/** Names of backends, or URLs. */
export type Destination = string | readonly string[] | FirstOf | ByValue;

/** The schema of a {@linkcode Destination}. */
export const DestinationSchema: v.GenericSchema<unknown, Destination> = v.union(
  [
    Text,
    v.pipe(
      v.array(Text),
      v.minLength(1),
      v.check((list) => new Set(list).size === list.length, "Names a target twice"),
    ),
    v.strictObject({ first: texts({ what: "a target", twice: "Names a target twice" }) }),
    v.strictObject({ by: Text, values: v.record(v.string(), Text), else: Text }),
  ],
  'Expected a target; a list of them, each once; { "first": [targets] }; or ' +
    '{ "by": column, "values": { value: target }, "else": target }',
);

/** One load into one target. */
export interface LoadUnit {
  /** What it is called in reports: `people`, or `people to warehouse` where there are several. */
  readonly name: string;
  /** The target, in words without secrets; absent where nobody has named one. */
  readonly label?: string;
  readonly settings: Omit<SourceSettings, "to">;
  /** Targets of which the first that is healthy is taken; none where routes decide. */
  readonly to: readonly string[];
  /** Which of its rows; all where this is left out. */
  readonly share?: RowShare;
  /** Whether it is one of several over the same source. */
  readonly shares: boolean;
}

/** Every target that is named. */
export function targetsIn(to: Destination | undefined): readonly string[] {
  if (to === undefined) return [];
  if (typeof to === "string") return [to];
  if ("first" in to) return to.first;
  if ("by" in to) return [...new Set([...Object.values(to.values), to.else])];
  return to;
}

/** The loads, one for each target, that a load is. */
export function unitsOf(name: string, { to, ...settings }: SourceSettings): LoadUnit[] {
  if (to === undefined || typeof to === "string" || "first" in to) {
    return [{ name, settings, to: targetsIn(to), shares: false }];
  }
  const targets = targetsIn(to);
  const labels = labelsOf(targets);
  return targets.map((target, i) => {
    const label = labels[i]!;
    return {
      name: `${name} to ${label}`,
      label,
      settings: {
        ...settings,
        ...(settings.rejects === undefined || targets.length === 1
          ? {}
          : { rejects: fileOf(settings.rejects, label) }),
      },
      to: [target],
      ...("by" in to ? { share: shareOf(to, target) } : {}),
      shares: targets.length > 1,
    };
  });
}

/** The loads that a name stands for, of the names there are: itself, or one for each of several targets. */
export function loadsNamed(name: string, names: readonly string[]): readonly string[] {
  return names.includes(name) ? [name] : names.filter((one) => one.startsWith(`${name} to `));
}

/** A load of a configuration, in one of its targets. */
export interface SplitLoad extends NamedLoad {
  readonly unit: LoadUnit;
}

/**
 * Loads by their names, those into several targets as one load for each of them, which is called as its
 * unit is. What comes after such a load comes after all of these.
 */
export function splitLoads(loads: ReadonlyMap<string, NamedLoad>): Map<string, SplitLoad> {
  const units = new Map([...loads].map(([name, load]) => [name, unitsOf(name, load)]));
  return new Map([...loads].flatMap(([name, load]) => {
    const after = load.after?.flatMap((before) =>
      units.get(before)?.map((unit) => unit.name) ?? [before]
    );
    return units.get(name)!.map((unit): [string, SplitLoad] => [unit.name, {
      ...load,
      ...(after ? { after } : {}),
      ...(unit.label === undefined ? {} : { to: unit.to[0]! }),
      unit,
    }]);
  }));
}

/** The unit that a load is, which was split. @throws {LoadError} `bug` for another one */
export function unitOf(load: NamedLoad | SplitLoad): LoadUnit {
  if ("unit" in load) return load.unit;
  throw new LoadError("A load was not split by its targets", { code: "bug", blame: "host" });
}

function shareOf({ by, values, else: rest }: ByValue, target: string): RowShare {
  const there = (is: boolean) =>
    Object.entries(values).filter(([, name]) => (name === target) === is).map(([value]) => value);
  return { by, values: there(true), others: there(false), rest: rest === target };
}

/** A URL is called by its scheme and its place: it may hold a password. */
function labelsOf(targets: readonly string[]): string[] {
  return targets.map((target, i) => {
    const scheme = schemeOf(target);
    return scheme === undefined ? target : `${scheme}-${i + 1}`;
  });
}

/** `rejects.a.ndjson` for `rejects.ndjson`: each target has its own. */
function fileOf(path: string, label: string): string {
  return /\.[^./\\]+$/.test(path)
    ? path.replace(/(\.[^./\\]+)$/, `.${label}$1`)
    : `${path}.${label}`;
}
