/** Changes a folder's `plugins.lock`, or its judged plans, as one of several programs that do. */
import { JudgedPlans } from "../../../host/judged_plans.ts";
import { changePluginLock, type LockedPlugin } from "../../../host/plugin_store/plugin_lock.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../../host/check/sample_shape.ts";

const [verb, folder, name, count] = Deno.args as [string, string, string, string];
const PLUGIN: LockedPlugin = { sha256: "0".repeat(64), bytes: 1, abi: 1, imports: [], grants: [] };
const shape = sampleShape(SAMPLE_COLUMNS["one key"]!, "append");

for (let i = 0; i < Number(count); i++) {
  const file = `${name}_${i}.wasm`;
  switch (verb) {
    case "add":
      await changePluginLock(folder, (plugins) => void plugins.set(file, PLUGIN));
      break;
    case "remove":
      await changePluginLock(folder, (plugins) => void plugins.delete(file));
      break;
    case "judge": {
      const judged = new JudgedPlans(folder);
      const plan = { family: "none", hash: file, shape } as Parameters<JudgedPlans["add"]>[0];
      await judged.add(plan);
      await judged.recorded();
      break;
    }
    case "hold":
      await changePluginLock(folder, async () => {
        console.log("held");
        await new Promise(() => setInterval(() => {}, 1_000));
      });
  }
}
