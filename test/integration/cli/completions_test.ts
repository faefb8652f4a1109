import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMAND_OPTIONS, COMMANDS } from "../../../host/cli/options/command_options.ts";
import { summaryOf } from "../../../host/cli/options/help.ts";
import { testWhere } from "../../support/test_where.ts";
import { outcomeOf, ProgramFolder } from "./program.ts";

/** What is typed, and what a shell offers for the last word. */
const TYPED: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [["lo"], ["load", "loads"]],
  [["load", "--mo"], ["--mode"]],
  [["load", "--mode", ""], ["append", "upsert", "replace"]],
  [["load", "--mode", "=", "u"], ["upsert"]],
  [["load", "--format", "t"], ["tsv"]],
  [["load", "--schema", "col"], ["columns.json"]],
  [["load", "col"], ["columns.json"]],
  [["load", "--table", ""], []],
  [["config", ""], ["check", "schema"]],
  [["rejects", "r"], ["replay"]],
  [["run", "--j"], ["--jobs", "--json"]],
  [["run", ""], ["copies", "people"]],
  [["run", "people", "c"], ["copies"]],
  [["run", "--config", "other.jsonc", ""], ["elsewhere"]],
  [["run", "--config", "=", "other.jsonc", "e"], ["elsewhere"]],
  [["run", "--config", "none.jsonc", ""], []],
  [["load", "--to", ""], ["local", "warehouse"]],
  [["load", "--to", "=", "w"], ["warehouse"]],
  [["load", "--to", "local,w"], ["local,warehouse"]],
  [["help", "ver"], ["version"]],
];

/** Two configurations; what a shell could take for more than a name is none. */
const FILES = {
  "columns.json": "{}",
  "snakepipe.jsonc": JSON.stringify({
    backends: { local: {}, warehouse: {}, "$(touch hacked)": {} },
    loads: { copies: {}, people: {}, "a b": {}, "`touch hacked`": {} },
  }),
  "other.jsonc": '{ "loads": { "elsewhere": {}, }, } // as people write it',
};

/** The program, under the name that shells call it by. */
function programOf(place: ProgramFolder): string {
  return `snakepipe() { ${place.words([]).map((word) => `'${word}'`).join(" ")} "$@"; }`;
}

const TRY = `eval "$1"; source "$2"; shift 2
COMP_WORDS=(snakepipe "$@"); COMP_CWORD=$#; _snakepipe
printf '%s\\n' "\${COMPREPLY[@]}"`;

Deno.test("completions: bash offers commands, options, their values and files", async () => {
  await using place = await ProgramFolder.create(FILES);
  const { status, out } = await place.run(["completions", "bash"]);
  assertEquals(status, 0);
  await Deno.writeTextFile(place.path("snakepipe.bash"), out);
  for (const [words, offered] of TYPED) {
    const args = ["-c", TRY, "bash", programOf(place), "snakepipe.bash", ...words];
    const run = outcomeOf(
      await new Deno.Command("bash", { args, cwd: place.folder }).output(),
    );
    assertEquals([run.out.trim(), run.err], [offered.join("\n"), ""], words.join(" "));
  }
  assertEquals([...Deno.readDirSync(place.folder)].some(({ name }) => name === "hacked"), false);
});

/** Why a shell cannot be tried; undefined where it can. */
async function missingShell(name: string): Promise<string | undefined> {
  const found = await new Deno.Command(name, { args: ["--version"] }).output().catch(() => {});
  return found?.success ? undefined : `there is no ${name}`;
}

testWhere(
  await missingShell("fish"),
  "completions: fish offers names of the configuration",
  async () => {
    await using place = await ProgramFolder.create(FILES);
    const { out } = await place.run(["completions", "fish"]);
    await Deno.writeTextFile(place.path("snakepipe.fish"), out);
    const program = place.words([]).map((word) => `'${word}'`).join(" ");
    for (
      const [typed, offered] of [
        ["snakepipe run ", ["copies", "people"]],
        ["snakepipe run --config other.jsonc ", ["elsewhere"]],
        ["snakepipe load --to w", ["warehouse"]],
      ] as const
    ) {
      const script =
        `function snakepipe; ${program} $argv; end; source snakepipe.fish; complete -C "${typed}"`;
      const run = outcomeOf(
        await new Deno.Command("fish", { args: ["-N", "-c", script], cwd: place.folder }).output(),
      );
      const found = run.out.trim().split("\n").map((line) => line.split("\t")[0]);
      assertEquals(found, offered, typed + run.err);
    }
  },
);

testWhere(
  await missingShell("zsh"),
  "completions: zsh asks for names of the configuration",
  async () => {
    await using place = await ProgramFolder.create(FILES);
    const { out } = await place.run(["completions", "zsh"]);
    await Deno.writeTextFile(place.path("snakepipe.zsh"), out);
    // What zsh itself would do with what it is given is stood in for.
    const script = `compdef() { : }; compset() { : }; compadd() { print -l -- \${(P)2} }
    ${programOf(place)}; source ./snakepipe.zsh
    words=(run --config other.jsonc ''); _snakepipe_names loads
    words=(load --to ''); _snakepipe_names backends`;
    const run = outcomeOf(
      await new Deno.Command("zsh", { args: ["-f", "-c", script], cwd: place.folder }).output(),
    );
    assertEquals([run.out.trim().split("\n"), run.err], [["elsewhere", "local", "warehouse"], ""]);
  },
);

Deno.test("completions: zsh and fish are given every command and option", async () => {
  await using place = await ProgramFolder.create();
  for (const shell of ["zsh", "fish"]) {
    const { status, out } = await place.run(["completions", shell]);
    assertEquals(status, 0);
    for (const command of COMMANDS) {
      assertStringIncludes(out, summaryOf(command).replaceAll("'", `'\\''`));
      for (const { name } of COMMAND_OPTIONS[command]) {
        assertStringIncludes(out, shell === "fish" ? ` -l ${name} ` : `--${name}`);
      }
    }
  }
});

Deno.test("completions: every command has its line in the help", () => {
  for (const command of COMMANDS) assert(summaryOf(command) !== "", command);
});

Deno.test("completions: another shell is refused, and those that there are named", async () => {
  await using place = await ProgramFolder.create();
  const { status, err } = await place.run(["completions", "csh"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "takes the name of a shell: bash, zsh, fish");
});
