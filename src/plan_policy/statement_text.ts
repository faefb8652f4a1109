/**
 * What a statement of a plan is written with: words, numbers, and the few signs that statements need.
 * Whatever could end a statement, begin a text or hide what follows has no place in one.
 */
import { literalFault } from "./token.ts";

const TEXT = /^[A-Za-z0-9_ \n(),.=<>*+-]+$/;
const SIGN = /[^A-Za-z0-9_ \n(),.=<>*+-]/u;
/** That slots are made well is seen when they are cut. */
const SLOT = /\{[^{}]*\}|[{}]/;

/** What a sign is for in SQL, which no plan may do. */
const MEANINGS: Readonly<Record<string, string>> = {
  ";": "behind a semicolon a second statement could stand",
  "'": "in quotes a text could say what no statement says; values come from rows alone",
  '"': "a quoted name could be that of another table; names come from slots alone",
  "`": "a quoted name could be that of another table; names come from slots alone",
  "[": "a name or a list could stand in brackets; names come from slots alone",
  "]": "a name or a list could stand in brackets; names come from slots alone",
  "$": "dollars begin texts and parameters; values come from rows alone",
  "?": "a parameter would take the value of another one",
  "@": "variables outlive their statement",
  "#": "behind it everything is a comment",
  "/": "with a star behind it a comment begins, of which servers run some",
  "\\": "a backslash changes what the next sign means",
  ":": "a colon outside of a slot is a cast or a parameter",
  "|": "with it texts are put together",
  "\t": "blanks and line ends are enough to separate words",
};

/** What is wrong with a statement's text, as a clause; undefined where nothing is. */
export function textFault(sql: string): string | undefined {
  // A dialect may read comments where others read two signs.
  if (sql.includes("--")) return "it carries a comment";
  for (const literal of sql.split(SLOT)) {
    if (literal === "") continue;
    if (!TEXT.test(literal)) return signFault(SIGN.exec(literal)![0]);
    const fault = literalFault(literal);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function signFault(sign: string): string {
  const meaning = Object.hasOwn(MEANINGS, sign) ? `: ${MEANINGS[sign]}` : "";
  return `it carries a sign that no statement needs, ${JSON.stringify(sign)}${meaning}`;
}
