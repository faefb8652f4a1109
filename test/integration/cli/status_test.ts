/** `snakepipe status`: what it says of programs that load beside it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ToldProgram } from "../../../host/observe/running/told_program.ts";
import { eventually } from "../../support/eventually.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { TARGET_KINDS } from "../../support/target.ts";
import { ProgramFolder, rowsText, toWords } from "./program.ts";

// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

interface LedgerLoad {
  readonly id: string;
  readonly committed: number;
  readonly process?: { readonly pid: number; readonly state: string };
}

interface Told {
  readonly programs: readonly (ToldProgram & { readonly state: string })[];
  readonly ledger?: {
    readonly endpoint: string;
    readonly loads: readonly LedgerLoad[];
    readonly error?: string;
  };
}

/** A folder with programs that tell nobody else of their loads. */
class Watched implements AsyncDisposable {
  readonly program: ProgramFolder;
  readonly env: Record<string, string>;

  constructor(program: ProgramFolder) {
    this.program = program;
    this.env = { SNAKEPIPE_STATUS_DIR: program.path("status") };
  }

  static async create(files: Readonly<Record<string, string>> = {}): Promise<Watched> {
    return new Watched(await ProgramFolder.create(files));
  }

  /** Names of the status files; undefined where nobody has made their folder. */
  files(): string[] | undefined {
    try {
      return [...Deno.readDirSync(this.program.path("status"))].map(({ name }) => name);
    } catch {
      return undefined;
    }
  }

  run(...words: readonly string[]) {
    return this.program.run(words, { env: this.env });
  }

  async told(...words: readonly string[]): Promise<Told & { readonly exit: number }> {
    const { status, out, err } = await this.run("status", "--json", ...words);
    assertEquals(err, "");
    return { ...JSON.parse(out), exit: status };
  }

  /** A load of standard input, which goes on until that ends. */
  load(...words: readonly string[]): RunningLoad {
    return new RunningLoad(this.program.start(["load", "-", ...words], this.env));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.program[Symbol.asyncDispose]();
  }
}

class RunningLoad implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly output: Promise<Deno.CommandOutput>;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.output = child.output();
  }

  get pid(): number {
    return this.#child.pid;
  }

  give(text: string): Promise<void> {
    return this.#writer.write(new TextEncoder().encode(text));
  }

  async end(): Promise<number> {
    await this.#writer.close();
    return (await this.output).code;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill().catch(() => {});
    await this.#writer.close().catch(() => {});
  }
}

for (const kind of TARGET_KINDS) {
  Deno.test(`status, ${kind.name}: a load is seen while it runs, as the ledger has it, and as killed once`, () =>
    kind.use(async (target) => {
      await using watched = await Watched.create();
      const to = toWords(target.config);
      await using load = watched.load(...to, "--table", "t", "--batch-rows", "10", "--load", "l");
      // What is in no batch that is full is not in yet.
      await load.give(rowsText(25));
      const seen = await eventually("20 rows are durable", async () => {
        const { programs } = await watched.told();
        return programs[0]?.loads[0]?.run?.committed === 20 && programs[0];
      });
      assertEquals([seen.state, seen.program, seen.pid], ["running", "load", load.pid]);
      const [only] = seen.loads;
      assertEquals([only?.state, only?.source, only?.table], ["running", "-", "t"]);
      assertEquals(only?.run?.batches, 2);
      const password = new URL(target.config.url).password;
      assert(password === "" || !only!.endpoint!.includes(password), "no password");
      const { ledger, exit, programs } = await watched.told(...to);
      assertEquals(exit, 0);
      assertEquals(programs.map(({ pid }) => pid), [load.pid]);
      if (ledger!.error === undefined) {
        const [row] = ledger!.loads;
        assertEquals([row?.id, row?.committed], [only!.run!.load!.id, 20]);
        assertEquals(row?.process, { pid: load.pid, state: "running" });
        // Who writes there may have the database to itself.
      } else assertMatch(ledger!.error, new RegExp(`process ${load.pid}\\b.*has the file open`));
      await load.kill();
      const byLedger = await watched.told(...to);
      assertEquals(byLedger.ledger?.loads.map(({ process }) => process), [
        { pid: load.pid, state: "killed" },
      ]);
      assertEquals([byLedger.exit, watched.files()], [1, []]);
      const again = await watched.told(...to);
      assertEquals(again.ledger?.loads.map(({ committed, process }) => [committed, process]), [
        [20, undefined],
      ]);
      assertEquals([again.exit, again.programs], [0, []]);
      const { out } = await watched.run("status", ...to);
      assertStringIncludes(out, "20 rows committed, 2 batches");
      assertStringIncludes(out, "no program of yours on this machine has it");
    }));
}

Deno.test("status: what was killed is shown with what was durable, and a load that goes on with what was in", async () => {
  await using watched = await Watched.create();
  const words = ["--to", "libsql:t.db", "--table", "t", "--batch-rows", "10", "--load", "l"];
  {
    await using load = watched.load(...words);
    await load.give(rowsText(30));
    await eventually("it is told", async () => {
      return (await watched.told()).programs[0]?.loads[0]?.run?.committed === 30;
    });
    await load.kill();
    const { status, out } = await watched.run("status");
    assertEquals(status, 1);
    assertMatch(out, /^Process \d+, snakepipe load in \S+: killed; it was last seen at /);
    assertStringIncludes(out, "30 rows committed, 3 batches");
    const none = await watched.run("status");
    assertEquals([none.status, none.out], [0, "No load of yours is running on this machine\n"]);
  }
  await using load = watched.load(...words);
  await load.give(rowsText(50));
  const run = await eventually("it goes on", async () => {
    const run = (await watched.told()).programs[0]?.loads[0]?.run;
    return run?.committed === 20 && run;
  });
  assertEquals([run.committedBefore, run.batches], [30, 2]);
  assertEquals(await load.end(), 0);
  assertEquals(watched.files(), []);
});

Deno.test("status: a load that is over in half a second, and one that changes nothing, tell nothing", async () => {
  await using watched = await Watched.create({ "a.ndjson": rowsText(10) });
  const load = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t"];
  assertEquals((await watched.run(...load, "--dry-run")).status, 0);
  const { status, err } = await watched.run(...load);
  assertEquals([status, err], [0, ""]);
  // On a machine that is slow, it may have been made and cleaned up.
  assertEquals(watched.files() ?? [], []);
});

Deno.test("status: hostile names stand in one line and do nothing, and are exact as JSON", async () => {
  const table = '"<script>\u001b[2Jx\u202e\u009b"';
  const load = "a\u001b]0;x\u0007\nb";
  await using watched = await Watched.create();
  const source = "p\u001b]0;x\u0007\nq.ndjson";
  await makePipe(watched.program.path(source));
  const child = watched.program.start(
    ["load", source, "--to", "libsql:t.db", "--table", table, "--load", load],
    watched.env,
  );
  const output = child.output();
  try {
    const [only] = await eventually("it is told", async () => {
      const { programs } = await watched.told();
      return programs[0]?.loads;
    });
    assertEquals([only?.source, only?.table], [source, table.slice(1, -1)]);
    const shown = await watched.run("status");
    for (const line of shown.out.split("\n")) assert(!CONTROLS.test(line), JSON.stringify(line));
    assertEquals(shown.out.trim().split("\n").length, 3);
    assertStringIncludes(shown.out, "p\\u{1b}]0;x\\u{7}\\u{a}q.ndjson to libsql:");
    const told = await watched.run("status", "--json");
    for (const line of told.out.split("\n")) assert(!CONTROLS.test(line), JSON.stringify(line));
  } finally {
    child.kill("SIGKILL");
    await output;
    await child.stdin.close().catch(() => {});
  }
});

Deno.test("status --watch on a pipe prints a block a second, as JSON a line, and ends with its reader", async () => {
  await using watched = await Watched.create();
  const cases: [words: string[], line: RegExp][] = [
    [["status", "--watch"], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/],
    [["status", "--watch", "--json"], /^\{"at":"[^"]*","programs":\[\],"unknown":0\}$/],
  ];
  for (const [words, expected] of cases) {
    const child = watched.program.start(words, watched.env);
    await child.stdin.close();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const blocks = () => text.split("\n").filter((line) => expected.test(line)).length;
    while (blocks() < 2) text += (await reader.read()).value ?? "";
    await reader.cancel();
    assertEquals((await child.status).code, 0);
    await child.stderr.cancel();
  }
});

Deno.test("status --watch on a terminal has its other screen, and gives it back at Ctrl-C", async () => {
  await using watched = await Watched.create();
  await using load = watched.load("--to", "libsql:t.db", "--table", "t", "--batch-rows", "10");
  await load.give(rowsText(20));
  await eventually("it is told", () => watched.files()?.some((name) => !name.startsWith(".")));
  const words = watched.program.words(["status", "--watch"]).map((word) => `'${word}'`).join(" ");
  // Job control gives what runs in the background a Ctrl-C of its own.
  const command = `stty cols 40 rows 3; ${words} & pid=$!; ` +
    "while [ ! -e stop ]; do sleep 0.05; done; kill -INT $pid; wait $pid";
  const child = new Deno.Command("script", {
    args: ["-qec", `bash -mc "${command.replaceAll("$", "\\$")}"`, "/dev/null"],
    cwd: watched.program.folder,
    env: watched.env,
    ...{ stdin: "null", stdout: "piped", stderr: "null" },
  }).spawn();
  let screen = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    screen += text;
    const isDrawn = screen.includes("snakepipe load") && screen.endsWith("\x1b[J");
    if (isDrawn) await Deno.writeTextFile(watched.program.path("stop"), "");
  }
  assertEquals((await child.status).code, 130, screen);
  const [whole = "", after] = screen.split("\x1b[?7h\x1b[?25h\x1b[?1049l");
  assert(after !== undefined && !after.includes("\x1b["), JSON.stringify(after));
  const [before = "", ...frames] = whole.split("\x1b[H");
  assertStringIncludes(before, "\x1b[?1049h");
  for (const frame of frames) {
    const lines = frame.split("\x1b[J")[0]!.split(/\r+\n/);
    assert(lines.length <= 3, frame);
    const longest = Math.max(...lines.map((line) => line.replaceAll("\x1b[K", "").length));
    assert(longest <= 40, JSON.stringify(frame));
  }
  assertStringIncludes(frames[0]!, `Process ${load.pid}, snakepipe load`);
  assertStringIncludes(frames[0]!, "… 2 more lines");
});

Deno.test("status: loads of a configuration have their names, and those of serve their states", async () => {
  await using watched = await Watched.create({
    "snakepipe.jsonc": JSON.stringify({
      backends: { db: { type: "libsql", url: "libsql:t.db" } },
      default: "db",
      loads: {
        soon: { source: "missing-*.ndjson", table: "t", watch: true },
        never: { source: "a.ndjson", table: "t" },
      },
    }),
    "a.ndjson": rowsText(1),
  });
  const child = watched.program.start(["serve", "--listen", "127.0.0.1:0"], watched.env);
  const output = child.output();
  try {
    const seen = await eventually("it is told", async () => {
      const [program] = (await watched.told()).programs;
      return program?.loads[0]?.state === "waiting" && program;
    });
    assertEquals([seen.program, seen.idle], ["serve", 1]);
    assertMatch(seen.api!, /^http:\/\/127\.0\.0\.1:\d+$/);
    assertEquals(seen.loads.map(({ name, state }) => [name, state]), [["soon", "waiting"]]);
    const { out } = await watched.run("status");
    assertStringIncludes(out, "  soon: missing-*.ndjson: waiting: ");
    assertStringIncludes(out, "  1 load with nothing to do\n");
  } finally {
    child.kill("SIGTERM");
    await child.stdin.close();
  }
  assertEquals((await output).code, 0);
  assertEquals(watched.files(), []);
});

Deno.test("status: a folder that is not its user's alone is refused, and the load does without", async () => {
  await using watched = await Watched.create();
  await Deno.mkdir(watched.program.path("other"));
  await Deno.symlink(watched.program.path("other"), watched.program.path("status"));
  {
    await using load = watched.load("--to", "libsql:t.db", "--table", "t", "--batch-rows", "10");
    await load.give(rowsText(10));
    await eventually("it is in", async () => {
      const { out } = await watched.run("loads", "--to", "libsql:t.db", "--json");
      return JSON.parse(out).loads[0]?.committed === 10;
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assertEquals(await load.end(), 0);
  }
  assertEquals([...Deno.readDirSync(watched.program.path("other"))], []);
  const { status, err } = await watched.run("status");
  assertEquals(status, 2);
  assertMatch(err, /^snakepipe: Programs tell nothing of their loads in \S+: it is no folder/);
});
