/** Rows of CSV that were rejected, as objects and back: every field finds its column again. */
import { assertEquals } from "@std/assert";
import { csvRecordOf } from "../../../host/rejects/csv_row.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function recordOf(text: string) {
  const { format, bytes } = csvRecordOf(encoder.encode(text));
  return { format, text: decoder.decode(bytes) };
}

Deno.test("a row of CSV goes back as a record of CSV", () => {
  const { format, text } = recordOf('{"id":"1","note":"a \\"b\\"","empty":""}');
  assertEquals(format.kind === "csv" && format.header, ["id", "note", "empty"]);
  assertEquals(text, '"1","a ""b""",""');
});

Deno.test("a name with an escape keeps its field beside one that ends in a backslash", () => {
  // Once it has met such a name, V8 reads an escaped one in its place as if it were that.
  recordOf('{"x":"1","\\\\":"2"}');
  const row = '{"x":"1","\\u0001":"2"}';
  const { format, text } = recordOf(row);
  if (format.kind === "csv") assertEquals([format.header, text], [["x", "\u0001"], '"1","2"']);
  else assertEquals(text, row);
});
