import type { Random } from "../crash/random.ts";
import { MANIFEST } from "../support/wasm_text.ts";

const KEYS: readonly string[] = [
  ...[
    "a",
    "b",
    "abi",
    "name",
    "config",
    "properties",
    "",
    "é",
    "__proto__",
    "constructor",
    "prototype",
  ],
  ...[
    "\\u0061",
    "a\\u0000",
    "\\ud800",
    "\\u005f_proto__",
    "\\\\",
    '\\"',
    "toString",
    "{",
    ":",
    ",",
  ],
];
const TEXTS: readonly string[] = [
  ...[
    '""',
    '"a"',
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\ud800"',
    '"\\x"',
    '"\n"',
    '"{"',
    '"]"',
  ],
  ...['":"', '"\\"', '"\\\\"', '"__proto__"', '"\u2028"', '"\\u12"', "'a'", '"'],
];
const SCALARS: readonly string[] = [
  ...[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1e400",
    "1.5e-7",
    "01",
    "+1",
    ".5",
    "1.",
    "NaN",
    "Infinity",
  ],
  ...["9007199254740993", "nul", "undefined", "\ufeff1", "-"],
];
const PIECES: readonly string[] = [
  ...[
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\t",
    "\0",
    "\u00a0",
    "\ufeff",
    "//",
    "/**/",
  ],
  ...['"a":', '"a":1,', '\\"', "\\u", "__proto__", "[[[[[[[[", "]]]]]]]]"],
];

/** A text, and whether everybody who is strict has to take it. */
export interface JsonDraft {
  readonly text: string;
  readonly honest: boolean;
}

/** JSON at random: as plugins write it, as nobody writes it, and what is none. */
export function anyJson(random: Random): JsonDraft {
  const draw = random.below(10);
  if (draw === 0) return { text: honest(random, 4), honest: true };
  if (draw < 4) return { text: value(random, { depth: 4, ...READABLE }), honest: false };
  if (draw === 4) return { text: nested(random), honest: false };
  let text = draw < 8
    ? value(random, { depth: 5, ...WILD })
    : draw === 8
    ? JSON.stringify(MANIFEST)
    : long(random);
  while (random.below(2) === 0) text = changed(text, random);
  return { text, honest: false };
}

/** What values are made of. */
interface Material {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  readonly scalars: readonly string[];
}

const WILD: Material = { keys: KEYS, texts: TEXTS, scalars: SCALARS };
/** What everybody can read, and a strict reader mostly refuses. */
const READABLE: Material = {
  keys: ["a", "b", "\\u0061", "é", "", "__proto__", "constructor", "\\u005f_proto__", '\\"', ":"],
  texts: ['""', '"a"', '"\\u0000"', '"\\ud83d"', '"\\ud83d\\ude00"', '":"', '"\\""', '"{"'],
  scalars: ["null", "true", "0", "-0", "1.5e-7", "9007199254740993", "1e400"],
};

function value(
  random: Random,
  { depth, ...material }: Material & { readonly depth: number },
): string {
  const draw = depth === 0 ? random.below(2) : random.below(6);
  const inner = () => value(random, { depth: depth - 1, ...material });
  const many = <T>(make: () => T) => Array.from({ length: random.below(4) }, make);
  const { keys, texts, scalars } = material;
  if (draw === 0) return random.oneOf(scalars);
  if (draw === 1) return random.oneOf(texts);
  if (draw === 2) return `[${many(inner).join(",")}]`;
  return `{${many(() => `"${random.oneOf(keys)}":${inner()}`).join(random.oneOf([",", " , "]))}}`;
}

/** About as deep as a text may be. */
function nested(random: Random): string {
  let text = random.oneOf(["1", '"["', "[]", "{}"]);
  for (let left = 25 + random.below(15); left > 0; left--) {
    text = random.below(2) === 0 ? `[${text}]` : `{"a":${text}}`;
  }
  return text;
}

/** What no reader finds fault with. */
function honest(random: Random, depth: number): string {
  const make = (left: number): unknown => {
    if (left === 0) return random.oneOf([null, true, 1, -2.5, "", "a", "é😀", "\u2028", "\\", '"']);
    if (random.below(2) === 0) return Array.from({ length: random.below(4) }, () => make(left - 1));
    return Object.fromEntries(["a", "b", "{", ":", "é", ","].map((key) => [key, make(left - 1)]));
  };
  return JSON.stringify(make(depth), null, random.oneOf([0, 2]));
}

/** Letters of a long text: somewhat less than bytes that a manifest may have. */
const LONG = 60_000;

/** One piece over and over. */
function long(random: Random): string {
  const piece = random.oneOf([...PIECES, ...TEXTS, ...SCALARS, "{}", "[],", '"a":{', "[{"]);
  const lead = random.oneOf(["", '"', "[", "{", '{"a":']);
  const length = random.below(2) === 0 ? LONG : random.below(LONG);
  return lead + piece.repeat(Math.floor(length / piece.length));
}

function changed(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + random.below(8));
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + random.oneOf([...PIECES, ...SCALARS, ...TEXTS]) + text.slice(end);
    case 2:
      return text.slice(0, end) + text.slice(at);
    default:
      return text.slice(0, at) + String.fromCharCode(random.below(0x180)) + text.slice(at + 1);
  }
}
