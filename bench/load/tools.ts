/** Programs that the benchmark needs beside its own: found, else installed, else told to be absent. */

/** Program to the Debian package that brings it. */
const PACKAGE_OF = {
  psql: "postgresql-client",
  sqlite3: "sqlite3",
  pgloader: "pgloader",
  "sqlite-utils": "sqlite-utils",
  mariadb: "mariadb-client",
  node: "nodejs",
} as const;

/** A program that is not Deno's. */
export type ToolName = keyof typeof PACKAGE_OF;

/** A program, or why it is not there. */
export type Tool =
  | { readonly kind: "present"; readonly version: string }
  | { readonly kind: "absent"; readonly reason: string };

/** What was looked for. */
export type Tools = Readonly<Record<ToolName, Tool>>;

const INSTALL_TIMEOUT_MS = 180_000;
const VERSION_TIMEOUT_MS = 20_000;

/** Looks for every tool. What is missing is installed where apt-get is there and we may use it. */
export async function findTools(): Promise<Tools> {
  const found: [ToolName, Tool][] = [];
  for (const name of Object.keys(PACKAGE_OF) as ToolName[]) {
    found.push([name, await look(name) ?? await install(name)]);
  }
  return Object.fromEntries(found) as Record<ToolName, Tool>;
}

async function look(name: ToolName): Promise<Tool | undefined> {
  const answer = await run(name, ["--version"], VERSION_TIMEOUT_MS);
  if (answer?.success !== true) return undefined;
  const [, version] = /(\d+(?:\.\d+)+)/.exec(answer.out) ?? [];
  return { kind: "present", version: version ?? answer.out.split("\n")[0]! };
}

async function install(name: ToolName): Promise<Tool> {
  const absent = (reason: string): Tool => ({ kind: "absent", reason: `${name}: ${reason}` });
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return absent("not on this machine");
  console.error(`Installing ${PACKAGE_OF[name]}`);
  const args = ["install", "--yes", "--quiet", "--no-install-recommends", PACKAGE_OF[name]];
  const answer = await run("apt-get", args, INSTALL_TIMEOUT_MS);
  if (answer === undefined) return absent("not on this machine, which has no apt-get");
  if (!answer.success) return absent("not on this machine, and apt-get could not install it");
  return await look(name) ?? absent("installed, but it does not run");
}

interface Answer {
  readonly success: boolean;
  readonly out: string;
}

/** Undefined if the program is not there. */
async function run(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<Answer | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: [...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(timeoutMs),
    }).output();
    return { success, out: new TextDecoder().decode(stdout).trim() };
  } catch {
    return undefined;
  }
}
