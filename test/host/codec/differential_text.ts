/** Texts of strings, of every length and alphabet, and JSON documents, also nested to the limit. */
import { LIMITS } from "../../../src/model/limits.ts";
import { numberText } from "./differential_number.ts";
import type { Random } from "./differential_random.ts";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.";
/** What a writer of COPY, JSON or CSV has to look at. */
const SPECIAL = "\\\"/,;|'\t\n\r\b\f\v N.xu0aNn{}[]:\u007f\u001f\u0001";
/** First and last characters of each length of UTF-8, and of what is easily taken for an end. */
const WIDE = [
  ..."\u0080\u00e9\u07ff\u0800\u20ac\ud7ff\ue000\ufeff\ufffd\ufffe\uffff\u2028\u2029\u0300\u200d",
  ...["\u{10000}", "\u{1f600}", "\u{1f468}\u200d\u{1f469}", "\u{10ffff}", "\u{2f800}", "\u00a0"],
];
/** Texts that mean something to somebody. */
const WORDS = [
  ...[
    "",
    "null",
    "NULL",
    "\\N",
    "\\.",
    "true",
    "NaN",
    "Infinity",
    "{}",
    "[]",
    '""',
    '"',
    "\\",
    "0",
  ],
  ...[
    "a\u0000b",
    "\u0000",
    "\ufeff",
    "x".repeat(63),
    "x".repeat(64),
    "\\u0000",
    '"a"',
    "a\\",
    "\\\\",
  ],
  ...[
    " ",
    "\n",
    "\r\n",
    "a\tb",
    "\u2028",
    "\ud800",
    "\udc00",
    "\udc00\ud800",
    "a\ud83d",
    "1e5",
    "-0",
  ],
];

/** A string of any length and alphabet; now and then with U+0000 or a lone surrogate. */
export function stringText(r: Random): string {
  if (r.chance(0.1)) return r.pick(WORDS);
  const length = lengthOf(r);
  switch (r.below(10)) {
    case 0:
      return r.letters(SPECIAL, length);
    case 1:
      return wideText(r, length);
    case 2:
      return sprinkled(r, length);
    case 3:
      return r.letters("a", length);
    default:
      return r.letters(PLAIN, length);
  }
}

function lengthOf(r: Random): number {
  const roll = r.below(1000);
  if (roll < 700) return r.below(24);
  if (roll < 960) return r.below(80);
  if (roll < 998) return r.below(400);
  return r.below(r.chance(0.2) ? 40_000 : 5000);
}

function wideText(r: Random, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += r.pick(WIDE);
  return text;
}

/** Plain characters, and one or two others somewhere: what a scanner in steps of 16 can overlook. */
function sprinkled(r: Random, length: number): string {
  let text = r.letters(PLAIN, length);
  for (let i = r.between(1, 2); i > 0; i--) {
    const at = r.below(text.length + 1);
    const other = r.chance(0.5) ? r.pick(WIDE) : r.chance(0.05) ? "\u0000" : r.pick(SPECIAL);
    text = text.slice(0, at) + other + text.slice(at);
  }
  return text;
}

/** The escapes of JSON, those that stand for no character among them. */
const ESCAPES = [
  ...["\\n", "\\t", "\\r", "\\b", "\\f", '\\"', "\\\\", "\\/", "\\u0041", "\\u00e9", "\\u20ac"],
  ...["\\ud83d\\ude00", "\\uD83D\\uDE00", "\\u005c", "\\u0022", "\\u000a", "\\u007F", "\\u0080"],
  ...["\\u07ff", "\\u0800", "\\uffff", "\\udbff\\udfff", "\\uD800\\uDC00", "\\u001f", "\\u0009"],
];
const ODD_ESCAPES = [
  ...["\\u0000", "\\ud800", "\\udc00", "\\udfff", "\\ud800\\u0041", "\\ud800\\ud800", "\\ud800x"],
  ...[
    "\\ud83d\\ud83d\\ude00",
    "\\udc00\\ud800",
    "\\ud800\\n",
    "\\ud800\\",
    "\\ud800\\u",
    "\\ud83d\\u",
  ],
  ...["\\x", "\\v", "\\a", "\\0", "\\'", "\\u12", "\\u123", "\\u12g4", "\\u 123", "\\U0041", "\\"],
  ...["\\ud83d\\u00", "\\u-123", "\\u+041", "\\u00e", "\u0000", "\u001f", "\n", "\t", "\ud800"],
];

/** A JSON string of a text, with its quotes; `oddity` is how often a character is spelled oddly. */
export function jsonString(r: Random, text: string, oddity: number): string {
  const plain = JSON.stringify(text);
  if (oddity === 0 || !r.chance(oddity)) return plain;
  if (plain.length !== text.length + 2 || r.chance(0.3)) return inserted(r, plain);
  let spelled = "";
  for (const character of text) {
    spelled += r.chance(0.3)
      ? character.split("").map((unit) => unitEscape(r, unit)).join("")
      : character;
  }
  return `"${spelled}"`;
}

function unitEscape(r: Random, unit: string): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${r.chance(0.5) ? hex : hex.toUpperCase()}`;
}

/** With an escape between two characters of the source text: also in the midst of another escape. */
function inserted(r: Random, json: string): string {
  const at = r.between(1, json.length - 1);
  const escape = r.chance(0.97) ? r.pick(ESCAPES) : r.pick(ODD_ESCAPES);
  return json.slice(0, at) + escape + json.slice(at);
}

/** How a JSON text is written. */
export interface JsonStyle {
  /** How often white space stands where it may. */
  readonly space: number;
  /** How often a string is spelled with other escapes than needed, or with wrong ones. */
  readonly oddity: number;
}

/** White space, or (mostly) none. */
export function space(r: Random, style: JsonStyle): string {
  if (style.space === 0 || !r.chance(style.space)) return "";
  return r.pick([" ", " ", "  ", "\t", "\r", "\n", "    ", r.chance(0.02) ? "\u00a0" : "\r\n"]);
}

/** Any JSON document: nested now and then to the limit of its depth, or just beyond it. */
export function jsonText(r: Random, style: JsonStyle): string {
  if (r.chance(0.002)) return deepText(r, LIMITS.jsonDepthMax + r.between(-3, 3));
  if (r.chance(0.0003)) return deepText(r, r.between(5_000, 40_000));
  return document(r, style, r.below(6));
}

/** A document nested so deep, in objects and arrays that take turns at random. */
export function deepText(r: Random, depth: number): string {
  const opens: string[] = [];
  const closes: string[] = [];
  const objects = r.pick([0, 0.5, 1]);
  for (let i = 0; i < depth; i++) {
    const object = r.chance(objects);
    opens.push(object ? r.pick(['{"a":', '{"":', '{"k":[],"a":']) : r.pick(["[", "[1,", '["]",']));
    closes.push(object ? "}" : "]");
  }
  const inner = r.pick(["1", "{}", "[]", '"x"', "null", '"\\u0000"', ""]);
  return opens.join("") + inner + closes.reverse().join("");
}

function document(r: Random, style: JsonStyle, depth: number): string {
  const kind = depth === 0 ? r.below(6) : r.below(12);
  switch (kind) {
    case 0:
      return r.pick([
        "true",
        "false",
        "null",
        "true",
        r.pick(["tru", "nul", "True", "falsey", "NULL"]),
      ]);
    case 1:
    case 2:
      return numberText(r);
    case 3:
    case 4:
    case 5:
      return jsonString(r, stringText(r), style.oddity);
    case 6:
    case 7:
    case 8:
      return list(r, style, "[]", () => document(r, style, depth - 1));
    default:
      return list(r, style, "{}", () => {
        const key = jsonString(
          r,
          r.chance(0.7) ? r.letters("abcxyz", r.below(9)) : stringText(r),
          style.oddity,
        );
        return `${key}${space(r, style)}:${space(r, style)}${document(r, style, depth - 1)}`;
      });
  }
}

function list(r: Random, style: JsonStyle, brackets: string, item: () => string): string {
  const items = Array.from(
    { length: r.below(5) },
    () => space(r, style) + item() + space(r, style),
  );
  return brackets[0] + (items.join(",") || space(r, style)) + brackets[1];
}
