/**
 * What stands in `snakepipe.jsonc`. No message about it carries a value of it: any could be a
 * password in the wrong place.
 */
import * as v from "valibot";
import { defined } from "../model/defined.ts";
import { type Issue, issueLines, LoadError } from "../model/errors.ts";
import { type EnvironmentLookup, expandEnvironment } from "./env.ts";
import { parse } from "./parse.ts";

/** A setting of a backend, as it is written. */
export type Setting = string | number | boolean;

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
  /** File that audit records are appended to. */
  readonly audit?: string;
  /** Name of the backend for tables without a route. */
  readonly default?: string;
  readonly backends: ReadonlyMap<string, NamedBackend>;
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
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
}

/** The configuration where there is no file. */
export const NO_CONFIG: ConfigFile = { backends: new Map(), routes: [], secrets: [] };

const BACKEND_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

const Text = v.pipe(
  v.string("Expected a string"),
  v.minLength(1, "Expected a string, not an empty one"),
);

const BackendSchema = v.objectWithRest(
  { type: Text },
  v.union(
    [v.string(), v.pipe(v.number(), v.finite()), v.boolean()],
    "Expected a string, a number or a boolean",
  ),
  "Expected an object with a type and the settings of that backend",
);

const FileEntries = v.strictObject({
  plugins: v.exactOptional(Text),
  locked: v.exactOptional(v.boolean("Expected true or false")),
  trustedKeys: v.exactOptional(
    v.pipe(
      v.array(Text, "Expected a list of keys in base64"),
      v.minLength(1, "Expected at least one key"),
    ),
  ),
  audit: v.exactOptional(Text),
  default: v.exactOptional(Text),
  backends: v.exactOptional(v.pipe(
    // A list would count as an object without names.
    v.custom<Record<string, unknown>>(isObject, "Expected an object of backends by name"),
    v.record(
      v.pipe(
        v.string(),
        v.regex(
          BACKEND_NAME,
          "A backend's name is letters, digits, _ and -, and begins with a letter",
        ),
      ),
      BackendSchema,
      "Expected an object of backends by name",
    ),
  )),
  routes: v.exactOptional(
    v.array(
      v.strictObject({ table: Text, backend: Text }, "Expected an object with table and backend"),
      "Expected a list of routes",
    ),
  ),
});

type FileContent = v.InferOutput<typeof FileEntries>;

/** The schema of the file; `secrets` are values that it does not repeat. */
function fileSchema(secrets: readonly string[]): v.GenericSchema<unknown, FileContent> {
  return v.pipe(
    FileEntries,
    // Runs whatever else is wrong, so that all of it is reported at once.
    v.rawCheck(({ dataset, addIssue }) => {
      const file = dataset.value as Record<string, unknown>;
      for (const { at, message } of unknownNames(file, secrets)) addIssue({ message, path: at });
    }),
  );
}

/**
 * Reads a configuration from parsed JSON: replaces `${NAME}` by environment variables, holds the
 * whole to its schema, and makes relative paths absolute: `plugins`, `audit`, settings whose name
 * ends in `File`, and the path in an `url` of the form `scheme:path`.
 *
 * @throws {LoadError} `config_invalid` with every failing path, missing variables among them;
 * `env_missing` with every missing variable, where that is all that is wrong
 */
export function readConfig(json: unknown, context: ConfigContext): ConfigFile {
  const { value, missing, malformed, secrets } = expandEnvironment(json, context.lookup);
  if (!isObject(value)) {
    throw failure(`${context.file} is not valid`, "config_invalid", [
      { path: "(whole)", message: "Expected an object" },
    ]);
  }
  const issues = [...malformed];
  let file: FileContent | undefined;
  try {
    file = parse(fileSchema(secrets), value, {
      what: context.file,
      code: "config_invalid",
      blame: "config",
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    issues.push(...error.issues);
  }
  if (file === undefined || issues.length > 0) {
    throw failure(`${context.file} is not valid`, "config_invalid", [...issues, ...missing]);
  }
  if (missing.length > 0) {
    const what = `${context.file} refers to environment variables that are not there`;
    throw failure(what, "env_missing", missing);
  }
  const { plugins, locked, trustedKeys, audit, backends = {}, routes = [] } = file;
  return {
    ...defined({ locked, trustedKeys, default: file.default }),
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
    secrets,
  };
}

function failure(
  what: string,
  code: "config_invalid" | "env_missing",
  issues: readonly Issue[],
): LoadError {
  return new LoadError(`${what}:`, { code, blame: "config", issues, lines: issueLines(issues) });
}

type PathItem = v.ObjectPathItem | v.ArrayPathItem;

/** Where the file names a backend that it does not have. Takes anything: the rest may be wrong too. */
function unknownNames(
  file: Record<string, unknown>,
  secrets: readonly string[],
): { at: [PathItem, ...PathItem[]]; message: string }[] {
  const backends = isObject(file.backends) ? Object.keys(file.backends) : [];
  const known = backends.filter((name) => BACKEND_NAME.test(name)).join(", ") || "none";
  const faultOf = (name: unknown) => {
    // A reference that is left over is reported as such.
    if (typeof name !== "string" || name === "" || name.includes("${")) return undefined;
    if (backends.includes(name)) return undefined;
    const shown = BACKEND_NAME.test(name) && !secrets.includes(name)
      ? `No backend is named ${name}`
      : "No backend has that name";
    return `${shown}, there are: ${known}`;
  };
  const found: { at: [PathItem, ...PathItem[]]; message: string }[] = [];
  const ofDefault = faultOf(file.default);
  if (ofDefault !== undefined) {
    found.push({ at: [objectItem(file, "default")], message: ofDefault });
  }
  const routes: unknown[] = Array.isArray(file.routes) ? file.routes : [];
  for (const [key, route] of routes.entries()) {
    const message = isObject(route) ? faultOf(route.backend) : undefined;
    if (message === undefined || !isObject(route)) continue;
    const item: PathItem = { type: "array", origin: "value", input: routes, key, value: route };
    found.push({ at: [objectItem(file, "routes"), item, objectItem(route, "backend")], message });
  }
  return found;
}

function objectItem(input: Record<string, unknown>, key: string): PathItem {
  return { type: "object", origin: "value", input, key, value: input[key] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

/** `libsql:ast.db` names a file; `libsql://host` and `libsql::memory:` do not. */
function resolveUrl(url: string, resolve: (path: string) => string): string {
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
