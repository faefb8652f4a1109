/** What a plugin that is to be installed is and may do, in sentences. */
import type { Candidate } from "../../plugins/install/candidate.ts";
import { pathOf } from "../../plugins/store/store.ts";
import { pluginWords } from "../../plugins/plan_rules.ts";
import { wordLines } from "./check_lines.ts";

/** For people, before they are asked. */
export function candidateLines(candidate: Candidate): string[] {
  const { plugin, source, folder, asks, before } = candidate;
  const { manifest, bytes, sha256 } = plugin;
  const { name, version, abi, backend, driver, schemes, capabilities, config } = manifest;
  const settings = Object.keys(config.properties);
  const words = pluginWords(plugin).map((word) => ({
    ...word,
    granted: !asks.some((ask) => ask === word.grant),
  }));
  return [
    `${source.label}: plugin ${name} ${version}, ${bytes} bytes, made for version ${abi} of the contract`,
    `sha256 ${sha256}`,
    `It makes the backend ${backend}, for URLs that begin with ${
      schemes.map((one) => `${one}:`).join(" or ")
    }.`,
    `It writes the SQL that the driver ${driver} runs with your credentials, in mode ${
      capabilities.modes.join(", ")
    }; each plan is held to the recipes of that driver.`,
    "It learns the types of columns, which are keys, the mode" +
    `${
      settings.length > 0 ? `, and its settings ${settings.join(", ")}` : ""
    }; never a row, a secret or a socket.`,
    ...(asks.includes("batch_column_name")
      ? ["It asks for the names of columns, and does not work without: batch_column_name"]
      : []),
    ...(words.length > 0 ? ["It asks for words of SQL:", ...wordLines(words)] : []),
    signedLine(candidate),
    `It goes to ${pathOf(folder, source.name)}${
      before ? ` ${placeOf(before)}` : ", which is new"
    }.`,
  ];
}

function signedLine({ signer, signature }: Candidate): string {
  if (signer !== undefined) return `It is signed by the trusted key ${signer}.`;
  return signature === undefined
    ? "It is not signed, and no key is asked for."
    : "A signature lies beside it; no trusted key is there to hold it to.";
}

function placeOf({ manifest, grants }: NonNullable<Candidate["before"]>): string {
  const was = manifest ? `version ${manifest.version}` : "a file that is no plugin";
  const kept = grants.length > 0 ? `, and keeps its grants: ${grants.join(", ")}` : "";
  return `in the place of ${was}${kept}`;
}

/** For programs. */
export function candidateJson(candidate: Candidate): Readonly<Record<string, unknown>> {
  const { plugin, source, folder, asks, before, signer, there } = candidate;
  const { manifest, imports, bytes, sha256 } = plugin;
  const { name, version, abi, backend, driver, schemes, capabilities: { modes } } = manifest;
  return {
    ...{ source: source.label, file: pathOf(folder, source.name), bytes, sha256 },
    plugin: { name, version, abi },
    ...{ backend, driver, schemes, modes, imports, asks },
    signedBy: signer ?? null,
    replaced: before && !there
      ? { sha256: before.sha256, version: before.manifest?.version ?? null, grants: before.grants }
      : null,
  };
}

/** What to do once it is installed. */
export function nextLines({ asks, plugin, folder, source }: Candidate): string[] {
  const file = pathOf(folder, source.name);
  return [
    ...(asks.length > 0
      ? [`What it asks for is granted by: snakepipe grant ${file} ${asks.join(" ")}`]
      : []),
    `To see its plans: snakepipe check ${file}`,
    `To load by it: snakepipe load … --to ${plugin.manifest.schemes[0]}:…`,
  ];
}
