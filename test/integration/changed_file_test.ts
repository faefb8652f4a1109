/** Files that are written to while they are read: of each format into two families, and so into all. */
import { changeFile, CHANGES } from "../support/changed_file.ts";
import { inTurn } from "../support/in_turn.ts";
import { TARGET_KINDS } from "../support/target.ts";

for (const [at, format] of (["ndjson", "csv"] as const).entries()) {
  for (const [i, name] of Object.keys(CHANGES).entries()) {
    for (const kind of inTurn(TARGET_KINDS, { number: at + i, family: ({ family }) => family })) {
      Deno.test(`file of ${format} into ${kind.name}: one ${name}`, () =>
        changeFile(kind, name, { format, cut: "rows" }));
    }
  }
}
