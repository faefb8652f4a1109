/** Looks at what loads would need, and changes nothing. A check that fails does not stop the others. */
import { dirname } from "@std/path";
import type { ConfigFile } from "../../src/config/config_content.ts";
import { type LoadUnit, targetsIn, unitsOf } from "../../src/config/destination.ts";
import type { NamedLoad } from "../../src/config/load_settings.ts";
import { chooseTarget, type Target } from "../../src/config/route.ts";
import { counted } from "../../src/model/counted.ts";
import { LoadError, messageOf, partsOf } from "../../src/model/errors.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Host } from "../host.ts";
import { appendFault, folderFault } from "../platform/write_access.ts";
import { versionInfo } from "../platform/version.ts";
import { builtPlugins } from "../plugins/built_plugins.ts";
import { openFirst } from "./loads/command_context.ts";
import { configFaults } from "./config/config_faults.ts";
import { readTextFile } from "./config/json_file.ts";
import { readyLoad } from "./loads/one_load.ts";
import type { Session } from "./output/output.ts";
import { redact } from "./output/redact.ts";
import { exampleTargets, openTarget } from "./config/target.ts";
import { isThere } from "../platform/is_there.ts";

/** The version of Deno that the program is tested on: `2.9`. */
const DENO_TESTED = "2.9";

/** What the runtime may be allowed, and what is not so good without it. */
const PERMISSIONS: readonly (readonly [Deno.PermissionDescriptor["name"], string])[] = [
  ["read", "no file can be read but those that it was allowed"],
  ["write", "no file can be written but those that it was allowed"],
  ["net", "no server can be reached but those that it was allowed"],
  ["env", "no variable of the environment can be read but those that it was allowed"],
  ["ffi", "no database engine of native code can be used"],
];

/** What a check works with. */
export interface Examined {
  readonly config: ConfigFile;
  /** The file of the configuration; undefined where there is none. */
  readonly configFile: string | undefined;
  readonly plugins: string | undefined;
  /** A host that changes nothing. */
  readonly host: Host;
  readonly session: Session;
}

/** One check, or several that belong together. */
type Check = () => Promise<readonly Finding[]> | readonly Finding[];

/** Runs a check; what it throws is a failure, whose defect is said to be one. */
export async function checked(
  about: string,
  check: Check,
  secrets: readonly string[],
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [failureOf(about, error, secrets)];
  }
}

/** The program itself: its version, and what it may do. */
export function programFindings(): Finding[] {
  const { version, deno, target } = versionInfo();
  const isTested = deno.startsWith(`${DENO_TESTED}.`);
  const runtime = `snakepipe ${version} on Deno ${deno} (${target})`;
  const lacking = PERMISSIONS.filter(([name]) =>
    Deno.permissions.querySync({ name } as Deno.PermissionDescriptor).state !== "granted"
  );
  return [
    isTested ? { about: "runtime", status: "pass", message: runtime } : {
      about: "runtime",
      status: "warn",
      message: `${runtime}, which is not the version that it is tested on`,
      way: `Use Deno ${DENO_TESTED}`,
    },
    lacking.length === 0
      ? { about: "permissions", status: "pass", message: "All permissions are granted" }
      : {
        about: "permissions",
        status: "warn",
        message: `Not all is allowed: ${lacking.map(([, why]) => why).join("; ")}`,
        way:
          `Start it with ${
            lacking.map(([name]) => `--allow-${name}`).join(" ")
          }, or with as much ` +
          "as is needed",
      },
  ];
}

/** The file of the configuration. */
export async function configFindings(
  file: string | undefined,
  plugins: string | undefined,
): Promise<Finding[]> {
  const text = file === undefined ? undefined : await readTextFile(file, "config_invalid");
  if (file === undefined || text === undefined) {
    return [{
      about: "configuration",
      status: "pass",
      message: "There is none, and none is needed",
    }];
  }
  const faults = await configFaults({ file, text, plugins });
  if (faults.length === 0) {
    return [{ about: "configuration", status: "pass", message: `${file} is valid` }];
  }
  return faults.map(({ line, column, path, message }) => ({
    about: path === "" ? "configuration" : `configuration.${path}`,
    status: "fail",
    message: `${file}:${line}:${column}: ${message}`,
    way: "Correct it; snakepipe config check says when all is well",
  }));
}

/** The plugins of the folder, and why some are not let in. */
export function pluginFindings({ host, plugins = builtPlugins() }: Examined): Finding[] {
  const infos = host.discoverAvailableBackends();
  const there = infos.filter(({ status }) => status === "available");
  const refused = infos.filter(({ status }) => status === "refused" || status === "quarantined");
  return [
    there.length === 0
      ? {
        about: "plugins",
        status: "fail",
        message: `No plugin of ${plugins} can be used`,
        way: "Build them with deno task build, or name another folder with --plugins",
      }
      : {
        about: "plugins",
        status: "pass",
        message: `${counted(there.length, "plugin")} of ${plugins}: ${
          there.map(({ type, version }) => `${type} ${version}`).join(", ")
        }`,
      },
    ...refused.map((info): Finding => {
      const { message, lines } = partsOf(info.reason ?? "");
      return {
        about: `plugins.${info.type}`,
        status: "warn",
        message: `${info.plugin?.file ?? info.type} is ${info.status}: ${
          [message, ...lines].join("; ")
        }`,
        way: "Take the file out of the folder, or accept it as it is with snakepipe grant",
      };
    }),
  ];
}

/** Everything about one target: whether it can be reached, and what its database says of itself. */
export async function targetFindings(
  name: string,
  target: Target,
  { host, session }: Examined,
): Promise<readonly Finding[]> {
  const about = `backends.${name}`;
  const { secrets } = session;
  const backend = await openTarget(host, target, { set: {} });
  try {
    const health = await backend.healthCheck();
    const reached: Finding = health.status === "unhealthy"
      ? failureOf(about, new Error(health.detail ?? "it is not healthy"), secrets)
      : {
        about,
        status: health.status === "healthy" ? "pass" : "warn",
        message: `Reached at ${backend.endpoint ?? name}, answers in ${
          health.latencyMs.toFixed(1)
        } ms`,
        ...(health.status === "healthy"
          ? {}
          : { way: "It is slow: look at its load and the network" }),
      };
    const found = await checked(about, async () => await backend.examine?.() ?? [], secrets);
    return [
      reached,
      ...found.map((one) =>
        one.about === about ? one : {
          ...one,
          about: `${about}.${one.about}`,
        }
      ),
    ];
  } finally {
    await backend.close();
  }
}

/** Everything about one load: its source, its table, its plan, and the file of its rejects. */
export async function loadFindings(
  name: string,
  load: NamedLoad,
  examined: Examined,
): Promise<readonly Finding[]> {
  const about = `loads.${name}`;
  const { after: _after, watch: _watch, schedule: _schedule, ...settings } = load;
  const units = unitsOf(name, settings);
  return (await Promise.all(units.map((unit) => unitFindings(about, unit, examined)))).flat();
}

async function unitFindings(
  name: string,
  unit: LoadUnit,
  { host, config, session }: Examined,
): Promise<readonly Finding[]> {
  const about = unit.label === undefined ? name : `${name}.${unit.label}`;
  const own: Session = { ...session, about: {}, notes: [] };
  const looked = await checked(about, async () => {
    const { source, targets, targetSettings, options } = await readyLoad(unit, {
      config,
      session: own,
    });
    const backend = await openFirst(host, targets, { settings: targetSettings, session: own });
    try {
      const { columns, there, table, ledger } = await host.preview(source, backend, options);
      const state = there ? "is there" : "would be made";
      const rows = ledger.rows === 0 ? "" : `, ${counted(ledger.rows, "row")} are in`;
      return [{
        about,
        status: "pass",
        message: `Its first records are read: ${
          counted(columns.length, "column")
        } to table ${table}, which ${state}${rows}`,
      }];
    } finally {
      await backend.close();
    }
  }, session.secrets);
  const { rejects } = unit.settings;
  if (rejects === undefined) return looked;
  return [...looked, await writableFinding(`${about}.rejects`, rejects)];
}

/** Whether a file can be appended to, or made. */
export async function writableFinding(about: string, path: string): Promise<Finding> {
  const hasFile = await isThere(path);
  const place = hasFile ? path : dirname(path);
  const fault = hasFile ? await appendFault(path) : await folderFault(place);
  if (fault === undefined) return { about, status: "pass", message: `${path} can be written` };
  return {
    about,
    status: "fail",
    message: `${path} cannot be written (${fault})`,
    way: hasFile
      ? "Give this user write access to the file"
      : `Make ${place}, writable for this user`,
  };
}

/** The targets to look at: what was named, or all backends and all other targets of loads. */
export function targetsOf(config: ConfigFile, named: string | undefined): Map<string, Target> {
  const examples = exampleTargets();
  if (named !== undefined) {
    const target = chooseTarget(config, { to: named, examples });
    return new Map([[target.kind === "named" ? target.name : target.scheme, target]]);
  }
  const targets = new Map<string, Target>(
    [...config.backends].map(([name, backend]) => [name, { kind: "named", name, backend }]),
  );
  for (const [name, load] of config.loads) {
    const urls = targetsIn(load.to).filter((to) => !config.backends.has(to));
    for (const [i, to] of urls.entries()) {
      const label = urls.length === 1 ? name : `${name} ${i + 1}`;
      targets.set(`of load ${label}`, chooseTarget(config, { to, examples }));
    }
  }
  return targets;
}

function failureOf(about: string, error: unknown, secrets: readonly string[]): Finding {
  const known = error instanceof LoadError && error.code !== "bug";
  const text = redact(messageOf(error).replaceAll(/\n */g, "; "), { secrets, everywhere: !known });
  const isDefect = !(error instanceof Error) ||
    (error instanceof LoadError && error.code === "bug");
  return {
    about,
    status: "fail",
    message: isDefect ? `The check itself has failed: ${text}` : text,
    ...wayOut(error),
  };
}

/** What to do about an error, where its message does not say so already. */
function wayOut(error: unknown): Pick<Finding, "way"> {
  if (!(error instanceof LoadError)) return {};
  switch (error.code) {
    case "connection_failed":
      return error.blame === "config"
        ? { way: "Correct the url and the other settings of the target, or make what they name" }
        : { way: "Start the database, and look at host, port and firewall" };
    case "authentication_failed":
      return { way: "Correct user and password, or what passwordFile holds" };
    case "privilege_missing":
      return { way: "Grant what is named to the role that loads" };
    case "source_missing":
    case "source_unreadable":
      return { way: "Put the file where it is named, readable for this user" };
    case "source_malformed":
      return { way: "Correct the record, or leave it out with maxRejects" };
    default:
      return {};
  }
}
