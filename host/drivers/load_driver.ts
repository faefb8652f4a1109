/** From the word of a manifest to a driver. */
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import type { Driver } from "./driver.ts";
import type { DriverFamily } from "./driver_family.ts";
import * as lines from "./drivers.ts";

/** Families that this host has drivers for, sorted by name. */
export const DRIVER_FAMILIES: readonly DriverFamily[] = Object.values(lines)
  .sort((a, b) => a.name < b.name ? -1 : 1);

/** Schemes of URLs that they answer to. */
export const SCHEMES: readonly string[] = DRIVER_FAMILIES.flatMap(({ schemes }) => schemes);

/** To import a module again that is there already still costs a tenth of a millisecond. */
const loaded = new Map<string, Driver>();

/**
 * The driver of a family.
 *
 * @throws {LoadError} `plugin_manifest` where there is none, `backend_unavailable` where its client
 * library does not load, as for want of a binary for the platform
 */
export async function loadDriver(family: string): Promise<Driver> {
  const known = DRIVER_FAMILIES.find(({ name }) => name === family);
  if (!known) {
    const names = DRIVER_FAMILIES.map(({ name }) => name);
    const called = DRIVER_FAMILIES.find(({ otherNames = [] }) => otherNames.includes(family));
    const meant = called ? `, did you mean ${called.name}?` : didYouMean(family, names);
    throw new LoadError(`Unknown driver family: ${family}, known are ${names.join(", ")}${meant}`, {
      code: "plugin_manifest",
      blame: "plugin",
    });
  }
  try {
    let driver = loaded.get(family);
    if (!driver) loaded.set(family, driver = await known.load());
    return driver;
  } catch (error) {
    throw new LoadError(`Driver ${family} cannot be loaded on this machine: ${messageOf(error)}`, {
      code: "backend_unavailable",
      blame: "host",
      cause: error,
    });
  }
}
