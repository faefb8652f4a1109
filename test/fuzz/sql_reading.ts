/**
 * Reads a statement as it goes to the database, knowing nothing of how it came about: what is neither
 * word, number, sign, name in quotes nor parameter is a fault. So one statement goes out, not two.
 */

/** One token; words in capitals, names without their quotes. */
export type SqlToken = readonly [
  kind: "word" | "number" | "sign" | "name" | "parameter",
  text: string,
];

const TOKEN =
  /([A-Za-z_][A-Za-z0-9_]*)|(\d+)(?![A-Za-z0-9_"])|(--|\/\*|[(),.=<>*+-])|"((?:[^"]|"")+)"(?!["A-Za-z0-9_])|`((?:[^`]|``)+)`(?![`A-Za-z0-9_])|(\?\d*|\$\d+)|[ \n]+/y;

/** The tokens of a statement. Returns what is wrong with it, if anything is. */
export function readSql(text: string): SqlToken[] | string {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return `at ${at} stands ${JSON.stringify(text.slice(at, at + 20))}`;
    const [, word, digits, sign, quoted, accented, parameter] = found;
    if (sign === "--" || sign === "/*") return `at ${at} begins a comment`;
    if (word !== undefined) {
      if (/["`]/.test(text[TOKEN.lastIndex] ?? "")) {
        return `at ${at} a name touches the word ${word}`;
      }
      tokens.push(["word", word.toUpperCase()]);
    } else if (digits !== undefined) tokens.push(["number", String(Number(digits))]);
    else if (sign !== undefined) tokens.push(["sign", sign]);
    else if (quoted !== undefined) tokens.push(["name", quoted.replaceAll('""', '"')]);
    else if (accented !== undefined) tokens.push(["name", accented.replaceAll("``", "`")]);
    else if (parameter !== undefined) tokens.push(["parameter", ""]);
  }
  return tokens;
}
