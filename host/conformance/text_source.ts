/** Records in memory as a source that is known again by its name, as a file is. */
import type { RecordFormat } from "../../src/model/batch.ts";
import type { Source } from "../sources/source.ts";

/** Lines of NDJSON. */
export function linesOf(name: string, lines: readonly string[]): Source {
  return textSource(name, { kind: "ndjson" }, lines.map((line) => `${line}\n`).join(""));
}

/** Lines of CSV behind their header. */
export function csvOf(name: string, [header = "", ...lines]: readonly string[]): Source {
  const format = { kind: "csv", delimiter: ",", header: header.split(","), nullText: "" } as const;
  return textSource(name, format, lines.map((line) => `${line}\n`).join(""));
}

function textSource(name: string, format: RecordFormat, text: string): Source {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    bytesTotal: bytes.length,
    async *parts() {
      let at = 0;
      yield {
        name,
        bytesTotal: bytes.length,
        open: () =>
          Promise.resolve({
            format,
            line: 1,
            byteOffset: 0,
            read: (into: Uint8Array) => {
              const piece = bytes.subarray(at, at + into.length);
              into.set(piece);
              at += piece.length;
              return Promise.resolve(piece.length === 0 ? undefined : piece.length);
            },
            bytesRead: () => at,
            close: () => Promise.resolve(),
          }),
      };
    },
  };
}
