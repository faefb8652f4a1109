/** Whether an implementation has every member that the backend interface requires. */
import * as v from "valibot";
import type { BackendCapabilities, DatabaseBackend } from "../model/backend.ts";
import { type Issue, issueLines, LoadError } from "../model/errors.ts";
import { WRITE_MODES } from "../model/batch.ts";
import { type ConfigSchema, ConfigSchemaSchema } from "../model/config_schema.ts";
import { parse } from "../config/parse.ts";

/** A class whose instances are backends; made without arguments, configured by `connect`. */
export type BackendClass = new () => DatabaseBackend;

const REQUIRED = ["connect", "writeBatch", "healthCheck", "close"] as const;
const OPTIONAL = ["validate", "describeTable", "openLoad"] as const;

/**
 * Refuses what is no backend class.
 *
 * @throws {LoadError} `backend_invalid` with one issue per missing member
 */
export function checkImplementation(type: string, implementation: unknown): BackendClass {
  const prototype = typeof implementation === "function" ? implementation.prototype : undefined;
  if (typeof prototype !== "object" || prototype === null) {
    throw invalid(type, [{ path: "implementation", message: "Expected a class" }]);
  }
  const issues: Issue[] = [];
  for (const name of REQUIRED) {
    if (typeof member(prototype, name) !== "function") {
      issues.push({ path: name, message: "Expected a method of the class, it has none" });
    }
  }
  for (const name of OPTIONAL) {
    const found = member(prototype, name);
    if (found !== undefined && typeof found !== "function") {
      issues.push({ path: name, message: "Expected a method of the class" });
    }
  }
  if (issues.length > 0) throw invalid(type, issues);
  return implementation as BackendClass;
}

/** Reads a member without running a getter. */
function member(prototype: object, name: string): unknown {
  for (
    let p: object | null = prototype;
    p && p !== Object.prototype;
    p = Object.getPrototypeOf(p)
  ) {
    const own = Object.getOwnPropertyDescriptor(p, name);
    if (own) return own.value;
  }
  return undefined;
}

/** Refuses what is no configuration schema. @throws {LoadError} `backend_invalid` */
export function checkConfigSchema(type: string, schema: unknown): ConfigSchema {
  return parse(ConfigSchemaSchema, schema, {
    what: `The configuration schema of backend ${type}`,
    code: "backend_invalid",
    blame: "config",
  });
}

const Count = v.pipe(v.number(), v.integer(), v.minValue(1));
const CapabilitiesSchema: v.GenericSchema<unknown, BackendCapabilities> = v.strictObject({
  modes: v.pipe(v.array(v.picklist(WRITE_MODES)), v.minLength(1)),
  transactions: v.boolean(),
  ledger: v.boolean(),
  batchRowsMax: Count,
  batchBytesMax: Count,
  identifierBytesMax: Count,
});

/** Refuses what are no capabilities. @throws {LoadError} `backend_invalid` */
export function checkCapabilities(type: string, capabilities: unknown): BackendCapabilities {
  return parse(CapabilitiesSchema, capabilities, {
    what: `The capabilities of backend ${type}`,
    code: "backend_invalid",
    blame: "config",
  });
}

function invalid(type: string, issues: readonly Issue[]): LoadError {
  const lines = issueLines(issues);
  return new LoadError(`Backend does not implement the interface: ${type}`, {
    code: "backend_invalid",
    blame: "config",
    issues,
    lines,
  });
}
