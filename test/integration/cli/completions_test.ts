import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMAND_OPTIONS, COMMANDS } from "../../../host/cli/options/command_options.ts";
import { summaryOf } from "../../../host/cli/options/help.ts";
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
  [["help", "ver"], ["version"]],
];

const TRY = `source "$1"; shift
COMP_WORDS=(snakepipe "$@"); COMP_CWORD=$#; _snakepipe
printf '%s\\n' "\${COMPREPLY[@]}"`;

Deno.test("completions: bash offers commands, options, their values and files", async () => {
  await using place = await ProgramFolder.create({ "columns.json": "{}" });
  const { status, out } = await place.run(["completions", "bash"]);
  assertEquals(status, 0);
  await Deno.writeTextFile(place.path("snakepipe.bash"), out);
  for (const [words, offered] of TYPED) {
    const args = ["-c", TRY, "bash", "snakepipe.bash", ...words];
    const run = outcomeOf(
      await new Deno.Command("bash", { args, cwd: place.folder }).output(),
    );
    assertEquals([run.out.trim(), run.err], [offered.join("\n"), ""], words.join(" "));
  }
});

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
