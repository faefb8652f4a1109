import { assertEquals, assertFalse } from "@std/assert";
import { LoadError, partsOf } from "../../../src/model/errors.ts";
import { auditLine } from "../../../src/audit/audit.ts";
import {
  escapedJson,
  printable,
  printableJson,
  printableLines,
} from "../../../src/model/printable.ts";

/** What could end a line, move the cursor, or turn the reading direction. */
const CONTROLS = [
  ...Array.from({ length: 32 }, (_, i) => i),
  ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069],
].map((code) => String.fromCodePoint(code));

Deno.test("printable text is one line without controls, and all else stays", () => {
  for (const control of CONTROLS) {
    const code = control.codePointAt(0)!.toString(16);
    assertEquals(printable(`a${control}b`), `a\\u{${code}}b`);
  }
  assertEquals(printable('naïve ☃ 𝄞 … \\ " شكرا'), 'naïve ☃ 𝄞 … \\ " شكرا');
});

Deno.test("printable JSON means the same, and has no control in it", () => {
  const value = { [`key${CONTROLS.join("")}`]: [`${CONTROLS.join("")} ☃`, 1.5, null] };
  for (const json of [printableJson(value), escapedJson(JSON.stringify(value, null, 2))]) {
    assertEquals(JSON.parse(json), value);
    assertFalse(CONTROLS.some((control) => control !== "\n" && json.includes(control)));
  }
  assertEquals(printableJson(value).includes("\n"), false);
});

Deno.test("lines behind the first are indented, whoever has made them", () => {
  assertEquals(
    printableLines("Error: a\nsnakepipe: Verified\n    at x\u001b[31m"),
    "Error: a\n  snakepipe: Verified\n    at x\\u{1b}[31m",
  );
});

Deno.test("message of an error has its own line ends alone, also once it is taken apart", () => {
  const about = { code: "usage", blame: "config" } as const;
  const lines = ["a\n  b", "c"];
  const error = new LoadError("File is bad: x\nsnakepipe: Verified", { ...about, lines });
  const expected = "File is bad: x\\u{a}snakepipe: Verified\n  a\\u{a}  b\n  c";
  assertEquals(error.message, expected);
  const { message, lines: again } = partsOf(error.message);
  assertEquals(new LoadError(message, { ...about, lines: again }).message, expected);
});

Deno.test("audit record is one line of JSON that means what it was given", () => {
  const record = { event: "plugin_refused", file: CONTROLS.join(""), reason: "a\nb" } as const;
  const line = auditLine(record, 0);
  assertFalse(CONTROLS.some((control) => line.slice(0, -1).includes(control)));
  const { file, reason } = JSON.parse(line);
  assertEquals({ file, reason }, { file: record.file, reason: record.reason });
});
