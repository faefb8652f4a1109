import { assertEquals } from "@std/assert";
import { ConformanceProgress } from "../../../host/cli/output/conformance_progress.ts";

/** What is told on a terminal or elsewhere; `heard` is called with each line. */
function terminalOf(live: boolean, heard: (line: string) => void) {
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    heard(line);
  };
  return { lines, terminal: { live, width: 40, say, redraw: say } };
}

const passed = (group: string, name = "a case") => ({ group, name, kind: "passed" }) as const;

Deno.test("conformance progress: a line for each group where there is no terminal, and a live one where there is", () => {
  for (const live of [false, true]) {
    const { lines, terminal } = terminalOf(live, () => {});
    const said = { ...terminal, ...(live ? {} : { redraw: () => {} }) };
    using progress = new ConformanceProgress(said, { total: 3 });
    progress.begin("Any 18.4");
    progress.follow(passed("shapes"));
    progress.follow({ ...passed("shapes"), kind: "failed" });
    progress.follow(passed("keys", "a case whose name is longer than a terminal is wide"));
    assertEquals(
      lines,
      live
        ? [
          ...["Trying 3 cases on Any 18.4", "1 of 3 cases: shapes: a case"],
          "2 of 3 cases, 1 failed: shapes: a case",
          "3 of 3 cases, 1 failed: keys: a case who",
        ]
        : ["Trying 3 cases on Any 18.4", "shapes: 2 cases, 1 failed", "keys: 1 case"],
    );
  }
});

Deno.test("conformance progress: a case that does not end is told once, with what to try", async () => {
  const told = Promise.withResolvers<string>();
  const { terminal } = terminalOf(false, (line) => {
    if (line.startsWith("Nothing")) told.resolve(line);
  });
  using progress = new ConformanceProgress(terminal, { total: 2, stallMs: 5, way: "Try that" });
  progress.begin("Any 1");
  assertEquals(
    await told.promise,
    "Nothing has come of the case in hand, the first, for 0 s. Try that",
  );
});
