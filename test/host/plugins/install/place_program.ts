/** Places one of two plugins after the other, over and over: `FOLDER FILE FILE`, each with its signature. */
import { vetCandidate } from "../../../../host/plugins/install/candidate.ts";
import { place } from "../../../../host/plugins/install/place.ts";
import { pluginSource } from "../../../../host/plugins/install/plugin_source.ts";
import { sha256 } from "../../../../host/platform/sha256.ts";

const [folder, ...files] = Deno.args as [string, string, string];

for (let i = 0;; i++) {
  const there = await Deno.readFile(`${folder}/sample.wasm`).then(sha256, () => undefined);
  const options = { folder, replace: true, ...(there === undefined ? {} : { over: there }) };
  await place(await vetCandidate(pluginSource(files[i % 2]!, "sample.wasm"), options));
  console.log("placed");
}
