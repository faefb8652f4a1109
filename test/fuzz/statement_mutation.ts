/** Changes of a statement's text, by tokens and by letters. */
import { LIMITS } from "../../src/model/limits.ts";
import type { Random } from "../crash/random.ts";

/** Words that hurt where they are let in. */
const WORDS: readonly string[] = [
  ...[
    "DROP",
    "TABLE",
    "DELETE",
    "FROM",
    "UPDATE",
    "SET",
    "INSERT",
    "INTO",
    "SELECT",
    "WHERE",
    "OR",
  ],
  ...[
    "TRUNCATE",
    "ALTER",
    "GRANT",
    "ATTACH",
    "DETACH",
    "PRAGMA",
    "VACUUM",
    "COPY",
    "PROGRAM",
    "STDIN",
  ],
  ...["UNION", "ALL", "EXCEPT", "JOIN", "LIMIT", "RETURNING", "EXECUTE", "DO", "BEGIN", "COMMIT"],
  ...["ROLLBACK", "NOT", "NULL", "DEFAULT", "CHECK", "REFERENCES", "CASCADE", "TEMP", "UNLOGGED"],
  ...[
    "IF",
    "EXISTS",
    "AS",
    "ON",
    "CONFLICT",
    "NOTHING",
    "EXCLUDED",
    "DISTINCT",
    "ORDER",
    "BY",
    "DESC",
  ],
  ...[
    "CAST",
    "pg_read_file",
    "lo_import",
    "load_extension",
    "writable_schema",
    "current_user",
    "e1",
  ],
  ...[
    "U",
    "E",
    "X",
    "B",
    "N",
    "_",
    "ROWID",
    "STRICT",
    "WITHOUT",
    "WITH",
    "RECURSIVE",
    "VALUES",
    "main",
  ],
];
const SLOTS: readonly string[] = [
  ...["table", "table_name", "staging", "aside", "columns", "keys", "ordinal", "format", "rows"],
  ...[
    "values",
    "col:0",
    "col:1",
    "col:9999",
    "col:00",
    "value:0",
    "value:1",
    "value:-1",
    "col:",
    "nope",
  ],
  ...["__proto__", "constructor", "{table}", " table", "TABLE", ""],
].map((slot) => `{${slot}}`);
const NUMBERS: readonly string[] = [
  ...[
    "0",
    "1",
    "00",
    "2147483648",
    "9".repeat(30),
    "9".repeat(400),
    "1e9",
    "0x10",
    "1_000",
    "1.5",
    ".5",
  ],
];
const SIGNS: readonly string[] = [
  ...[
    "(",
    ")",
    ",",
    ".",
    "=",
    "<",
    ">",
    "*",
    "+",
    "-",
    "--",
    "/*",
    "*/",
    ";",
    "'",
    '"',
    "`",
    "[",
    "]",
  ],
  ...[
    "$1",
    "$$",
    "?",
    ":x",
    "@",
    "#",
    "!",
    "\\",
    "\0",
    "\t",
    "\r",
    "\v",
    "\f",
    "\u00a0",
    "\u2028",
    "{",
    "}",
  ],
  // Letters that become others in capitals, and such as only look like others.
  ...[
    "ı",
    "ſ",
    "ﬁ",
    "Ａ",
    "＂",
    "é",
    "😀",
    "\ud800",
    "\u202e",
    "\ufeff",
    "\u200b",
    "||",
    "::",
    "=>",
    "<>",
  ],
];
const TOKEN = /\{[^{}]*\}|[A-Za-z0-9_]+|\s+|[^]/g;

/** A statement that is somewhat different. */
export function mutateStatement(sql: string, random: Random): string {
  return random.below(3) === 0 ? mutateText(sql, random) : mutateTokens(sql, random);
}

function mutateTokens(sql: string, random: Random): string {
  const tokens: string[] = sql.match(TOKEN) ?? [];
  const at = random.below(tokens.length + 1);
  const other = random.below(tokens.length + 1);
  switch (random.below(9)) {
    case 0:
      [tokens[at], tokens[other]] = [tokens[other] ?? "", tokens[at] ?? ""];
      break;
    case 1:
      tokens.splice(at, 1 + random.below(3));
      break;
    case 2:
      tokens.splice(at, 0, ...tokens.slice(other, other + 1 + random.below(6)));
      break;
    case 3:
      tokens[at] = tokens[other] ?? "";
      break;
    case 4:
      tokens.splice(at, 0, ` ${random.oneOf(WORDS)} `);
      break;
    case 5:
      tokens.splice(at, random.below(2), random.oneOf(SIGNS));
      break;
    case 6:
      tokens.splice(
        at,
        random.below(2),
        random.oneOf([` ${random.oneOf(SLOTS)} `, random.oneOf(SLOTS)]),
      );
      break;
    case 7:
      tokens.splice(at, 1, ` ${random.oneOf(random.below(2) === 0 ? NUMBERS : WORDS)} `);
      break;
    default: {
      const depth = random.below(20) === 0 ? 2_000 : 1 + random.below(6);
      tokens.splice(at, 0, "(".repeat(depth));
      tokens.splice(Math.max(at + 1, other), 0, ")".repeat(depth));
    }
  }
  return tokens.join("");
}

function mutateText(sql: string, random: Random): string {
  const at = random.below(sql.length + 1);
  const end = Math.min(sql.length, at + 1 + random.below(8));
  const put = (text: string, to = at) => sql.slice(0, at) + text + sql.slice(to);
  switch (random.below(6)) {
    case 0:
      return put("", end);
    case 1:
      return put(random.oneOf(SIGNS));
    case 2:
      return put(random.oneOf(SIGNS), at + 1);
    case 3:
      return put(String.fromCharCode(random.below(0x250)), at + 1);
    case 4:
      return put(sql.slice(at, end).toUpperCase(), end);
    default:
      return put(random.oneOf(["\n", "  ", "\n\n"]));
  }
}

/** A statement as long as one may be, made of few pieces over and over. */
export function longStatement(sql: string, random: Random): string {
  const tokens = sql.match(TOKEN) ?? [" "];
  const start = random.below(tokens.length);
  const piece = random.below(2) === 0
    ? tokens.slice(start, start + 1 + random.below(4)).join("")
    : random.oneOf([...SIGNS, ...SLOTS, ...WORDS, " ", "\n", "a ", "1 ", "( ", "{table} "]);
  const size = Math.max(1, new TextEncoder().encode(piece).length);
  const room = LIMITS.statementBytesMax - new TextEncoder().encode(sql).length - random.below(2);
  const filling = piece.repeat(Math.max(0, Math.floor(room / size)));
  const at = random.below(tokens.length + 1);
  return [...tokens.slice(0, at), filling, ...tokens.slice(at)].join("");
}
