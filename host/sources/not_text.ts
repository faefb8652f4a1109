/** What a file is whose bytes are none of a text in UTF-8, as far as its first ones tell. */
import { isGzip } from "./input.ts";

/** First bytes, and what has them. */
const MARKS: readonly (readonly [string, string])[] = [
  ["%PDF-", "PDF"],
  ["PK\x03\x04", "a zip archive, as .xlsx and .docx are too"],
  ["SQLite format 3\0", "an SQLite database"],
  ["BZh", "bzip2; decompress it first"],
  ["\x28\xb5\x2f\xfd", "Zstandard; decompress it first"],
  ["\xfd7zXZ\0", "xz; decompress it first"],
  ["PAR1", "Parquet"],
  ["\x89PNG", "an image"],
];

/** Words that a text may begin with: behind them has to stand what no text has. */
const AMBIGUOUS = ["BZh", "PAR1"];

/** Says what the bytes are, for behind "it is"; undefined where they may be text in UTF-8. */
export function notText(head: Uint8Array): string | undefined {
  if (isGzip(head)) return "gzip within gzip; decompress it once";
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return UTF_16;
  // Every second byte of the first two characters: no text has U+0000 so.
  if (a && b === 0 && c && d === 0 || a === 0 && b && c === 0 && d) return UTF_16;
  const start = head.subarray(0, 64);
  const first = String.fromCharCode(...start);
  const binary = start.some((byte) => byte < 0x09 || byte >= 0x80);
  return MARKS.find(([mark]) => first.startsWith(mark) && (binary || !AMBIGUOUS.includes(mark)))
    ?.[1];
}

const UTF_16 = "UTF-16; convert it to UTF-8, as with iconv -f UTF-16 -t UTF-8";
