/**
 * Secrets that stand in files: a setting `passwordFile` beside a secret one `password`. A file is read
 * for each connection that is opened, so that one that was changed meanwhile counts for the next.
 */
import type { Config, ConfigSchema } from "../../src/model/config_schema.ts";
import { LoadError, permissionError } from "../../src/model/errors.ts";
import { Secret } from "../../src/model/secret.ts";
import { readFileText } from "../platform/file_text.ts";

/** A secret, and the setting that names its file. */
interface SecretFile {
  readonly secret: string;
  readonly setting: string;
}

/**
 * Settings with the secrets that files hold, without one line end behind each.
 *
 * @throws {LoadError} `config_invalid` where a file cannot be read or holds nothing, or the secret is
 * given as well; `permission_missing`
 */
export async function withSecrets(config: Config, schema: ConfigSchema): Promise<Config> {
  checkSecrets(config, schema);
  const read = secretFiles(schema).filter(({ setting }) => config[setting] !== undefined)
    .map(async ({ secret, setting }): Promise<[string, Secret]> => {
      return [secret, new Secret(await readSecret(setting, String(config[setting])))];
    });
  return read.length === 0 ? config : { ...config, ...Object.fromEntries(await Promise.all(read)) };
}

/** @throws {LoadError} `config_invalid` where a secret is given, and a file for it as well */
export function checkSecrets(config: Config, schema: ConfigSchema): void {
  for (const { secret, setting } of secretFiles(schema)) {
    if (config[setting] === undefined || config[secret] === undefined) continue;
    throw invalid(setting, `stands beside ${secret}, and only one of them may be given`);
  }
}

/** Which secrets of a schema may stand in files. */
function secretFiles({ properties }: ConfigSchema): SecretFile[] {
  return Object.entries(properties)
    .filter(([name, field]) =>
      field.type === "string" && field.writeOnly && Object.hasOwn(properties, `${name}File`)
    )
    .map(([secret]) => ({ secret, setting: `${secret}File` }));
}

async function readSecret(setting: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await readFileText(path);
  } catch (error) {
    throw permissionError(error) ?? invalid(setting, reasonOf(error, path));
  }
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "") throw invalid(setting, `names ${path}, which is empty`);
  return secret;
}

function reasonOf(error: unknown, path: string): string {
  if (error instanceof Deno.errors.NotFound) return `names ${path}, which is not there`;
  if (error instanceof Deno.errors.IsADirectory) return `names ${path}, which is a directory`;
  if (error instanceof Deno.errors.PermissionDenied) {
    return `names ${path}, which this user may not read: make it readable for the one that ` +
      "snakepipe runs as, as by chown and chmod 400";
  }
  return `names ${path}, which cannot be read`;
}

function invalid(setting: string, what: string): LoadError {
  return new LoadError(`The setting ${setting} ${what}`, {
    code: "config_invalid",
    blame: "config",
    issues: [{ path: setting, message: `It ${what}` }],
  });
}
