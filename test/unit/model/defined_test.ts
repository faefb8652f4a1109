import { assertEquals } from "@std/assert";
import { defined } from "../../../src/model/defined.ts";

Deno.test("defined keeps null, false, zero and empty texts, and no member that is undefined", () => {
  const found = defined({ a: undefined, b: null, c: false, d: 0, e: "" });
  assertEquals(Object.keys(found), ["b", "c", "d", "e"]);
  assertEquals(found, { b: null, c: false, d: 0, e: "" });
});
