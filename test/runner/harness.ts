/**
 * Runs the tests of one file in a process of `deno run`. A process of `deno test` writes 80 MB of memory
 * before it reads a file, an array for benchmarks, and caches no compiled code: half a second of CPU for
 * each of 250 files. What is known here of `Deno.test` is what our tests use of it; anything else is an
 * error. A file runs by `deno test` just as well.
 */
import type { FileReport } from "./file_report.ts";

type TestFunction = (context: Deno.TestContext) => void | Promise<void>;

interface DeclaredTest {
  readonly name: string;
  readonly fn: TestFunction;
  readonly ignore: boolean;
}

const declared: DeclaredTest[] = [];
const hooks: (() => void | Promise<void>)[] = [];

/** Takes the place of `Deno.test`, so this module has to be read before the file. */
Object.assign(Deno, {
  test: Object.assign(
    (first: string | Deno.TestDefinition, second?: unknown, ...more: unknown[]) => {
      declared.push(typeof first === "string" ? named(first, second, more) : defined(first));
    },
    { afterAll: (fn: () => void | Promise<void>) => void hooks.push(fn) },
  ),
});

function named(name: string, fn: unknown, more: readonly unknown[]): DeclaredTest {
  if (typeof fn !== "function" || more.length > 0) throw unknownTo(name);
  return { name, fn: fn as TestFunction, ignore: false };
}

function defined({ name, fn, ignore = false, ...rest }: Deno.TestDefinition): DeclaredTest {
  if (Object.keys(rest).length > 0) throw unknownTo(name);
  return { name, fn, ignore };
}

function unknownTo(name: string): Error {
  return new Error(`Test is declared in a way that test/runner/harness.ts does not know: ${name}`);
}

/**
 * Runs what was declared, in its order, and ends the process. The last line is the report as JSON, behind
 * the mark.
 */
export async function runTests(mark: string): Promise<never> {
  const run = new TestRun();
  for (const test of declared) await run.test(test);
  for (const fn of hooks) await run.hook(fn);
  if (run.errors.length > 0) console.log(`\n ERRORS \n\n${run.errors.join("\n\n")}`);
  console.log(`\n${mark}${JSON.stringify(run.report)}`);
  Deno.exit(run.report.failed > 0 ? 1 : 0);
}

class TestRun {
  readonly report: { passed: number; failed: number; skipped: string[] } & FileReport = {
    passed: 0,
    failed: 0,
    skipped: [],
  };
  readonly errors: string[] = [];

  async test({ name, fn, ignore }: DeclaredTest): Promise<void> {
    if (ignore) {
      this.report.skipped.push(name);
      console.log(`${name} ... ignored`);
    } else await this.#run({ name, fn, indent: "" });
  }

  /** Only one that fails is counted. */
  async hook(fn: () => void | Promise<void>): Promise<void> {
    try {
      await fn();
    } catch (error) {
      this.report.failed++;
      this.errors.push(`afterAll => ${Deno.inspect(error)}`);
    }
  }

  /** Whether it passed. */
  async #run(
    { name, fn, indent }: Omit<DeclaredTest, "ignore"> & { readonly indent: string },
  ): Promise<boolean> {
    const began = performance.now();
    let stepsFailed = 0;
    // Said before it runs: it may end the process, or never end.
    write(`${indent}${name} ...`);
    const step = async (name: string, fn: TestFunction): Promise<boolean> => {
      if (typeof name !== "string" || typeof fn !== "function") throw unknownTo(String(name));
      write("\n");
      const passed = await this.#run({ name, fn, indent: `${indent}  ` });
      if (!passed) stepsFailed++;
      return passed;
    };
    let failed = false;
    try {
      await fn({ name, origin: "", step } as unknown as Deno.TestContext);
    } catch (error) {
      failed = true;
      this.errors.push(`${name} => ${Deno.inspect(error)}`);
    }
    failed ||= stepsFailed > 0;
    this.report[failed ? "failed" : "passed"]++;
    write(` ${failed ? "FAILED" : "ok"} (${Math.round(performance.now() - began)}ms)\n`);
    return !failed;
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
