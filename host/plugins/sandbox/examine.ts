/**
 * What runs a plugin's code, in one place, so that it is loaded only then: of a plugin that has answered
 * before, nothing runs.
 */
import { type Manifest, ManifestSchema } from "../../../src/plugin_api/manifest.ts";
import { parse } from "../../../src/config/parse.ts";
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import type { Sandbox } from "./sandbox.ts";
import { parseStrictJson } from "./strict_json.ts";

export { Sandbox } from "./sandbox.ts";
export { importsOf, vetModule } from "./vet.ts";

/** Asks a plugin who it is, and closes the instance. @throws {LoadError} `plugin_manifest`, … */
export async function readManifest(sandbox: Sandbox, file: string): Promise<Manifest> {
  try {
    const { output } = await sandbox.call({ phase: "manifest", settings: {} });
    return parse(ManifestSchema, parseJson(output, file), {
      what: `The manifest of plugin ${file}`,
      code: "plugin_manifest",
      blame: "plugin",
    });
  } finally {
    await sandbox.close();
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    throw new LoadError(`The manifest of plugin ${file} cannot be read: ${messageOf(error)}`, {
      code: "plugin_manifest",
      blame: "plugin",
    });
  }
}
