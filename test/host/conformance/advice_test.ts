import { assert, assertEquals } from "@std/assert";
import { adviceFor } from "../../../host/conformance/advice.ts";
import { conformanceGroups } from "../../../host/conformance/conformance.ts";

const failed = (group: string, message: string) =>
  adviceFor({ ...{ group, name: "a case", kind: "failed", message } });

Deno.test("advice: there is one for each group of cases", () => {
  for (const group of conformanceGroups()) assert(failed(group, ""), group);
});

Deno.test("advice: what the database says comes before what the case is about", () => {
  assert(failed("types", "database_failed: … (21000)")!.includes("{ordinal}"));
  assert(
    adviceFor({ group: "keys", name: "keys that are equal in any case are one", kind: "failed" })!
      .includes("--quirks"),
  );
  assert(failed("types", "left over: t")!.includes("{staging}"));
  assertEquals(failed("no such group", "whatever"), undefined);
});
