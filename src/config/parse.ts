import * as v from "valibot";
import { type Blame, type ErrorCode, type Issue, issueLines, LoadError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { didYouMean } from "../model/near_word.ts";
import { expectedInWords, inWords } from "./expectation.ts";

/** What to say when a value does not fit its schema. */
export interface ParseFailure {
  /** What was being read, as the subject of the message: `The manifest of x.wasm`. */
  readonly what: string;
  readonly code: ErrorCode;
  readonly blame: Blame;
}

/** Issues that a message names one by one. */
const SHOWN_MAX = 30;
/** Characters of a path or a message that are shown: a stranger may have filled them. */
const TEXT_MAX = 400;

/**
 * Holds a value to a schema and reports every failing path at once.
 *
 * @throws {LoadError} with the code of `failure` and one issue per failing path.
 */
export function parse<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  failure: ParseFailure,
): T {
  const result = v.safeParse(schema, value);
  const dropped = droppedNames(value, schema as AnySchema);
  if (result.success && dropped.length === 0) return result.output;
  const found = (result.issues ?? []).map((issue) => describe(issue, schema as AnySchema));
  const told = new Set(found.map(({ path }) => path));
  const issues = [...found, ...dropped.filter(({ path }) => !told.has(path))];
  const lines = issueLines(issues.slice(0, SHOWN_MAX));
  if (issues.length > SHOWN_MAX) lines.push(`and ${issues.length - SHOWN_MAX} more`);
  const { what, code, blame } = failure;
  throw new LoadError(`${what} is not valid:`, { code, blame, issues, lines });
}

/** Names that valibot leaves out of what it returns, without a word. */
const DROPPED: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/** As deep as any schema here looks. */
const DEPTH_MAX = LIMITS.manifestDepthMax;

/** Where such names stand, in what a schema looks into. */
function droppedNames(value: unknown, schema: AnySchema): Issue[] {
  const issues: Issue[] = [];
  const seen = new Set<unknown>();
  const walk = (inner: unknown, keys: readonly string[]) => {
    if (typeof inner !== "object" || inner === null || seen.has(inner)) return;
    // No schema looks deeper, and a stranger may nest until the stack is at its end.
    if (keys.length > DEPTH_MAX) return;
    if (schemaAt(schema, keys)?.expects === "unknown") return;
    seen.add(inner);
    for (const [name, item] of Object.entries(inner)) {
      const path = [...keys, name];
      if (DROPPED.has(name) && !Array.isArray(inner)) {
        const message = `${name} cannot be used as a name`;
        issues.push({ path: shortened(path.join(".")), message });
      } else walk(item, path);
    }
  };
  walk(value, []);
  return issues;
}

function describe(issue: v.BaseIssue<unknown>, schema: AnySchema): Issue {
  const path = shortened(v.getDotPath(issue) ?? "(whole)");
  if (issue.type === "strict_object" && issue.expected === "never") {
    return { path, message: "Unknown name" + nearest(issue, schema) };
  }
  if (issue.received === "undefined") {
    const keys = issue.path?.map((item) => item.key) ?? [];
    const expects = schemaAt(schema, keys)?.expects;
    const expected = expects === undefined ? "" : `, expected ${expectedInWords(expects)}`;
    return { path, message: shortened(`Missing${expected}`) };
  }
  return { path, message: shortened(inWords(issue.message)) };
}

function shortened(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

/** The name that was probably meant, or all that are known there. */
function nearest(issue: v.BaseIssue<unknown>, schema: AnySchema): string {
  const keys = issue.path?.map((item) => item.key) ?? [];
  const name = shortened(String(keys.at(-1)));
  const known = namesAt(schema, keys.slice(0, -1));
  return didYouMean(name, known) || (known.length > 0 ? `, known are ${known.join(", ")}` : "");
}

/** As much of a valibot schema as is needed to find the names that it knows. */
interface AnySchema {
  readonly pipe?: readonly unknown[];
  readonly wrapped?: unknown;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly options?: readonly unknown[];
  readonly item?: unknown;
  readonly value?: unknown;
  /** What it takes, in valibot's words; `unknown` where it takes anything. */
  readonly expects?: string;
}

/** What stands for a place of a value; undefined where nothing does, or one of several. */
function schemaAt(schema: AnySchema, keys: readonly unknown[]): AnySchema | undefined {
  const inner = innerOf(schema);
  if (inner) return schemaAt(inner, keys);
  if (keys.length === 0) return schema;
  const next = schema.entries?.[String(keys[0])] ?? schema.item ?? schema.value;
  return next ? schemaAt(next as AnySchema, keys.slice(1)) : undefined;
}

/** What a pipe or an option is made from. */
function innerOf(schema: AnySchema): AnySchema | undefined {
  const inner = (schema.pipe?.[0] ?? schema.wrapped) as AnySchema | undefined;
  return inner === schema ? undefined : inner;
}

function namesAt(schema: AnySchema, keys: readonly unknown[]): string[] {
  const inner = innerOf(schema);
  if (inner) return namesAt(inner, keys);
  if (schema.options) {
    return [...new Set(schema.options.flatMap((option) => namesAt(option as AnySchema, keys)))];
  }
  if (keys.length === 0) return Object.keys(schema.entries ?? {});
  const next = schema.entries?.[String(keys[0])] ?? schema.item ?? schema.value;
  return next ? namesAt(next as AnySchema, keys.slice(1)) : [];
}
