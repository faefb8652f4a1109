/** Changes a folder's `plugins.lock`, or its kept answers, as one of several programs that do. */
import { KeptAnswers } from "../../../../host/platform/kept_answers.ts";
import { changePluginLock, type LockedPlugin } from "../../../../host/plugins/store/plugin_lock.ts";

const [verb, folder, name, count] = Deno.args as [string, string, string, string];
const PLUGIN: LockedPlugin = { sha256: "0".repeat(64), bytes: 1, abi: 1, imports: [], grants: [] };

for (let i = 0; i < Number(count); i++) {
  const file = `${name}_${i}.wasm`;
  switch (verb) {
    case "add":
      await changePluginLock(folder, (plugins) => void plugins.set(file, PLUGIN));
      break;
    case "remove":
      await changePluginLock(folder, (plugins) => void plugins.delete(file));
      break;
    case "keep": {
      const kept = new KeptAnswers(folder);
      await kept.add(["plan", file], "an answer");
      await kept.recorded();
      break;
    }
    case "hold":
      await changePluginLock(folder, async () => {
        console.log("held");
        await new Promise(() => setInterval(() => {}, 1_000));
      });
  }
}
