/** Files that are written to while ranges of them are read by whoever writes these. */
import { changeFile, CHANGES } from "../../support/changed_file.ts";
import { kindOf } from "../../support/target.ts";

for (const name of Object.keys(CHANGES)) {
  for (const format of ["ndjson", "csv"] as const) {
    Deno.test(`ranges of a file of ${format}: one ${name}`, () =>
      changeFile(kindOf("postgres"), name, { format, cut: "bytes" }));
  }
}
