/**
 * Environment variables within a configuration: `${NAME}` anywhere in a string stands for the
 * variable's value, `$${` for the two characters `${`.
 */
import type { Issue } from "../model/errors.ts";

/** Looks a variable up; undefined where it is not set. */
export type EnvironmentLookup = (name: string) => string | undefined;

/** A value with its references replaced, and what could not be. */
export interface Expansion {
  /** The value; references that failed stand in it as they were written. */
  readonly value: unknown;
  /** References to variables that are not set, or empty. */
  readonly missing: readonly Issue[];
  /** References that are none, such as `${` without an end. */
  readonly malformed: readonly Issue[];
  /** What the variables held: to be shown nowhere. */
  readonly secrets: readonly string[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text has a reference in it, which could not be replaced where that was tried. */
export function hasReference(text: string): boolean {
  return text.includes("${");
}

/**
 * Replaces the references in every string of a value, at any depth; names of properties stay as they
 * are. A variable that is set but empty counts as missing: a secret that a build system does not
 * have comes as an empty string.
 */
export function expandEnvironment(value: unknown, lookup: EnvironmentLookup): Expansion {
  const missing: Issue[] = [];
  const malformed: Issue[] = [];
  const secrets = new Set<string>();

  function expandText(text: string, path: string): string {
    return text.replace(REFERENCE, (written: string, name?: string, end?: string) => {
      if (name === undefined) return "${";
      if (end !== "}" || !NAME.test(name)) {
        malformed.push({ path, message: "Expected ${NAME}, or $${ for the characters themselves" });
        return written;
      }
      const found = lookup(name);
      if (found === undefined || found === "") {
        const state = found === undefined ? "not set" : "empty";
        missing.push({ path, message: `Environment variable ${name} is ${state}` });
        return written;
      }
      secrets.add(found);
      return found;
    });
  }

  function expand(inner: unknown, path: string): unknown {
    if (typeof inner === "string") return expandText(inner, path);
    if (Array.isArray(inner)) return inner.map((item, i) => expand(item, joined(path, String(i))));
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([name, item]) => [name, expand(item, joined(path, name))]),
    );
  }

  return { value: expand(value, ""), missing, malformed, secrets: [...secrets] };
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
