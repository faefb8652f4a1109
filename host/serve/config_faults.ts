/** What is wrong with a configuration beyond its own form: what the plugins, and a program that stays, say of it. */
import type { ConfigFile } from "../../src/config/config_content.ts";
import { parse } from "../../src/config/parse.ts";
import { compileConfigSchema } from "../../src/model/config_schema.ts";
import type { BackendInfo } from "../../src/model/backend.ts";
import { type Issue, issueLines, LoadError } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import type { BackendView } from "../plugins/backend_view.ts";

/**
 * Holds a configuration to the backends that there are, or would be with it.
 *
 * @throws {LoadError} `config_invalid` with everything that is wrong
 */
export function checkServed(
  config: ConfigFile,
  { file, backends, inForce }: {
    readonly file: string;
    readonly backends: BackendView;
    /** The backends that there are until then, where it would change them. */
    readonly inForce?: BackendView;
  },
): void {
  const known = backends.discoverAvailableBackends();
  const before = inForce?.discoverAvailableBackends() ?? [];
  const issues = [...config.backends].flatMap(([name, { type, settings }]) => {
    const info = known.find((one) => one.type === type && one.status === "available");
    if (info) return settingIssues(info, settings).map((issue) => placed(name, issue));
    const message = typeFault(type, known, before);
    return message === undefined ? [] : [{ path: `backends.${name}.type`, message }];
  });
  if (issues.length === 0) return;
  throw new LoadError(`${file} is not valid:`, {
    code: "config_invalid",
    blame: "config",
    issues,
    lines: issueLines(issues),
  });
}

/** Why a type is none that a configuration may have; of what cannot be used just now, nothing. */
function typeFault(
  type: string,
  known: readonly BackendInfo[],
  before: readonly BackendInfo[],
): string | undefined {
  const types = [...new Set(known.map((info) => info.type))];
  const refused = known.find((info) => info.type === type);
  if (!refused) {
    return `No backend has this type${
      didYouMean(type, types) || `, there are: ${types.join(", ") || "none"}`
    }`;
  }
  const isThere = before.some((info) => info.type === type && info.status === "available");
  return isThere ? `It would be ${refused.status}: ${refused.reason ?? "no reason"}` : undefined;
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
