/** Files that are written to while ranges of them are read by whoever writes these. */
import { changeFile, CHANGES } from "../../support/changed_file.ts";
import { kindOf } from "../../support/target.ts";

for (const name of Object.keys(CHANGES)) {
  Deno.test(`ranges of a file: one ${name}`, () =>
    changeFile(kindOf("postgres"), name, { format: "ndjson", cut: "bytes" }));
}
