import * as v from "valibot";
import { LoadError } from "./errors.ts";
import { Secret } from "./secret.ts";

/** One setting: a subset of JSON Schema, so that a manifest can carry it and a form can show it. */
export type ConfigField =
  | {
    readonly type: "string";
    readonly description: string;
    readonly default?: string;
    readonly enum?: readonly string[];
    readonly minLength?: number;
    readonly maxLength?: number;
    /** A secret: shown nowhere, handed to no plugin. */
    readonly writeOnly?: boolean;
  }
  | {
    readonly type: "integer" | "number";
    readonly description: string;
    readonly default?: number;
    readonly minimum?: number;
    readonly maximum?: number;
  }
  | { readonly type: "boolean"; readonly description: string; readonly default?: boolean };

/** The settings of a backend. What is not named in `properties` is refused. */
export interface ConfigSchema {
  /** Always `object`. */
  readonly type: "object";
  /** The settings by name, camelCase. */
  readonly properties: Readonly<Record<string, ConfigField>>;
  /** Names that must be given. */
  readonly required?: readonly string[];
}

/** The value of a setting; one that is `writeOnly` is a {@linkcode Secret}. */
export type ConfigValue = string | number | boolean | Secret;

/** Settings that have passed their schema, defaults filled in. */
export type Config = Readonly<Record<string, ConfigValue>>;

const Description = v.pipe(v.string(), v.minLength(1), v.maxLength(400));

const FieldObject = v.variant("type", [
  v.strictObject({
    type: v.literal("string"),
    description: Description,
    default: v.exactOptional(v.string()),
    enum: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1), v.readonly())),
    minLength: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    maxLength: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    writeOnly: v.exactOptional(v.boolean()),
  }),
  v.strictObject({
    type: v.picklist(["integer", "number"]),
    description: Description,
    default: v.exactOptional(v.pipe(v.number(), v.finite())),
    minimum: v.exactOptional(v.pipe(v.number(), v.finite())),
    maximum: v.exactOptional(v.pipe(v.number(), v.finite())),
  }),
  v.strictObject({
    type: v.literal("boolean"),
    description: Description,
    default: v.exactOptional(v.boolean()),
  }),
]);

/** A default that does not fit would be found by whoever sets up a backend, and not by who wrote it. */
const FieldSchema = v.pipe(
  FieldObject,
  v.check(
    (field) => defaultFault(field) === undefined,
    ({ input }) => `its own default does not fit it: ${defaultFault(input)}`,
  ),
);

/** What is wrong with the default of a setting; undefined where nothing is. */
function defaultFault(field: v.InferOutput<typeof FieldObject>): string | undefined {
  if (field.default === undefined) return undefined;
  const { issues } = v.safeParse(fieldSchema(field), field.default);
  return issues?.[0].message;
}

/** What a configuration schema itself must be: what a manifest and `registerBackend` are held to. */
export const ConfigSchemaSchema: v.GenericSchema<unknown, ConfigSchema> = v.pipe(
  v.strictObject({
    type: v.literal("object"),
    properties: v.record(
      v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9]{0,63}$/, nameFault)),
      FieldSchema,
    ),
    required: v.exactOptional(v.pipe(v.array(v.string()), v.readonly())),
  }),
  v.check(
    (schema) => undefinedNames(schema).length === 0,
    ({ input }) =>
      `every name in required must stand in properties, and ${
        undefinedNames(input).map((name) => JSON.stringify(name.slice(0, 64))).join(", ")
      } does not`,
  ),
) as v.GenericSchema<unknown, ConfigSchema>;

function nameFault({ input }: v.BaseIssue<unknown>): string {
  const name = JSON.stringify(String(input).slice(0, 64));
  return `a setting's name is camelCase, letters and digits, at most 64: ${name} is not`;
}

function undefinedNames(
  { properties, required = [] }: {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
  },
): readonly string[] {
  return required.filter((name) => !Object.hasOwn(properties, name));
}

function fieldSchema(field: ConfigField): v.GenericSchema<unknown, ConfigValue> {
  switch (field.type) {
    case "string":
      return v.pipe(
        // The default message shows what came; of a secret it must not.
        field.writeOnly ? v.string("Expected a string, what came is not shown") : v.string(),
        v.check((s) => field.enum === undefined || field.enum.includes(s), (issue) =>
          // A secret is never printed, not even to say that it is not one of the choices.
          `Expected one of ${(field.enum ?? []).join(", ")}` +
          (field.writeOnly ? "" : ` but received ${JSON.stringify(issue.input)}`)),
        v.check(
          (s) => s.length >= (field.minLength ?? 0),
          field.minLength === 1
            ? "Expected a string, not an empty one"
            : `Expected at least ${field.minLength ?? 0} characters`,
        ),
        v.check(
          (s) => s.length <= (field.maxLength ?? Infinity),
          `Expected at most ${counted(field.maxLength ?? 0, "character")}`,
        ),
        v.transform((s) => field.writeOnly ? new Secret(s) : s),
      );
    case "integer":
    case "number":
      return v.pipe(
        v.number(),
        v.check(
          (n) => field.type === "number" || Number.isSafeInteger(n),
          (issue) => `Expected a whole number but received ${issue.input}`,
        ),
        v.check(
          (n) => n >= (field.minimum ?? -Infinity) && n <= (field.maximum ?? Infinity),
          (issue) => `Expected ${rangeOf(field)} but received ${issue.input}`,
        ),
      );
    case "boolean":
      return v.boolean();
  }
}

function rangeOf({ minimum, maximum }: { minimum?: number; maximum?: number }): string {
  if (maximum === undefined) return `at least ${minimum}`;
  if (minimum === undefined) return `at most ${maximum}`;
  return `a number from ${minimum} to ${maximum}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Compiles settings that are described as data into a valibot schema that holds values to them. */
export function compileConfigSchema(schema: ConfigSchema): v.GenericSchema<unknown, Config> {
  const entries: Record<
    string,
    | v.GenericSchema<unknown, ConfigValue>
    | v.OptionalSchema<v.GenericSchema<unknown, ConfigValue>, ConfigValue>
  > = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const inner = fieldSchema(field);
    const required = schema.required?.includes(name) ?? false;
    entries[name] = field.default !== undefined
      ? v.optional(inner, field.default)
      : required
      ? inner
      : v.exactOptional(inner) as unknown as v.GenericSchema<unknown, ConfigValue>;
  }
  return v.strictObject(entries) as unknown as v.GenericSchema<unknown, Config>;
}

/**
 * Puts two schemas side by side, as the settings of a driver and those of a plugin on it.
 *
 * @throws {LoadError} `plugin_manifest` if both name the same setting.
 */
export function mergeConfigSchemas(first: ConfigSchema, second: ConfigSchema): ConfigSchema {
  const twice = Object.keys(second.properties).filter((n) => Object.hasOwn(first.properties, n));
  if (twice.length > 0) {
    throw new LoadError(
      `Settings of a plugin cannot carry the name of its driver's: ${twice.join(", ")}`,
      {
        code: "plugin_manifest",
        blame: "plugin",
      },
    );
  }
  return {
    type: "object",
    properties: { ...first.properties, ...second.properties },
    required: [...first.required ?? [], ...second.required ?? []],
  };
}
