/**
 * Writes rows of JavaScript values as JSON that keeps what `JSON.stringify` would lose: bigint as
 * digits, Date as ISO 8601, bytes as base64, NaN and infinities by their names. What has no such
 * form is an error and never an empty object.
 *
 * Invariant: between two rows, `#column` is undefined and `#depth` is 0.
 */
import { LoadError } from "../../src/errors.ts";
import { LIMITS } from "../../src/limits.ts";

/** See the head of this file. One writer serves one source, and counts its rows. */
export class RowWriter {
  readonly #source: string;
  /** Keys as they stand in JSON, with their colon: rows have the same ones over and over. */
  readonly #keys = new Map<string, string>();
  #rows = 0;
  #column: string | undefined;
  #depth = 0;

  /** `source` is what the rows are called in messages. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Rows that were written so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * One row as one line of JSON, without the line end. Properties that are undefined are left out;
   * undefined within an array is null. An object with `toJSON` is what that returns.
   *
   * `JSON.stringify` with a replacer is five times slower than without, so that rows are looked
   * through first, and only those with special values are written by hand.
   *
   * @throws {LoadError} `source_malformed`, naming row and column, never the value
   */
  write(row: unknown): string {
    this.#rows++;
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw this.#malformed(`it is ${kindOf(row)}, not an object`);
    }
    if (isPlain(row, 0)) return JSON.stringify(row);
    const text = this.#value(row);
    if (text?.startsWith("{")) return text;
    throw this.#malformed(`it is ${kindOf(row)}, which is no object of columns`);
  }

  /** The value as JSON; undefined where it is left out. */
  #value(value: unknown): string | undefined {
    switch (typeof value) {
      case "undefined":
        return undefined;
      case "bigint":
        return value.toString();
      case "number":
        return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
      case "string":
      case "boolean":
        return JSON.stringify(value);
      case "object":
        return value === null ? "null" : this.#object(value);
      default:
        throw this.#formless(value);
    }
  }

  #object(value: object): string | undefined {
    if (value instanceof Date) return this.#date(value);
    if (value instanceof Uint8Array) return `"${value.toBase64()}"`;
    if (value instanceof ArrayBuffer) return `"${new Uint8Array(value).toBase64()}"`;
    if (ArrayBuffer.isView(value)) throw this.#formless(value);
    if (isRawJson(value)) return JSON.stringify(value);
    if (++this.#depth > LIMITS.jsonDepthMax) {
      throw this.#malformed(`it is nested deeper than ${LIMITS.jsonDepthMax}, or in a circle`);
    }
    const text = this.#container(value);
    this.#depth--;
    return text;
  }

  #container(value: object): string | undefined {
    if ("toJSON" in value && typeof value.toJSON === "function") return this.#value(value.toJSON());
    if (!Array.isArray(value)) return this.#properties(value);
    return `[${Array.from(value, (item) => this.#value(item) ?? "null").join(",")}]`;
  }

  #date(value: Date): string {
    if (!Number.isNaN(value.getTime())) return `"${value.toISOString()}"`;
    throw this.#malformed("it is an invalid Date");
  }

  #properties(value: object): string {
    const keys = Object.keys(value);
    // A Map, a Set, a Promise and their like keep what they hold where nobody can see it.
    if (keys.length === 0 && !isPlainPrototype(value)) throw this.#formless(value);
    const outermost = this.#column === undefined;
    let text = "";
    for (const key of keys) {
      if (outermost) this.#column = key;
      const item = this.#value((value as Record<string, unknown>)[key]);
      if (item !== undefined) text += (text === "" ? "" : ",") + this.#key(key) + item;
    }
    if (outermost) this.#column = undefined;
    return `{${text}}`;
  }

  #key(key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const text = `${JSON.stringify(key)}:`;
    if (this.#keys.size < LIMITS.columnsMax) this.#keys.set(key, text);
    return text;
  }

  #formless(value: unknown): LoadError {
    return this.#malformed(`it is ${kindOf(value)}, which has no form in JSON`);
  }

  #malformed(reason: string): LoadError {
    const column = this.#column === undefined ? "" : `, column ${this.#column}`;
    return new LoadError(
      `Cannot write row ${this.#rows} of ${this.#source}${column}: ${reason}`,
      { code: "source_malformed", blame: "data" },
    );
  }
}

/** Whether `JSON.stringify` alone writes the value as it should be. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return value === null || isPlainObject(value, depth);
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (depth >= LIMITS.jsonDepthMax) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  if (!isPlainPrototype(value)) return false;
  for (const key in value) {
    if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

function isPlainPrototype(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether it is text that the caller has made raw JSON of, such as a long decimal. */
function isRawJson(value: object): boolean {
  // TypeScript does not know this part of ECMAScript yet.
  return (JSON as { isRawJSON?(value: unknown): boolean }).isRawJSON?.(value) ?? false;
}

/** What a value is, in words that tell nothing of its content. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `of type ${typeof value}`;
  return `an object of class ${value.constructor?.name ?? "unknown"}`;
}
