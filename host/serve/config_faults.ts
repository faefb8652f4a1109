/** What is wrong with a configuration beyond its own form: what the plugins, and a program that stays, say of it. */
import type { ConfigFile } from "../../src/config/config_content.ts";
import { parse } from "../../src/config/parse.ts";
import { compileConfigSchema } from "../../src/model/config_schema.ts";
import type { BackendInfo } from "../../src/model/backend.ts";
import { type Issue, issueLines, LoadError } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import type { Host } from "../host.ts";

/** What is decided when the program starts. */
const AT_START = ["plugins", "locked", "trustedKeys", "audit"] as const;

/**
 * Holds a configuration to the backends that there are, and to the one that is in force.
 *
 * @throws {LoadError} `config_invalid` with everything that is wrong
 */
export function checkServed(
  config: ConfigFile,
  { host, file, inForce }: {
    readonly host: Host;
    readonly file: string;
    /** The configuration that it takes the place of. */
    readonly inForce?: ConfigFile;
  },
): void {
  const issues = [...backendIssues(config, host), ...(inForce ? startIssues(config, inForce) : [])];
  if (issues.length === 0) return;
  throw new LoadError(`${file} is not valid:`, {
    code: "config_invalid",
    blame: "config",
    issues,
    lines: issueLines(issues),
  });
}

function startIssues(config: ConfigFile, inForce: ConfigFile): Issue[] {
  const isOther = (name: typeof AT_START[number]) =>
    JSON.stringify(config[name]) !== JSON.stringify(inForce[name]);
  return AT_START.filter(isOther).map((path) => ({
    path,
    message: "This is decided at the start: stop serve and start it again",
  }));
}

function backendIssues(config: ConfigFile, host: Host): Issue[] {
  const known = host.discoverAvailableBackends();
  const types = [...new Set(known.map(({ type }) => type))];
  return [...config.backends].flatMap(([name, { type, settings }]) => {
    const info = known.find((one) => one.type === type && one.status === "available");
    if (info) return settingIssues(info, settings).map((issue) => placed(name, issue));
    // It is there, though not to be used just now.
    if (types.includes(type)) return [];
    const message = `No backend has this type${
      didYouMean(type, types) || `, there are: ${types.join(", ") || "none"}`
    }`;
    return [{ path: `backends.${name}.type`, message }];
  });
}

function settingIssues({ configSchema }: BackendInfo, settings: unknown): readonly Issue[] {
  try {
    const about = { what: "The settings", code: "config_invalid", blame: "config" } as const;
    parse(compileConfigSchema(configSchema), settings, about);
    return [];
  } catch (error) {
    if (error instanceof LoadError) return error.issues;
    throw error;
  }
}

function placed(name: string, { path, message }: Issue): Issue {
  return { path: path === "(whole)" ? `backends.${name}` : `backends.${name}.${path}`, message };
}
