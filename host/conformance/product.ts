/** What the database is that the suite runs on. */
import { DRIVER_FAMILIES } from "../drivers/load_driver.ts";
import type { FamilyConformance } from "../drivers/family_conformance.ts";
import type { PluginBackend } from "../plugins/plugin_backend.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { printable } from "../../src/model/printable.ts";
import type { ConformanceClient } from "./trial.ts";

/** What the suite has to know of the family of a backend's driver. */
export async function familyOf(
  { plugin: { manifest } }: PluginBackend,
): Promise<FamilyConformance> {
  return await DRIVER_FAMILIES.find(({ name }) => name === manifest.driver)!.conformance();
}

/** Name and version; the name of the family's usual database where it does not say. */
export async function productOf(
  { product, database }: FamilyConformance,
  client: ConformanceClient,
): Promise<string> {
  try {
    const [[text] = []] = await client.read(product.query);
    if (!text) return database;
    return printable(product.nameOf(text)).trim().slice(0, LIMITS.productNameMax);
  } catch {
    return database;
  }
}
