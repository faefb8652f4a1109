import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ProgramFolder, rowsText } from "./program.ts";

const LOAD = ["load", "rows.ndjson", "--to", "libsql:t.db", "--audit", "audit.ndjson", "--fresh"];
const VERIFY = ["audit", "verify", "audit.ndjson"];

Deno.test("audit verify tells that a log of several loads is as it was written, and its head", async () => {
  await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(30) });
  for (let i = 0; i < 2; i++) assertEquals((await program.run(LOAD)).status, 0);
  const { status, out } = await program.run(VERIFY);
  assertEquals(status, 0);
  const lines = (await Deno.readTextFile(program.path("audit.ndjson"))).trimEnd().split("\n");
  assertStringIncludes(out, `audit.ndjson: ${lines.length} records of the chain, all as they`);
  assertMatch(out, new RegExp(`^Head: [0-9a-f]{64}, number ${lines.length}$`, "m"));
  const told = JSON.parse((await program.run([...VERIFY, "--json"])).out);
  assertEquals(told.state, "intact");
  assertEquals(told.problems, []);
  assertEquals((await program.run(LOAD)).status, 0);
  const later = await program.run([...VERIFY, "--head", told.head.hash]);
  assertEquals(later.status, 0);
  await Deno.writeTextFile(program.path("audit.ndjson"), lines.slice(0, -1).join("\n") + "\n");
  const cut = await program.run([...VERIFY, "--head", told.head.hash]);
  assertEquals(cut.status, 1);
  assertStringIncludes(
    cut.out,
    `Line ${lines.length - 1}: missing: no record of the file is the head`,
  );
});

Deno.test("audit verify names the line of what was changed, removed, moved and cut off", async () => {
  await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  assertEquals((await program.run(LOAD)).status, 0);
  const path = program.path("audit.ndjson");
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  const verdictOf = async (tampered: readonly string[], end = "\n") => {
    await Deno.writeTextFile(path, tampered.join("\n") + end);
    const [people, programs] = [
      await program.run(VERIFY),
      await program.run([...VERIFY, "--json"]),
    ];
    assertEquals(programs.status, people.status);
    const { state, problems } = JSON.parse(programs.out);
    for (const { line, kind, message } of problems) {
      assertStringIncludes(people.out, `Line ${line}: ${kind}: ${message}\n`);
    }
    return {
      status: people.status,
      state,
      kinds: problems.map((p: { kind: string }) => p.kind),
      out: people.out,
    };
  };
  const changed = await verdictOf(lines.with(1, lines[1]!.replace('"event":"', '"event":"x')));
  assertEquals([changed.status, changed.state, changed.kinds], [1, "broken", ["changed"]]);
  assertStringIncludes(changed.out, "Line 2: changed: ");
  assertEquals((await verdictOf(lines.toSpliced(1, 1))).kinds, ["missing"]);
  assertEquals((await verdictOf([lines[1]!, lines[0]!, ...lines.slice(2)])).kinds, ["reordered"]);
  const torn = await verdictOf([...lines.slice(0, -1), lines.at(-1)!.slice(0, 50)], "");
  assertEquals([torn.status, torn.state, torn.kinds], [0, "intact", []]);
  assertStringIncludes(
    torn.out,
    `Line ${lines.length}: cut off: a program was ended as it wrote it`,
  );
});

Deno.test("audit verify says of a log without a chain that there is none, and refuses other words", async () => {
  const old = '{"time":"2026-01-01T00:00:00.000Z","event":"backend_created","backend":"libsql"}\n';
  await using program = await ProgramFolder.create({
    "audit.ndjson": old,
    "rows.ndjson": rowsText(1),
  });
  const before = await program.run(VERIFY);
  assertEquals(before.status, 0);
  assertStringIncludes(before.out, "audit.ndjson: there is no chain in it");
  assertEquals((await program.run(LOAD)).status, 0);
  const after = await program.run(VERIFY);
  assertStringIncludes(after.out, "Unchained: 1 line at the start, from before there was a chain");
  for (const words of [[], ["verify"], ["look", "a"], ["verify", "a", "b"]]) {
    const { status, err } = await program.run(["audit", ...words]);
    assertEquals(status, 2);
    assertStringIncludes(err, "snakepipe audit takes verify and one file");
  }
  const head = await program.run([...VERIFY, "--head", "abc"]);
  assertStringIncludes(head.err, "--head: Expected a SHA-256 of 64 hex digits");
  const gone = await program.run(["audit", "verify", "no.ndjson"]);
  assertEquals(gone.status, 2);
  assertStringIncludes(gone.err, "Audit log cannot be read: no.ndjson: it is not there");
});
