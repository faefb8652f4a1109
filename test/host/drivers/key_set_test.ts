import { assertEquals } from "@std/assert";
import { KeySet } from "../../../host/drivers/sql/key_set.ts";

const KEY = [{ name: "k", type: "text", nullable: false, key: true }] as const;

Deno.test("KeySet tells texts apart by their bytes", () => {
  const keys = new KeySet(KEY);
  keys.add(["a", "a ", "A", "a"], 4);
  assertEquals(keys.size, 3);
});

Deno.test("KeySet takes blanks at the end for nothing where texts are padded", () => {
  const keys = new KeySet(KEY, { padded: true });
  keys.add(["a", "a ", "A", "a\t", " a", "a  "], 6);
  assertEquals(keys.size, 4);
  const both = [...KEY, { ...KEY[0], name: "l" }];
  const pairs = new KeySet(both, { padded: true });
  pairs.add(["a", "b ", "a ", "b", "a", " b"], 3);
  assertEquals(pairs.size, 2);
});
