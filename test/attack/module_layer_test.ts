/**
 * Hostile modules, layer by layer: those that look at a file without running it are asked alone, as if
 * the ones before were not there. What refuses a module says why, in the words of the table; what is not
 * in the table lets it in.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "../../src/config/parse.ts";
import { issueLines, messageOf } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { ManifestSchema } from "../../src/plugin_api/manifest.ts";
import { DecodeError } from "../../host/plugins/sandbox/byte_reader.ts";
import { type DecodedModule, decodeModule } from "../../host/plugins/sandbox/decode.ts";
import { meterModule } from "../../host/plugins/sandbox/meter.ts";
import { parseStrictJson } from "../../host/plugins/sandbox/strict_json.ts";
import { interfaceIssues } from "../../host/plugins/sandbox/vet.ts";
import { type ModuleCase, type ModuleLayer, modulesByTheme, stoppingLayer } from "./module_case.ts";

/** Hostile modules by the layer that stops them, at the least. */
const LEAST: Readonly<Record<ModuleLayer, number>> = {
  size: 1,
  decoder: 55,
  interface: 25,
  engine: 16,
  extents: 3,
  fuel: 33,
  host_functions: 29,
  manifest_text: 13,
  manifest_schema: 9,
  registry: 2,
  plan: 4,
  planner: 6,
};
/** Cases whose harm nobody sees: those that the engine stops as well, and those that say why. */
const UNSEEN_MOST = { engine: 30, reason: 13 };
/** Layers that look at the file, or at the manifest's text, and at nothing else. */
const STATIC = [
  "size",
  "decoder",
  "interface",
  "engine",
  "manifest_text",
  "manifest_schema",
] as const;

const themes = await modulesByTheme();
const all = [...themes.values()].flat();

for (const [theme, attacks] of themes) {
  Deno.test(`hostile modules: ${theme}: every layer says why it refuses one`, async (t) => {
    for (const attack of attacks) {
      await t.step(attack.name, () => {
        const reasons = reasonsOf(attack);
        for (const layer of STATIC) {
          const says = attack.refused[layer];
          const found = reasons[layer];
          // A trap is the engine's too, and is not seen before it runs.
          if (layer === "engine" && found === undefined) continue;
          if (says === undefined || attack.stopped === "nowhere") {
            assertEquals(found, undefined, `${layer} is not in the table`);
          } else if (layer !== "engine") {
            assertStringIncludes(found ?? `${layer} lets it in`, says);
          }
        }
      });
    }
  });
}

Deno.test("hostile modules: there are as many as ever, by layer, and no two have one name", () => {
  for (const [layer, least] of Object.entries(LEAST)) {
    const found = all.filter((attack) => stoppingLayer(attack) === layer).length;
    assert(found >= least, `${layer}: ${found}`);
  }
  assert(all.length >= 196, `${all.length}`);
  assertEquals(new Set(all.map(({ name }) => name)).size, all.length);
});

Deno.test("hostile modules: those whose harm cannot be seen are counted, and say why", () => {
  const reasons = all.flatMap(({ harm }) => "none" in harm ? [harm.none] : []);
  const byEngine = reasons.filter((reason) => reason === "engine").length;
  assert(byEngine <= UNSEEN_MOST.engine, `engine: ${byEngine}`);
  assert(reasons.length - byEngine <= UNSEEN_MOST.reason, `${reasons.length - byEngine}`);
  for (const { name, harm, refused } of all) {
    if ("none" in harm && harm.none === "engine") assert(refused.engine, name);
  }
});

/** What each layer says that looks at no more than the file. */
function reasonsOf({ bytes, manifest }: ModuleCase): Partial<Record<ModuleLayer, string>> {
  if (manifest !== undefined) return manifestReasons(manifest);
  const file = bytes();
  const reasons: Partial<Record<ModuleLayer, string>> = {};
  if (file.length > LIMITS.moduleBytesMax) reasons.size = `at most ${LIMITS.moduleBytesMax}`;
  const decoded = decodedOr(file);
  if (typeof decoded === "string") reasons.decoder = decoded;
  else {
    const issues = interfaceIssues(decoded, NO_GRANTS);
    if (issues.length > 0) reasons.interface = issueLines(issues).join("\n");
  }
  // Of what costs the engine seconds, the control asks it.
  if (typeof decoded !== "string" && !WebAssembly.validate(file)) reasons.engine = "invalid";
  return reasons;
}

/** The module, or why it is not read. */
function decodedOr(file: Uint8Array): DecodedModule | string {
  try {
    const decoded = decodeModule(file);
    meterModule(decoded);
    return decoded;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

function manifestReasons(text: string): Partial<Record<ModuleLayer, string>> {
  const reasons: Partial<Record<ModuleLayer, string>> = {};
  const failed = (act: () => unknown) => {
    try {
      act();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  const read = failed(() => parseStrictJson(text));
  if (read !== undefined) reasons.manifest_text = read;
  if (failed(() => JSON.parse(text)) === undefined) {
    const failure = { what: "It", code: "plugin_manifest", blame: "plugin" } as const;
    const schema = failed(() => parse(ManifestSchema, JSON.parse(text), failure));
    if (schema !== undefined) reasons.manifest_schema = schema;
  }
  return reasons;
}
