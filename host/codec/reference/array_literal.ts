/**
 * A JSON array as PostgreSQL's text of an array (manual, "Array Input and Output Syntax"): what
 * `row_to_json` prints goes back into the column that it came from. Numbers keep their digits.
 */

/** What the elements of an array are: JSON itself, which may be arrays too, or anything else. */
export type ArrayElements = "json" | "text";

/** Tokens of JSON that begin at a place, white space before them. */
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+)/y;

/** `json` must be an array, and well-formed. */
export function arrayLiteral(json: string, elements: ArrayElements): string {
  return new Reader(json, elements).array();
}

class Reader {
  readonly #json: string;
  readonly #elements: ArrayElements;
  #at = 0;
  /** Where the token that was read last begins. */
  #start = 0;

  constructor(json: string, elements: ArrayElements) {
    this.#json = json;
    this.#elements = elements;
    this.#next();
  }

  /** The array whose opening bracket was read. */
  array(): string {
    const items: string[] = [];
    for (let token = this.#next(); token !== "]"; token = this.#next()) {
      if (token !== ",") items.push(this.#item(token));
    }
    return `{${items.join(",")}}`;
  }

  #item(token: string): string {
    if (token === "null") return "NULL";
    if (this.#elements === "text") {
      if (token === "[") return this.array();
      if (token.startsWith('"')) return quote(JSON.parse(token));
      if (token !== "{") return token;
    }
    const start = this.#start;
    this.#skip(token);
    return quote(this.#json.slice(start, this.#at));
  }

  /** Reads on to the end of the value that begins with the token. */
  #skip(token: string): void {
    let depth = 0;
    for (let next = token;; next = this.#next()) {
      if (next === "[" || next === "{") depth++;
      else if (next === "]" || next === "}") depth--;
      if (depth === 0) return;
    }
  }

  #next(): string {
    TOKEN.lastIndex = this.#at;
    const [, token] = TOKEN.exec(this.#json)!;
    this.#at = TOKEN.lastIndex;
    this.#start = this.#at - token!.length;
    return token!;
  }
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
