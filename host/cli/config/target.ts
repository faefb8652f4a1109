/** From a target to a backend that is connected. */
import type { BackendPlace } from "../../../src/model/backend_place.ts";
import type { DatabaseBackend } from "../../../src/model/backend.ts";
import type { Setting } from "../../../src/config/load_settings.ts";
import type { Target } from "../../../src/config/route.ts";
import type { ConfigField, ConfigSchema } from "../../../src/model/config_schema.ts";
import { type Issue, LoadError } from "../../../src/model/errors.ts";
import { DRIVER_FAMILIES } from "../../drivers/load_driver.ts";
import type { Host } from "../../host.ts";
import { checkNotTaken, databaseFiles } from "../../platform/taken_file.ts";
import type { BackendView } from "../../plugins/backend_view.ts";
import { isSmall, lanesByDefault } from "../../lane/lanes.ts";
import type { LoadOptions } from "../../load/load.ts";
import { usageError } from "../options/arguments.ts";

/** What the command line says beside the target. */
export interface TargetSettings {
  /** Settings as they were written: of a text, the backend's schema says of which type it is. */
  readonly set: Readonly<Record<string, Setting>>;
  /** Connections that the load wants at once. */
  readonly connections?: number;
  /** The file that the load keeps rejects in: it cannot be one of the database. */
  readonly rejects?: string;
}

/** The backend type of a target. @throws {LoadError} `backend_unknown` */
export function typeOfTarget(host: BackendView, target: Target): string {
  return target.kind === "named" ? target.backend.type : host.typeOfScheme(target.scheme);
}

/**
 * How many lanes of a load will have workers, most likely: its driver is not known yet. A worker that is
 * not needed costs some CPU, one that is missing is started later.
 */
export function workersExpected(
  target: Target,
  { mode, connections, sourceBytes }: Partial<Pick<LoadOptions, "mode" | "connections">> & {
    readonly sourceBytes?: number | undefined;
  },
): number {
  const word = target.kind === "named" ? target.backend.type : target.scheme;
  const family = DRIVER_FAMILIES.find(({ name, schemes }) =>
    name === word || schemes.includes(word)
  );
  if (family?.oneThread) return 0;
  // An engine that blocks takes one writer.
  if (family?.blocks) return isSmall(sourceBytes) ? 0 : 1;
  return mode === "upsert" ? 0 : (connections ?? lanesByDefault(family ?? {}, sourceBytes)) - 1;
}

/** Targets as people write them, one of each form, for messages. */
export function exampleTargets(): readonly string[] {
  return DRIVER_FAMILIES.flatMap(({ examples }) => examples);
}

/**
 * Creates the backend of a target and connects it.
 *
 * @throws {LoadError} `usage` for settings of the wrong type, and what `createBackend` throws
 */
export async function openTarget(
  host: Host,
  target: Target,
  settings: TargetSettings,
): Promise<DatabaseBackend> {
  const { type, config } = settingsOfTarget(host, target, settings);
  // Before a database is made there.
  if (settings.rejects !== undefined) checkedPlace(host, { type, config }, settings);
  return await host.createBackend(type, config);
}

/**
 * Where a target leads to, without connecting; undefined where its backend does not say.
 *
 * @throws {LoadError} what is wrong with the target's type or settings, as {@linkcode openTarget} would;
 * `usage` where rejects are to be kept in a file of the database
 */
export function placeOfTarget(
  host: BackendView,
  target: Target,
  settings: TargetSettings,
): BackendPlace | undefined {
  return checkedPlace(host, settingsOfTarget(host, target, settings), settings);
}

function checkedPlace(
  host: BackendView,
  { type, config }: MadeWith,
  { rejects }: TargetSettings,
): BackendPlace | undefined {
  const place = host.placeOf(type, config);
  if (place && rejects !== undefined) checkNotTaken(rejects, databaseFiles(place.files));
  return place;
}

interface MadeWith {
  readonly type: string;
  readonly config: Readonly<Record<string, Setting>>;
}

/** The type of a target, and all settings that its backend is made with. @throws {LoadError} */
function settingsOfTarget(
  host: BackendView,
  target: Target,
  settings: TargetSettings,
): MadeWith {
  const type = typeOfTarget(host, target);
  const schema = host.discoverAvailableBackends()
    .find((info) => info.type === type && info.status === "available")?.configSchema;
  if (target.kind === "url" && Object.hasOwn(settings.set, "url")) {
    throw usageError([{ path: "--set url", message: "The target has its URL already, by --to" }]);
  }
  const given: Record<string, Setting> = {
    ...(target.kind === "named" ? target.backend.settings : { url: target.url }),
    ...typedSettings(settings.set, schema),
  };
  const pool = schema && wantedPool(schema, given, settings.connections);
  return { type, config: { ...given, ...(pool === undefined ? {} : { poolSize: pool }) } };
}

/**
 * What was written, in the types that the schema asks for; names that it lacks stay text.
 *
 * @throws {LoadError} `usage`
 */
export function typedSettings(
  set: Readonly<Record<string, Setting>>,
  schema: ConfigSchema | undefined,
): Record<string, Setting> {
  const issues: Issue[] = [];
  const values: Record<string, Setting> = {};
  for (const [name, written] of Object.entries(set)) {
    const fields = schema?.properties ?? {};
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const value = typeof written === "string" ? typedValue(written, field) : written;
    if (value === undefined) {
      issues.push({ path: `--set ${name}`, message: `Expected ${WORD_OF[fields[name]!.type]}` });
    } else values[name] = value;
  }
  if (issues.length > 0) throw usageError(issues);
  return values;
}

const WORD_OF: Readonly<Record<ConfigField["type"], string>> = {
  string: "a string",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function typedValue(text: string, field: ConfigField | undefined): Setting | undefined {
  switch (field?.type) {
    case "integer":
      return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    default:
      return text;
  }
}

/**
 * The pool has to hold as many connections as the load wants, or it would wait for itself.
 *
 * @throws {LoadError} `usage` where the user has said that it shall not
 */
function wantedPool(
  schema: ConfigSchema,
  given: Readonly<Record<string, Setting>>,
  connections: number | undefined,
): number | undefined {
  const field = schema.properties.poolSize;
  if (connections === undefined || field?.type !== "integer") return undefined;
  const size = given.poolSize ?? field.default;
  if (typeof size !== "number" || size >= connections) return undefined;
  if (given.poolSize === undefined) return connections;
  throw new LoadError(
    `--connections ${connections} is more than the backend's poolSize, which is ${size}`,
    { code: "usage", blame: "config" },
  );
}
