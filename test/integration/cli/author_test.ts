/** `snakepipe new` and `snakepipe build`, by hand: from nothing to rows in a table. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makePipe } from "../../support/named_pipe.ts";
import { ProgramFolder, rowsText } from "./program.ts";

Deno.test("new, build, load and its own test: a plugin works as it was made", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  const made = await place.run(["new", "mine", "--family", "libsql"]);
  assertEquals([made.status, made.err], [0, ""]);
  assertStringIncludes(made.out, "six places, marked CHANGE, are yours");
  const built = await place.run(["build", "mine"]);
  assertEquals([built.status, built.err], [0, ""]);
  assertStringIncludes(built.out, "mine/dist/mine.wasm: plugin mine 0.1.0 for driver libsql");
  assertStringIncludes(built.out, "answered as they must be: it passes");
  const loaded = await place.run([
    ...["load", "rows.ndjson", "--plugins", "mine/dist", "--to", "mine:t.db", "--table", "t"],
  ]);
  assertEquals([loaded.status, loaded.err], [0, ""]);
  assertEquals(place.query("t.db", "SELECT count(*) FROM t"), [[3]]);
  const tested = await new Deno.Command(Deno.execPath(), {
    args: ["task", "test"],
    cwd: place.path("mine"),
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(tested.stdout) + new TextDecoder().decode(tested.stderr);
  assertEquals(tested.code, 0, text);
  assertStringIncludes(text, "1 passed (11 steps)");
});

Deno.test("build says what is wrong with a plugin, and exits with 1", async () => {
  await using place = await ProgramFolder.create();
  await place.run(["new", "mine", "--family", "libsql"]);
  const upsert = place.path("mine/assembly/upsert.ts");
  const text = await Deno.readTextFile(upsert);
  await Deno.writeTextFile(upsert, text.replace('DO UPDATE SET " + set', 'DO NOTHING"'));
  const losing = await place.run(["build", "mine"]);
  assertEquals(losing.status, 1);
  assertStringIncludes(
    losing.out,
    "NOTHING stands where UPDATE belongs: rows that do not fit would be lost",
  );
  assertEquals(losing.out.match(/It would fit as:/g)?.length, 1, "the lesson is there once");
  assertStringIncludes(losing.out, "it does not pass");
  await Deno.writeTextFile(upsert, text.replace("return dialect", "retrun dialect"));
  const broken = await place.run(["build", "mine"]);
  assertEquals(broken.status, 1);
  assertStringIncludes(broken.err, "mine/assembly/index.ts");
  assertStringIncludes(broken.err, "in upsert.ts(");
});

Deno.test("build sets right what names a snakepipe that has moved, and nothing else", async () => {
  await using place = await ProgramFolder.create();
  await place.run(["new", "mine", "--family", "libsql"]);
  const tasks = place.path("mine/deno.json");
  const made = await Deno.readTextFile(tasks);
  const program = /file:\/\/\S+\/snakepipe\.js/.exec(made)![0];
  const gone = program.replace(/[^/]+\/host\/dist\/snakepipe\.js$/, "gone/host/dist");
  const moved = made.replaceAll(program.replace("/snakepipe.js", ""), gone);
  assert(moved.includes(`${gone}/snakepipe.js`) && moved.includes(`${gone}/conformance.js`), moved);
  await Deno.writeTextFile(tasks, moved);
  const built = await place.run(["build", "mine"]);
  assertEquals(built.status, 0, built.err);
  assertStringIncludes(built.err, "named a snakepipe that is not there any more");
  assertEquals(await Deno.readTextFile(tasks), made);
  // One that is there is meant, whichever it is.
  await Deno.mkdir(place.path("other"));
  await Deno.writeTextFile(place.path("other/snakepipe.js"), "");
  const other = made.replaceAll(program, `file://${place.path("other/snakepipe.js")}`);
  await Deno.writeTextFile(tasks, other);
  assertEquals((await place.run(["build", "mine"])).err, "");
  assertEquals(await Deno.readTextFile(tasks), other);
});

Deno.test("build --watch hears of saves where a pipe lies among the sources", async () => {
  await using place = await ProgramFolder.create();
  await place.run(["new", "mine", "--family", "libsql"]);
  await makePipe(place.path("mine/assembly/pipe"));
  const child = place.start(["build", "mine", "--watch"]);
  const said = new Said(child);
  try {
    await said.until("Watching mine/assembly and mine/kit");
    const plan = place.path("mine/assembly/plan.ts");
    const text = await Deno.readTextFile(plan);
    await Deno.writeTextFile(
      plan,
      text.replace("PER_STATEMENT: i32 = 30", "PER_STATEMENT: i32 = 29"),
    );
    await said.until("  + rows a statement: 29");
    // The system tells of a pipe that is touched, and its watcher would open it.
    await Deno.utime(place.path("mine/assembly/pipe"), 1, 1);
    await Deno.writeTextFile(plan, text);
    await said.until("  + rows a statement: 30");
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await said.end();
  }
});

Deno.test("build --watch builds again after a save, and says what has changed in the plans", async () => {
  await using place = await ProgramFolder.create();
  await place.run(["new", "mine", "--family", "libsql"]);
  const child = place.start(["build", "mine", "--watch"]);
  const said = new Said(child);
  try {
    await said.until("Watching mine/assembly and mine/kit");
    const size = async () => (await Deno.stat(place.path("mine/dist/mine.wasm"))).size;
    const optimised = await size();
    const plan = place.path("mine/assembly/plan.ts");
    const text = await Deno.readTextFile(plan);
    await Deno.writeTextFile(
      plan,
      text.replace("PER_STATEMENT: i32 = 30", "PER_STATEMENT: i32 = 29"),
    );
    await said.until("  + rows a statement: 29");
    assertStringIncludes(
      said.text,
      "Changed: write_batch: append, one column\n  - rows a statement: 30",
    );
    await said.until("s after the save");
    await Deno.writeTextFile(plan, text.replace("class Plans", "clas Plans"));
    await said.until("Source does not compile");
    await Deno.writeTextFile(plan, text);
    await said.until("  + rows a statement: 30");
    // What is left there once no save comes is what build makes: it is optimised.
    for (let tries = 0; tries < 1_200 && await size() !== optimised; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assertEquals(await size(), optimised);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await said.end();
  }
});

for (
  const [what, args, says] of [
    ["no name", ["new", "--family", "libsql"], "takes one name"],
    ["no family", ["new", "mine"], "A family must be named"],
    ["a misspelt family", ["new", "mine", "--family", "libsq"], "did you mean libsql?"],
    [
      "another language",
      ["new", "mine", "--family", "libsql", "--lang", "zig"],
      "Expected assemblyscript, c or rust",
    ],
    ["no folder", ["build"], "takes the folder of one plugin"],
    ["a folder without a plugin", ["build", "."], "There is no plugin in ."],
    ["an object that never ends", ["build", ".", "--watch", "--json"], "exclude each other"],
  ] as const
) {
  Deno.test(`new and build refuse ${what}`, async () => {
    await using place = await ProgramFolder.create();
    const { status, err } = await place.run([...args]);
    assertEquals(status, 2, err);
    assertStringIncludes(err, says);
  });
}

/** What a program that goes on has said so far, on both streams. */
class Said {
  text = "";
  readonly #readers: Promise<void>[];
  #changed = Promise.withResolvers<void>();

  constructor({ stdout, stderr, stdin }: Deno.ChildProcess) {
    this.#readers = [stdout, stderr].map(async (stream) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) {
        this.text += text;
        this.#changed.resolve();
      }
    });
    this.#readers.push(stdin.close());
  }

  /** Waits until it has said so, behind what was waited for before. */
  async until(words: string): Promise<void> {
    const deadline = setTimeout(() => this.#changed.reject(new Error(this.text)), 60_000);
    try {
      while (!this.text.includes(words)) {
        await this.#changed.promise;
        this.#changed = Promise.withResolvers();
      }
    } finally {
      clearTimeout(deadline);
    }
    assert(this.text.includes(words));
  }

  async end(): Promise<void> {
    await Promise.all(this.#readers);
  }
}
