/**
 * What stands in `snakepipe.jsonc`. No message about it carries a value of it: any could be a
 * password in the wrong place.
 */
import * as v from "valibot";
import { defined } from "../model/defined.ts";
import { type Issue, issueLines, LoadError } from "../model/errors.ts";
import { type EnvironmentLookup, expandEnvironment } from "./env.ts";
import { type NamedLoad, NamedLoadSchema, type Setting, SettingValue } from "./load_settings.ts";
import { parse } from "./parse.ts";
import { isObject, NAME, referenceFaults } from "./references.ts";
import { Switch, Text } from "./setting_value.ts";
import { withTargetsApart } from "./split_targets.ts";

/** A backend that has a name: its type and its settings, which its own schema checks later. */
export interface NamedBackend {
  readonly type: string;
  readonly settings: Readonly<Record<string, Setting>>;
}

/** Where the rows of some tables go. */
export interface Route {
  /** A table's name, in which `*` stands for any characters. */
  readonly table: string;
  /** The name of a backend. */
  readonly backend: string;
}

/** A configuration, checked: every backend that it names is there. */
export interface ConfigFile {
  /** Folder of plugins. */
  readonly plugins?: string;
  /** Whether only the plugins that `plugins.lock` knows are let in. */
  readonly locked?: boolean;
  /** Ed25519 public keys, raw and in base64, of which one must have signed each plugin. */
  readonly trustedKeys?: readonly string[];
  /** Whether `snakepipe serve` takes plugins by its API. */
  readonly uploads?: boolean;
  /** File that audit records are appended to. */
  readonly audit?: string;
  /** Name of the backend for tables without a route. */
  readonly default?: string;
  readonly backends: ReadonlyMap<string, NamedBackend>;
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
  /** Loads by name; their paths are relative to {@linkcode ConfigFile.folder}. */
  readonly loads: ReadonlyMap<string, NamedLoad>;
  /** The folder of the file; absent where there is none. */
  readonly folder?: string;
  /** What environment variables brought in: to be shown nowhere. */
  readonly secrets: readonly string[];
}

/** The world around the file. */
export interface ConfigContext {
  /** The file, as messages name it. */
  readonly file: string;
  readonly lookup: EnvironmentLookup;
  /** Makes a path that is relative to the file one that is not. */
  readonly resolve: (path: string) => string;
  /** What is wrong with the words of a schedule, in a sentence; nothing is by default. */
  readonly scheduleFault?: (words: string) => string | undefined;
  /** Schemes of URLs, which begin another target behind a comma; none by default. */
  readonly schemes?: readonly string[];
}

/** The configuration where there is no file. */
export const NO_CONFIG: ConfigFile = {
  backends: new Map(),
  routes: [],
  loads: new Map(),
  secrets: [],
};

const BackendSchema = v.objectWithRest(
  { type: Text },
  SettingValue,
  "Expected an object with a type and the settings of that backend",
);

/** What may stand in the file, part by part; what one part says of another is checked beside it. */
export const ConfigFileSchema = v.strictObject({
  $schema: v.exactOptional(Text),
  plugins: v.exactOptional(Text),
  locked: v.exactOptional(Switch),
  trustedKeys: v.exactOptional(
    v.pipe(
      v.array(Text, "Expected a list of keys in base64"),
      v.minLength(1, "Expected at least one key"),
    ),
  ),
  uploads: v.exactOptional(Switch),
  audit: v.exactOptional(Text),
  default: v.exactOptional(Text),
  backends: v.exactOptional(byName("backend", BackendSchema)),
  routes: v.exactOptional(
    v.array(
      v.strictObject({ table: Text, backend: Text }, "Expected an object with table and backend"),
      "Expected a list of routes",
    ),
  ),
  loads: v.exactOptional(byName("load", NamedLoadSchema)),
});

/** An object of what has names. */
function byName<T>(
  what: "backend" | "load",
  schema: v.GenericSchema<unknown, T>,
): v.GenericSchema<unknown, Record<string, T>> {
  const expected = `Expected an object of ${what}s by name`;
  return v.record(
    v.pipe(
      v.string(),
      v.regex(NAME, `A ${what}'s name is letters, digits, _ and -, and begins with a letter`),
    ),
    schema,
    expected,
  );
}

type FileContent = v.InferOutput<typeof ConfigFileSchema>;

/**
 * Reads a configuration from parsed JSON: replaces `${NAME}` by environment variables, holds the
 * whole to its schema, and makes relative paths absolute: `plugins`, `audit`, settings whose name
 * ends in `File`, and the path in an `url` of the form `scheme:path`. Paths of loads stay as they are:
 * a load is known again by them.
 *
 * @throws {LoadError} `config_invalid` with every failing path, missing variables among them;
 * `env_missing` with every missing variable, where that is all that is wrong
 */
export function readConfig(json: unknown, context: ConfigContext): ConfigFile {
  const { value: expanded, missing, malformed, secrets } = expandEnvironment(json, context.lookup);
  if (!isObject(expanded)) {
    throw failure(`${context.file} is not valid`, "config_invalid", [
      { path: "(whole)", message: "Expected an object" },
    ]);
  }
  const value = withTargetsApart(expanded, context.schemes ?? []);
  const issues = [...malformed];
  let file: FileContent | undefined;
  try {
    file = parse(ConfigFileSchema, value, {
      what: context.file,
      code: "config_invalid",
      blame: "config",
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    issues.push(...error.issues);
  }
  // Whatever else is wrong, so that all of it is reported at once.
  issues.push(...referenceFaults(value, secrets), ...scheduleFaults(value, context));
  if (file === undefined || issues.length > 0) {
    throw failure(`${context.file} is not valid`, "config_invalid", [...issues, ...missing]);
  }
  if (missing.length > 0) {
    const what = `${context.file} refers to environment variables that are not there`;
    throw failure(what, "env_missing", missing);
  }
  const { plugins, locked, trustedKeys, uploads, audit, backends = {}, routes = [], loads = {} } =
    file;
  return {
    ...defined({ locked, trustedKeys, uploads, default: file.default }),
    ...defined({
      plugins: plugins === undefined ? undefined : context.resolve(plugins),
      audit: audit === undefined ? undefined : context.resolve(audit),
    }),
    backends: new Map(
      Object.entries(backends).map(([name, { type, ...settings }]) => [
        name,
        { type, settings: resolvePaths(settings, context.resolve) },
      ]),
    ),
    routes,
    loads: new Map(Object.entries(loads)),
    folder: context.resolve("."),
    secrets,
  };
}

function scheduleFaults(
  { loads }: Record<string, unknown>,
  { scheduleFault }: ConfigContext,
): Issue[] {
  if (!scheduleFault || !isObject(loads)) return [];
  return Object.entries(loads).flatMap(([name, load]) => {
    const words = isObject(load) ? load.schedule : undefined;
    if (typeof words !== "string" || words === "") return [];
    const message = scheduleFault(words);
    return message === undefined ? [] : [{ path: `loads.${name}.schedule`, message }];
  });
}

function failure(
  what: string,
  code: "config_invalid" | "env_missing",
  issues: readonly Issue[],
): LoadError {
  return new LoadError(`${what}:`, { code, blame: "config", issues, lines: issueLines(issues) });
}

function resolvePaths(
  settings: Readonly<Record<string, Setting>>,
  resolve: (path: string) => string,
): Record<string, Setting> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      if (name === "url") return [name, resolveUrl(value, resolve)];
      return [name, /File$/.test(name) && value !== "" ? resolve(value) : value];
    }),
  );
}

/**
 * A URL whose path is not relative any more: `libsql:ast.db` names a file; `libsql://host` and
 * `libsql::memory:` do not.
 */
export function resolveUrl(url: string, resolve: (path: string) => string): string {
  const parts = /^([a-z][a-z0-9+.-]*:)([^/:].*)$/is.exec(url);
  if (!parts) return url;
  const [, scheme, path] = parts;
  // Within file: URLs a path is percent-encoded, the folder before it has to be too.
  if (scheme!.toLowerCase() !== "file:") return scheme! + resolve(path!);
  const marker = "snakepipe-path";
  return scheme! +
    encodeURI(resolve(marker).slice(0, -marker.length)).replace(/[?#]/g, encodeURIComponent) +
    path!;
}
