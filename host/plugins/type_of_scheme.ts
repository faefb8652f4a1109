/** Which backend answers to a URL scheme. */
import { LoadError, partsOf } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { DRIVER_FAMILIES } from "../drivers/load_driver.ts";
import { checkUncontested } from "./register_folder.ts";

/**
 * The backend type that answers to a URL scheme.
 *
 * @throws {LoadError} `backend_unknown` where none does, or two plugins would
 */
export function typeOfScheme(registry: Registry, scheme: string): string {
  const type = registry.typeOfScheme(scheme);
  const all = registry.discoverAvailableBackends();
  checkUncontested(all, scheme, (info) => info.schemes.includes(scheme));
  if (type !== undefined) return type;
  const out = all.find((info) => info.schemes.includes(scheme));
  if (out) {
    const { message, lines } = partsOf(out.reason ?? "");
    throw unknown(`Backend is ${out.status}: ${out.type}: ${message}`, lines);
  }
  const schemes = all.filter((b) => b.status === "available").flatMap((b) => b.schemes);
  throw unknown(
    `No backend answers to ${scheme}:${
      familyCalled(scheme) || didYouMean(scheme, schemes) ||
      `, there are: ${schemes.join(", ") || "none"}`
    }`,
  );
}

/** What to write for a word that people use for a family's databases. */
function familyCalled(word: string): string {
  const family = DRIVER_FAMILIES.find(({ otherNames = [] }) => otherNames.includes(word));
  return family ? `; write ${family.examples.join(" or ")}` : "";
}

function unknown(message: string, lines: readonly string[] = []): LoadError {
  return new LoadError(message, { code: "backend_unknown", blame: "config", lines });
}
