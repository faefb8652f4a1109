/** The settings of a backend that a plugin makes: one object for the user, two for the host. */
import type { Config, ConfigValue } from "../src/config/schema.ts";
import { Secret } from "../src/config/secret.ts";
import type { Driver } from "./drivers/driver.ts";

/** Settings of the driver and of the plugin, apart: the plugin never sees the driver's. */
export function splitConfig(
  config: Config,
  driver: Driver,
  schemes: readonly string[],
): { driverConfig: Config; settings: Config } {
  const own = (name: string) => Object.hasOwn(driver.config.properties, name);
  const entries = Object.entries(config);
  return {
    driverConfig: Object.fromEntries(
      entries.filter(([name]) => own(name)).map(([name, value]) => [
        name,
        name === "url" ? driverUrl(value, driver, schemes) : value,
      ]),
    ),
    settings: Object.fromEntries(entries.filter(([name]) => !own(name))),
  };
}

/** A plugin may answer to schemes of its own; the driver is handed its own one in their place. */
function driverUrl(url: ConfigValue, driver: Driver, schemes: readonly string[]): ConfigValue {
  const text = url instanceof Secret ? url.reveal() : String(url);
  const scheme = text.slice(0, Math.max(0, text.indexOf(":")));
  if (driver.schemes.includes(scheme) || !schemes.includes(scheme)) return url;
  const adapted = driver.schemes[0] + text.slice(scheme.length);
  return url instanceof Secret ? new Secret(adapted) : adapted;
}
