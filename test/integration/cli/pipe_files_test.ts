/** Files that people name and that are pipes: what is written there is read once, and a signal ends the waiting. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makePipe } from "../../support/named_pipe.ts";
import { outcomeOf, ProgramFolder, rowsText } from "./program.ts";

const SCHEMA =
  '{ "columns": [{ "name": "id", "type": "int64" }, { "name": "name", "type": "text" }] }';
const CONFIG = JSON.stringify({
  loads: { one: { source: "a.ndjson", table: "t", to: "libsql:t.db" } },
});
const LOAD = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t"];

/** Commands that read a file by its name, which is the last word. */
const READERS: readonly (readonly string[])[] = [
  ["config", "check"],
  ["doctor", "--config"],
  [...LOAD, "--config"],
  [...LOAD, "--schema"],
  ["load", "a.ndjson", "--table", "t", "--to", "libsql://localhost:1", "--set"],
];

async function placeWithPipe(): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({ "a.ndjson": rowsText(3), "c": CONFIG, "s": SCHEMA });
  await makePipe(place.path("pipe"));
  return place;
}

for (const words of READERS) {
  Deno.test(`${words[0]} ${words.at(-1)}: a pipe without a word in it is waited for until the first signal`, async () => {
    await using place = await placeWithPipe();
    const name = words.at(-1) === "--set" ? "authTokenFile=pipe" : "pipe";
    const child = place.start([...words, name]);
    const output = child.output();
    // Opens once somebody reads there, who then waits.
    using _pipe = await Deno.open(place.path("pipe"), { write: true });
    child.kill("SIGINT");
    const { signal, code } = await output;
    assert(signal === "SIGINT" || code === 130, `${signal} ${code}`);
    await child.stdin.close();
  });
}

Deno.test("what process substitution gives is read as a file is, however often it is needed", async () => {
  await using place = await placeWithPipe();
  const shell = async (text: string, args: readonly string[]) => {
    const command = new Deno.Command("bash", {
      args: ["-c", `"$@" <(cat ${text})`, "bash", ...place.words(args)],
      cwd: place.folder,
      env: { NO_COLOR: "1" },
    });
    return outcomeOf(await command.output());
  };
  const doctor = await shell("c", ["doctor", "--config"]);
  assertEquals(doctor.status, 0, doctor.err);
  assertStringIncludes(doctor.out, "loads.one: Its first records are read");
  const run = await shell("c", ["run", "--config"]);
  assertEquals(run.status, 0, run.err);
  assertEquals(place.query("t.db", "SELECT count(*) FROM t"), [[3]]);
  const schema = await shell("s", [...LOAD.slice(0, -1), "u", "--schema"]);
  assertEquals(schema.status, 0, schema.err);
});
