import { assertEquals } from "@std/assert";
import { expandEnvironment } from "../../../src/config/env.ts";

const VARIABLES: Record<string, string> = {
  USER: "me",
  TOKEN: "t0ken",
  EMPTY: "",
  DOLLAR: "${USER}",
};

function expand(value: unknown) {
  return expandEnvironment(value, (name) => VARIABLES[name]);
}

Deno.test("expansion replaces references in strings at any depth and nothing else", () => {
  const { value, missing, malformed } = expand({
    "${USER}": ["${USER}", { deep: "a ${USER} and ${TOKEN}" }],
    number: 1,
    none: null,
    yes: true,
  });
  assertEquals(value, {
    "${USER}": ["me", { deep: "a me and t0ken" }],
    number: 1,
    none: null,
    yes: true,
  });
  assertEquals([missing, malformed], [[], []]);
});

Deno.test("expansion leaves what is escaped and a lone dollar sign", () => {
  assertEquals(expand("$${USER} $5 $$ $").value, "${USER} $5 $$ $");
  assertEquals(expand("$${USER}-${USER}").value, "${USER}-me");
});

Deno.test("expansion does not look into what a variable holds", () => {
  assertEquals(expand("${DOLLAR}").value, "${USER}");
});

Deno.test("expansion names every variable that is missing or empty with its path", () => {
  const { value, missing } = expand({ a: "${NOT_SET}", b: { c: ["x", "${EMPTY} ${ALSO_NOT}"] } });
  assertEquals(missing, [
    { path: "a", message: "Environment variable NOT_SET is not set" },
    { path: "b.c.1", message: "Environment variable EMPTY is empty" },
    { path: "b.c.1", message: "Environment variable ALSO_NOT is not set" },
  ]);
  assertEquals(value, { a: "${NOT_SET}", b: { c: ["x", "${EMPTY} ${ALSO_NOT}"] } });
});

Deno.test("expansion finds references that are none", () => {
  const found = expand(["${", "${}", "${A B}", "${1A}", "${USER"]);
  assertEquals(found.malformed.map((issue) => issue.path), ["0", "1", "2", "3", "4"]);
  assertEquals(found.missing, []);
});

Deno.test("expansion tells what came from variables", () => {
  assertEquals(expand(["${TOKEN}", "${USER}:${TOKEN}", "plain"]).secrets, ["t0ken", "me"]);
});
