/** valibot's own words for what does not fit, as people say them. */

const OWN = /^Invalid (\w+): (?:Expected ([\s\S]*?) but received|Received) ([\s\S]*)$/;

const WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  bigint: "a whole number",
  Object: "an object",
  Array: "a list",
  "!NaN": "a number",
};

const BOUNDS: Readonly<Record<string, string>> = {
  ">=": "at least ",
  "<=": "at most ",
  ">": "more than ",
  "<": "less than ",
};

/** The message; those that we have written ourselves stay as they are. */
export function inWords(message: string): string {
  const [, what, expected, received] = OWN.exec(message) ?? [];
  if (what === undefined) return message;
  return `Expected ${wanted(what, expected)} but received ${receivedWord(received!)}`;
}

/** What a schema takes, as people say it. */
export function expectedInWords(expects: string): string {
  return wanted("type", expects);
}

function wanted(what: string, expected: string | undefined): string {
  if (expected === undefined) return what === "integer" ? "a whole number" : `another ${what}`;
  const [, choices] = /^\((.*)\)$/s.exec(expected) ?? [];
  if (choices !== undefined) {
    const words = choices.split(" | ");
    if (words.every(isQuoted)) return `one of ${words.map((word) => word.slice(1, -1)).join(", ")}`;
    return words.map(wordFor).join(" or ");
  }
  const [, sign, bound] = /^([<>]=?)(.*)$/s.exec(expected) ?? [];
  if (sign === undefined) return wordFor(expected);
  return `${what === "length" ? "a length of " : ""}${BOUNDS[sign]}${bound}`;
}

function wordFor(expected: string): string {
  return Object.hasOwn(WORDS, expected) ? WORDS[expected]! : expected;
}

function receivedWord(received: string): string {
  return received === "Object" || received === "Array" ? WORDS[received]! : received;
}

function isQuoted(word: string): boolean {
  return word.length > 1 && word.startsWith('"') && word.endsWith('"');
}
