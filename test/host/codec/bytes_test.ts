/** Bytes from each form of their text, and what is refused: both codecs, COPY and cells. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { BytesForm } from "../../../src/model/bytes_form.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, csvFormat, decodeCopy } from "./sample_batch.ts";

/** More than a block. */
const LONG = "0123456789abcdef".repeat(3);

/** What a text is where no form is said, in base64 and in hex: its bytes in hex, or none. */
const CASES: readonly (readonly [string, ...(string | undefined)[]])[] = [
  ["", "", "", ""],
  ["\\x", "", "", ""],
  ["\\xdeadBEEF", "deadbeef", "deadbeef", "deadbeef"],
  [`\\x${LONG.toUpperCase()}`, LONG, LONG, LONG],
  ["\\xabc", undefined, undefined, undefined],
  ["\\x0g", undefined, undefined, undefined],
  ["\\X00", undefined, undefined, undefined],
  ["abcd", undefined, "69b71d", "abcd"],
  ["3q2+7w==", undefined, "deadbeef", undefined],
  ["abc", undefined, undefined, undefined],
  ['é,"\n', undefined, undefined, undefined],
  ["a text of more than sixteen letters", undefined, undefined, undefined],
];
const FORMS: readonly (BytesForm | undefined)[] = [undefined, "base64", "hex", "text"];

testCodecs("takes bytes in the form that is said, and hex behind a backslash without", (codec) => {
  for (const [text, ...expected] of CASES) {
    for (const [i, bytes] of FORMS.entries()) {
      const column = { name: "v", type: "bytes", nullable: true, key: false } as const;
      const columns = [bytes === undefined ? column : { ...column, bytes }];
      const hex = bytes === "text" ? new TextEncoder().encode(text).toHex() : expected[i];
      const quoted = `"${text.replaceAll('"', '""')}"`;
      const batches = [
        batchOf([`{"v":${JSON.stringify(text)}}\n`], columns),
        batchOf([`${quoted}\n`], columns, csvFormat(["v"])),
      ];
      for (const batch of batches) {
        const label = `${bytes}: ${text}`;
        const copy = copyText(codec, batch);
        const { rows, rejects } = allCells(codec, batch);
        assertEquals(copy.rejects, rejects);
        if (hex !== undefined) {
          assertEquals(decodeCopy(copy.bytes), [[`\\x${hex}`]], label);
          assertEquals((rows[0]![0] as Uint8Array).toHex(), hex, label);
          continue;
        }
        assertEquals(rejects.map(({ code, column }) => [code, column]), [["type", "v"]], label);
        const says = bytes === undefined
          ? "not hex behind \\x, and nothing says how its bytes are written: say so with --bytes"
          : "not of type bytes";
        assertStringIncludes(rejects[0]!.message, says);
      }
    }
  }
});
