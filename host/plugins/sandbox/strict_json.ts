/**
 * JSON of a stranger: what two readers could understand differently, or what no honest plugin says, is
 * refused. That is length and nesting beyond bounds, a key twice in one object, keys that prototypes
 * answer to or that are written with escapes, and texts that are no well-formed Unicode or hold U+0000.
 */
import { LIMITS } from "../../../src/model/limits.ts";

/** Text that is not what it has to be; the message says why. */
export class StrictJsonError extends Error {}

/**
 * A text need not end: it then goes on to the end of all. Were that no token, each quote behind a
 * backslash would be tried as its beginning again, and a mebibyte of them takes ten minutes.
 */
const TOKEN = /"(?:[^"\\]|\\[^])*"?|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Reads a text. @throws {StrictJsonError} */
export function parseStrictJson(text: string): unknown {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > LIMITS.manifestBytesMax) {
    throw new StrictJsonError(`it is ${bytes} bytes long, at most ${LIMITS.manifestBytesMax}`);
  }
  checkNesting(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StrictJsonError(`it is not JSON${placeIn(text, String(error))}`);
  }
  checkKeys(text);
  return value;
}

/** Where a text stops being JSON, as far as the engine says, with what stands before that. */
function placeIn(text: string, message: string): string {
  if (text.trim() === "") return ": nothing was given as the export's output";
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const at = position === undefined ? text.length : Number(position);
  const before = text.slice(Math.max(0, at - 40), at);
  return `: it stops being JSON at character ${at}, behind ${JSON.stringify(before)}`;
}

function checkNesting(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth > LIMITS.manifestDepthMax) {
      throw new StrictJsonError(`it is nested deeper than ${LIMITS.manifestDepthMax}`);
    }
  }
}

/** Looks at every text of what is JSON. */
function checkKeys(text: string): void {
  /** Of each object that is open its keys; of each array, nothing. */
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"')) {
      const string = JSON.parse(token) as string;
      if (!string.isWellFormed() || string.includes("\0")) {
        throw new StrictJsonError(`it has a text that none should have: ${token.slice(0, 100)}`);
      }
      const keys = open.at(-1);
      // Behind a colon stands a value.
      if (keys && last !== ":") {
        // V8 takes an escape in a key for a key that ends in a backslash, once it has seen one of those
        // (https://issues.chromium.org/issues/521080746): two keys become one, or change their names.
        if (token.includes("\\")) {
          throw new StrictJsonError("it has a key that is written with escapes");
        }
        addKey(keys, string);
      }
    }
    last = token;
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (key === "prototype" || key in Object.prototype) {
    throw new StrictJsonError(`it has the key ${key}`);
  }
  if (keys.has(key)) throw new StrictJsonError(`it has the key ${key.slice(0, 100)} twice`);
  keys.add(key);
}
