/** Texts in a fixed form: dates, times, UUIDs, base64 and booleans, at their limits and beside them. */
import type { Random } from "./differential_random.ts";

const HEX = "0123456789abcdefABCDEF";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const YEARS = [
  0,
  1,
  4,
  99,
  100,
  400,
  1582,
  1600,
  1900,
  1969,
  1970,
  1999,
  2000,
  2001,
  2004,
  2100,
  9999,
];

/** The last days of months, and those behind them. */
const TELLING_DATES = [
  ...[
    "1900-02-28",
    "1900-02-29",
    "2000-02-29",
    "2000-02-30",
    "2023-02-29",
    "2024-02-29",
    "2100-02-29",
  ],
  ...[
    "0004-02-29",
    "0100-02-29",
    "0400-02-29",
    "2024-01-31",
    "2024-01-32",
    "2024-04-30",
    "2024-04-31",
  ],
  ...[
    "2024-12-31",
    "2024-13-01",
    "2024-00-10",
    "2024-01-00",
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
  ],
];

const BOOLEANS = [
  ...["true", "false", "t", "f", "1", "0", "True", "FALSE", "T", "F", "tRuE", "fALSe"],
  ...[
    "yes",
    "no",
    "tru",
    "truee",
    "2",
    "-1",
    "on",
    "",
    "10",
    "00",
    "tr",
    "\u0054\u0301",
    "0.0",
    "1.0",
  ],
];

/** A date: mostly one that exists. */
export function dateText(r: Random): string {
  if (r.chance(0.15)) return r.pick(TELLING_DATES);
  const year = r.chance(0.3) ? r.pick(YEARS) : r.between(1, 9999);
  const month = r.between(r.chance(0.03) ? 0 : 1, r.chance(0.03) ? 13 : 12);
  const last = r.chance(0.85) ? 28 : r.pick([29, 30, 31, 32]);
  const day = r.chance(0.3) ? last : r.between(r.chance(0.02) ? 0 : 1, 28);
  return oddly(r, `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`);
}

/** A time of day. */
export function timeText(r: Random): string {
  const hour = r.chance(0.05) ? r.pick([24, 25, 99]) : r.below(24);
  const minute = r.chance(0.03) ? r.pick([60, 61, 99]) : r.below(60);
  let text = `${padded(hour, 2)}:${padded(minute, 2)}`;
  if (r.chance(0.1)) return text;
  text += `:${padded(r.chance(0.03) ? r.pick([60, 61]) : r.below(60), 2)}`;
  if (r.chance(0.4)) return oddly(r, text);
  const digits = r.chance(0.9) ? r.letters("0123456789", r.between(1, 6)) : r.pick([
    ...["", "000000000", "123456000", "123456001", "1234560000", "0000000", "123456100", "9999999"],
  ]);
  return oddly(r, `${text}.${digits}`);
}

/** A date and a time, with an offset where that is asked for (and now and then otherwise). */
export function timestampText(r: Random, offset: boolean): string {
  const text = dateText(r) + r.pick(["T", "T", " ", r.pick(["t", "_", "", "  "])]) + timeText(r);
  if (r.chance(0.03) ? offset : !offset) return text;
  if (r.chance(0.4)) return text + r.pick(["Z", "Z", "Z", "z", "ZZ", "UTC", " Z"]);
  const hour = padded(r.chance(0.2) ? r.pick([14, 15, 16, 16, 24, 99]) : r.below(15), 2);
  const minute = padded(r.chance(0.05) ? r.pick([59, 60, 99]) : r.pick([0, 15, 30, 45]), 2);
  const sign = r.pick(["+", "-", "+", r.pick(["\u2212", ""])]);
  const zone = r.pick([hour, hour + minute, `${hour}:${minute}`, `${hour}:${minute}`]);
  return oddly(r, text + sign + zone + (r.chance(0.02) ? ":00" : ""));
}

/** A UUID. */
export function uuidText(r: Random): string {
  const digits = r.chance(0.5) ? HEX.slice(0, 16) : HEX;
  const text = [8, 4, 4, 4, 12].map((count) => r.letters(digits, count)).join("-");
  if (r.chance(0.97)) return text;
  return r.pick([
    text.replaceAll("-", ""),
    `{${text}}`,
    text + "0",
    text.slice(1),
    oddly(r, text, 1),
  ]);
}

/** Bytes in each of their forms, or beside it. */
export function bytesText(r: Random): string {
  if (r.chance(0.4)) return base64Text(r);
  if (r.chance(0.1)) return r.pick(["", "\\", "\\x", "\\x0", "\\X00", "\\x0g", "x00", "\\x00 "]);
  const hex = r.letters(r.pick(["0123456789abcdef", "0123456789ABCDEFabcdef"]), r.small(80));
  const even = r.chance(0.9) ? hex.slice(hex.length % 2) : hex;
  return r.pick(["\\x", "\\x", ""]) + even;
}

/** Base64 of bytes of any length, in its canonical form or beside it. */
export function base64Text(r: Random): string {
  const length = r.chance(0.02) ? r.between(0, 3000) : r.small(120);
  const whole = r.letters(BASE64, Math.floor(length / 3) * 4);
  const rest = length % 3;
  let text = whole;
  if (rest === 1) text += r.pick(BASE64) + r.pick("AQgw") + "==";
  if (rest === 2) text += r.letters(BASE64, 2) + r.pick("AEIMQUYcgkosw048") + "=";
  if (r.chance(0.93)) return text;
  const loose = whole + r.letters(BASE64, 2);
  return r.pick([
    ...[
      text.replace(/=+$/, ""),
      text + "=",
      "=" + text,
      `${loose}==`,
      `${loose}A=`,
      "====",
      "AA==AA==",
    ],
    ...[
      text.replaceAll("A", "-"),
      ` ${text}`,
      `${text}\n`,
      "=",
      "A===",
      "AAA",
      "AB==",
      "AAB=",
      "\\x00",
    ],
    oddly(r, text, 1),
  ]);
}

/** A boolean as text, or something that is nearly one. */
export function booleanText(r: Random): string {
  return r.chance(0.8) ? BOOLEANS[r.below(12)]! : r.pick(BOOLEANS);
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** Now and then with one character changed, missing or too many. */
function oddly(r: Random, text: string, probability = 0.01): string {
  if (!r.chance(probability)) return text;
  const at = r.below(text.length + 1);
  const other = r.pick([
    "",
    "0",
    "/",
    ":",
    ";",
    "-",
    ".",
    " ",
    "A",
    "@",
    "g",
    "\u00e9",
    "\u0663",
    "00",
  ]);
  return text.slice(0, at) + other + text.slice(at + (r.chance(0.7) ? 1 : 0));
}
