/** The settings of a backend that a plugin makes: one object for the user, two for the host. */
import type { Config, ConfigValue } from "../../src/model/config_schema.ts";
import { Secret } from "../../src/model/secret.ts";
import type { BackendPlace } from "../../src/model/backend_place.ts";
import { checkSecrets } from "../connections/secret_files.ts";
import type { Driver } from "../drivers/driver.ts";

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

/** Where the settings lead to. @throws {LoadError} `config_invalid` where the driver cannot read them */
export function placeOf(
  config: Config,
  driver: Driver,
  schemes: readonly string[],
): BackendPlace {
  const { driverConfig } = splitConfig(config, driver, schemes);
  checkSecrets(driverConfig, driver.config);
  return {
    endpoint: driver.endpoint(driverConfig),
    files: driver.files?.(driverConfig) ?? [],
    tables: (table) => driver.tables(driverConfig, table),
  };
}

/**
 * The URL as its driver reads it: schemes in lower case (RFC 3986 knows no other), and the driver's
 * own in the place of one that only the plugin answers to.
 */
function driverUrl(url: ConfigValue, driver: Driver, schemes: readonly string[]): ConfigValue {
  const text = url instanceof Secret ? url.reveal() : String(url);
  const written = text.slice(0, Math.max(0, text.indexOf(":")));
  const scheme = written.toLowerCase();
  const isOwn = !driver.schemes.includes(scheme) && schemes.includes(scheme);
  const read = isOwn ? driver.schemes[0]! : driver.schemes.includes(scheme) ? scheme : written;
  if (read === written) return url;
  const adapted = read + text.slice(written.length);
  return url instanceof Secret ? new Secret(adapted) : adapted;
}
