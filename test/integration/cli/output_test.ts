/** Standard output and standard error that cannot be written: told once, in a sentence, and no defect. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ProgramFolder, rowsText } from "./program.ts";

/** What every write fails on for want of room. */
const FULL = "/dev/full";
const FULL_SAID = "snakepipe: Standard output cannot be written: no space left on device\n";
const LOAD = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t"];

/** Runs it by a shell, since only a shell sets up streams as people do. */
async function shell(place: ProgramFolder, args: readonly string[], streams: string) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `"$@" ${streams}`, "bash", ...place.words(args)],
    cwd: place.folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
}

function placeOf(): Promise<ProgramFolder> {
  return ProgramFolder.create({
    "a.ndjson": rowsText(3),
    "snakepipe.jsonc": JSON.stringify({
      loads: { one: { source: "a.ndjson", table: "t", to: "libsql:r.db" } },
    }),
  });
}

Deno.test("standard output that is full is told in a sentence, with what is committed all the same", async () => {
  await using place = await placeOf();
  for (
    const [args, said] of [
      [LOAD, /^snakepipe: The load is complete all the same: 3 rows are committed to t\n$/],
      [[...LOAD, "--json"], /^snakepipe: The load is complete all the same: 0 rows are .*\n$/],
      [["run"], /^snakepipe: 1 of 1 load complete\n$/],
      [["run", "--json"], /^snakepipe: 1 of 1 load complete\n$/],
    ] as const
  ) {
    const { status, err } = await shell(place, args, `> ${FULL}`);
    assertEquals(status, 1, err);
    assert(err.startsWith(FULL_SAID), err);
    assertMatch(err.slice(FULL_SAID.length), said);
  }
  assertEquals(place.query("t.db", "SELECT count(*) AS n FROM t"), [[3]]);
});

Deno.test("whatever a command prints, standard output that is full ends it with 1 and one sentence", async () => {
  await using place = await placeOf();
  const commands = [
    ["--version"],
    ["run", "--help"],
    ["backends"],
    ["backends", "--json"],
    ["doctor", "--json"],
    ["config", "check", "snakepipe.jsonc"],
    ["config", "schema"],
    ["completions", "bash"],
    [...LOAD, "--dry-run"],
  ];
  for (const args of commands) {
    const { status, err } = await shell(place, args, `> ${FULL}`);
    assertEquals([status, err], [1, FULL_SAID], args.join(" "));
  }
  const failed = await shell(place, ["load", "--json", "no.ndjson", ...LOAD.slice(2)], `> ${FULL}`);
  assertEquals(failed.status, 2, "what was wrong before stays the status");
  assert(failed.err.endsWith(FULL_SAID) && failed.err.includes("no.ndjson"), failed.err);
});

Deno.test("standard error that is full changes nothing else, and neither does a reader that is gone", async () => {
  await using place = await placeOf();
  const noted = await shell(place, [...LOAD, "--json"], `2> ${FULL}`);
  assertEquals([noted.status, JSON.parse(noted.out).committed], [0, 3]);
  assertEquals((await shell(place, ["nonsense"], `2> ${FULL}`)).status, 2);
  assertEquals((await shell(place, ["backends", "--json"], `> ${FULL} 2>&1`)).status, 1);
  const gone = await shell(place, ["run", "--help"], "| true; exit ${PIPESTATUS[0]}");
  assertEquals([gone.status, gone.err], [0, ""]);
});

Deno.test("the number of rejects that is advised is larger than what is known to be rejected", async () => {
  const bad = (id: number) => id % 10 === 0 ? `{"id":"x${id}"}` : `{"id":${id}}`;
  const rows = Array.from({ length: 6_000 }, (_, id) => bad(id + 1)).join("\n");
  const schema = '{ "columns": [{ "name": "id", "type": "int64" }] }';
  await using place = await ProgramFolder.create({ "a.ndjson": rows, "s.json": schema });
  const load = [...LOAD, "--batch-rows", "500", "--schema", "s.json"];
  const advised = async (...limit: string[]) => {
    const { status, err } = await place.run([...load, ...limit]);
    assertEquals(status, 3, err);
    return Number(/leave them out and keep them: --max-rejects (\d+) /.exec(err)?.[1] ?? err);
  };
  assertEquals(await advised(), 100, "50 in the first batch");
  const limited = await advised("--max-rejects", "5%", "--rejects", "r.ndjson");
  assertEquals(limited, 1_000, "500 may be left out, and 50 come in each batch");
  const after = await place.run([...load, "--max-rejects", `${limited}`, "--rejects", "r.ndjson"]);
  assertEquals(after.status, 0, after.err);
});
