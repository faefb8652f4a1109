import { assertEquals } from "@std/assert";
import { messageOf, unexpectedError } from "../../../src/model/errors.ts";
import { missingPermission } from "../../../src/model/permission.ts";

Deno.test("a missing permission is told by the flag that grants it", async () => {
  // These tests have no permission at all.
  const tries: [act: () => unknown, sentence: string][] = [
    [() => Deno.readTextFileSync("nodes.ndjson"), "--allow-read=nodes.ndjson"],
    [() => Deno.readTextFileSync("a,b.ndjson"), "--allow-read=a,,b.ndjson"],
    [() => Deno.readTextFileSync("it's.ndjson"), `'--allow-read=it'\\''s.ndjson'`],
    [() => Deno.readTextFileSync("a\nb"), "'--allow-read=a?b'"],
    [() => Deno.writeTextFileSync("out", ""), "--allow-write=out"],
    [() => Deno.env.get("HOME"), "--allow-env=HOME"],
    [() => Deno.hostname(), "--allow-sys=hostname"],
    [() => fetch("http://localhost:8080"), "--allow-net=localhost:8080"],
    [() => Deno.makeTempDirSync(), "--allow-write"],
    [() => new Deno.Command("ls").outputSync(), "--allow-run=ls"],
    [() => Deno.dlopen("x.so", {}), "--allow-ffi=x.so"],
  ];
  for (const [act, sentence] of tries) {
    const error: unknown = await Promise.resolve().then(act).then(() => undefined, (e) => e);
    assertEquals(missingPermission(error), `Deno was not given ${sentence}`);
    assertEquals(messageOf(error), `Deno was not given ${sentence}`);
    const wrapped = new Error("outer", { cause: new Error("inner", { cause: error }) });
    assertEquals(missingPermission(wrapped), `Deno was not given ${sentence}`);
    const { code, blame, message } = unexpectedError(error, "Unexpected error");
    assertEquals([code, blame], ["permission_missing", "config"]);
    assertEquals(message, `A permission is missing: Deno was not given ${sentence}`);
  }
});

Deno.test("any other error stays what it is", () => {
  for (const error of [new Error("no such file"), new TypeError("Requires care"), "text", null]) {
    assertEquals(missingPermission(error), undefined);
  }
  assertEquals(unexpectedError(new Error("odd"), "Unexpected error").code, "bug");
});
