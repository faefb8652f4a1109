/** README's table of what each database does is what the suite says. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { matrixColumns, readmeWithMatrix, supportMatrix } from "./support_matrix.ts";

Deno.test("matrix: README has the one that the suite's cases and quirks come to; else deno task matrix", async () => {
  const { is, should } = await readmeWithMatrix();
  assertEquals(is, should);
});

Deno.test("matrix: a quirk is a footnote, and a row of nothing else is not supported", async () => {
  const [column] = await matrixColumns();
  const why = "It was made for this test";
  const quirks = {
    "rules: a replace with the rows that others refer to changes nothing of them": {
      is: null,
      why,
    },
  };
  const matrix = supportMatrix([{ ...column!, quirks }]);
  assertStringIncludes(matrix, "| replace of a table that others refer to | no <sup>1</sup> |\n");
  assertStringIncludes(matrix, "| as many columns as a table can have, or 1,600 | yes |\n");
  assertStringIncludes(matrix, `\n1. ${why}.\n`);
});
