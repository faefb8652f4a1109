import { Secret } from "../../../../src/model/secret.ts";
import type { Call } from "../call.ts";

/** The text of one of the plugin's settings; 0 where it is not set or a secret. */
export function config_text(call: Call, name: bigint): bigint {
  const key = call.readText(name);
  const value = Object.hasOwn(call.settings, key) ? call.settings[key] : undefined;
  return call.storeText(value === undefined || value instanceof Secret ? undefined : String(value));
}
