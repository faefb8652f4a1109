/** What a manifest does to a host that takes it as `JSON.parse` reads it, and believes it. */
import * as v from "valibot";
import { compileConfigSchema, type ConfigSchema } from "../../src/model/config_schema.ts";
import { messageOf } from "../../src/model/errors.ts";
import { ManifestSchema } from "../../src/plugin_api/manifest.ts";
import type { Driver } from "../../host/drivers/driver.ts";
import type { ModuleLook } from "./module_harm.ts";

/** More faults than anybody reads. */
const ISSUES_MAX = 1_000;
/** A longer text fills the screen. */
const TEXT_MAX = 1_000;
// deno-lint-ignore no-control-regex -- it is what such a text would have in it
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What is seen of it, each aspect as a text; empty where there is nothing to see. */
export function manifestLook(text: string, driver: Pick<Driver, "config">): ModuleLook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  return {
    reading: readingOf(text, value),
    keeping: failure(() => structuredClone(value)),
    ...(isDeep(text) ? {} : lookOf(value, driver)),
  };
}

/** Aspects of what can be walked through. */
function lookOf(value: unknown, driver: Pick<Driver, "config">): ModuleLook {
  const { texts, objects } = partsOf(value);
  const issues = v.safeParse(ManifestSchema, value).issues?.length ?? 0;
  return {
    prototype: objects.map(changedObject).find((what) => what !== "") ?? "",
    terminal: texts.filter((t) => CONTROL.test(t) || t.length > TEXT_MAX)
      .map((t) => `${t.length} characters`).join(", "),
    issues: issues > ISSUES_MAX ? `${issues}` : "",
    settings: settingsOf(value, driver),
    promises: promisesOf(value),
  };
}

/** Whether somebody else could read another thing there. */
function readingOf(text: string, value: unknown): string {
  const again = failure(() => JSON.stringify(value)) === "" ? JSON.stringify(value) : text;
  if (again !== text) return "it says more than is read";
  const half = partsOf(isDeep(text) ? "" : value).texts.find((t) => !t.isWellFormed());
  return half === undefined ? "" : "a text is another once it was written";
}

/** What has become of an object that is copied, member by member. */
function changedObject(object: Readonly<Record<string, unknown>>): string {
  const copy = Object.assign({}, object) as Record<string, unknown>;
  if (Object.getPrototypeOf(copy) !== Object.prototype) return "another prototype";
  if (typeof copy["toString"] !== "function") return "another toString";
  return copy["constructor"] === Object ? "" : "another constructor";
}

function settingsOf(value: unknown, driver: Pick<Driver, "config">): string {
  const { config } = value as { readonly config: ConfigSchema };
  const taken = Object.keys(config.properties).filter((name) =>
    Object.hasOwn(driver.config.properties, name)
  );
  if (taken.length > 0) return `reads the driver's ${taken.join(", ")}`;
  return failure(() => v.parse(compileConfigSchema(config), {}));
}

/** What it says of itself that nobody looks at twice. */
function promisesOf(value: unknown): string {
  const { abi, driver, capabilities } = value as Readonly<Record<string, unknown>>;
  const { modes, limits } = capabilities as { readonly modes: unknown; readonly limits: object };
  return `${Object.keys(value as object)}; ${abi} ${driver} ${JSON.stringify(modes)} ${
    Object.values(limits)
  }`;
}

function isDeep(text: string): boolean {
  return text.includes("[".repeat(100));
}

function partsOf(
  value: unknown,
): { readonly texts: string[]; readonly objects: Record<string, unknown>[] } {
  if (typeof value === "string") return { texts: [value], objects: [] };
  if (typeof value !== "object" || value === null) return { texts: [], objects: [] };
  const parts = Object.values(value).map(partsOf);
  return {
    texts: [
      ...(Array.isArray(value) ? [] : Object.keys(value)),
      ...parts.flatMap(({ texts }) => texts),
    ],
    objects: [
      ...(Array.isArray(value) ? [] : [value as Record<string, unknown>]),
      ...parts.flatMap(({ objects }) => objects),
    ],
  };
}

/** What is thrown; nothing where nothing is. */
function failure(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return messageOf(error);
  }
}
