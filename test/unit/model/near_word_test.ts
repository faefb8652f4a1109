import { assertEquals } from "@std/assert";
import { nearWord } from "../../../src/model/near_word.ts";

/** What is written, and what is known; a star at the one that is meant. */
const CASES: readonly [written: string, known: string][] = [
  ["tabel", "*table mode key"],
  ["upsrt", "append *upsert replace"],
  ["UPSERT", "append *upsert replace"],
  ["insert", "append upsert replace"],
  ["limit", "audit quiet"],
  ["frist", "*first second"],
  ["nodesto", "*nodestore edges"],
  ["sauce", "*source table"],
  ["b", "a"],
  ["oracle", "nodestore edges"],
];

Deno.test("the word that is meant is one slip away, or begins alike", () => {
  for (const [written, words] of CASES) {
    const known = words.split(" ");
    const meant = known.find((word) => word.startsWith("*"))?.slice(1);
    const found = nearWord(written, known.map((word) => word.replace("*", "")));
    assertEquals(found, meant, written);
  }
});
