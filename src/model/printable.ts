/**
 * Text of strangers (names, reasons, values of settings), made safe for a line that people read: what
 * ends a line, moves the cursor or turns the reading direction stands as `\u{…}`.
 */

/** Controls (C0, DEL, C1), separators of lines and paragraphs, marks and overrides of direction. */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex -- control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of text, whatever was in it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => `\\u{${hex(c)}}`);
}

/**
 * A text of our own in lines. Those behind the first are indented, so that no line of a stranger's can
 * be taken for the beginning of one of ours.
 */
export function printableLines(text: string): string {
  const [first = "", ...rest] = text.split("\n").map(printable);
  return [first, ...rest.map((line) => line.startsWith("  ") ? line : `  ${line}`)].join("\n");
}

/** JSON of a value, of the same meaning, that is safe for a terminal. One line. */
export function printableJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}

/** The same for JSON that is in lines already. */
export function escapedJson(json: string): string {
  return json.replace(
    UNPRINTABLE,
    (c) => c === "\n" ? c : `\\u${hex(c).padStart(4, "0")}`,
  );
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16);
}
