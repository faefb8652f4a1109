/** What a plugin backend asks the connection manager for, put together without the backend. */
import type { ConnectionRequest } from "../mod.ts";
import { loadDriver } from "../host/drivers/load_driver.ts";
import { admitPlugin } from "../host/plugins/sandbox/plugin.ts";
import { Planner } from "../host/plugins/planner.ts";
import { parse } from "../src/config/parse.ts";
import { compileConfigSchema } from "../src/model/config_schema.ts";
import { NO_GRANTS } from "../src/plan_policy/grant.ts";
import { pluginBytes } from "./place.ts";

/** Connections of this thread to that URL, with the plugin's session and probe. */
export async function connectionRequest(
  type: string,
  url: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ConnectionRequest> {
  const plugin = await admitPlugin(await pluginBytes(type), { file: type, grants: NO_GRANTS });
  const driver = await loadDriver(plugin.manifest.driver);
  const read = (schema: typeof driver.config, given: object) =>
    parse(compileConfigSchema(schema), given, {
      what: "The settings of the bench",
      code: "config_invalid",
      blame: "config",
    });
  const planner = await Planner.open(plugin, {
    settings: read(plugin.manifest.config, settings),
    driver,
  });
  try {
    return {
      driver,
      config: read(driver.config, { url }),
      session: await planner.session(),
      probe: await planner.healthProbe(),
      role: "control",
    };
  } finally {
    await planner.close();
  }
}
