/** What the `.gitignore` files of a folder leave out, as git reads them. */
import type { Ignore } from "ignore";
import { LoadError } from "../../src/model/errors.ts";
import { inputError } from "./input.ts";

/** Rules of one `.gitignore`. */
interface Rules {
  /** The folder in which it stands, with a slash at the end. */
  readonly folder: string;
  readonly ignore: Ignore;
}

/** The rules that hold in a folder, those of the folders above it first. Never changed. */
export class GitIgnore {
  readonly #rules: readonly Rules[];

  private constructor(rules: readonly Rules[]) {
    this.#rules = rules;
  }

  /**
   * The rules that hold in a folder before its own: those of the folders above it up to the
   * repository that it lies in. None where it lies in none, or where they leave it out itself: who
   * names it wants it read. The path is an absolute one.
   *
   * @throws {LoadError} `source_unreadable`
   */
  static async above(folder: string): Promise<GitIgnore> {
    const folders: string[] = [];
    for (let at = folder; !await isThere(`${at}/.git`); at = at.slice(0, at.lastIndexOf("/"))) {
      const parent = at.slice(0, at.lastIndexOf("/"));
      if (parent === "" || parent === at) return new GitIgnore([]);
      folders.unshift(parent);
    }
    let rules = new GitIgnore([]);
    for (const parent of folders) rules = await rules.within(parent);
    return rules.leavesOut(`${folder}/`) ? new GitIgnore([]) : rules;
  }

  /** The rules that hold in a folder below. @throws {LoadError} `source_unreadable` */
  async within(folder: string): Promise<GitIgnore> {
    const text = await readText(`${folder}/.gitignore`);
    if (text === undefined) return this;
    // With it come Node's modules, for which nothing else needs to wait.
    const { default: ignore } = await import("ignore");
    return new GitIgnore([...this.#rules, { folder: `${folder}/`, ignore: ignore().add(text) }]);
  }

  /** Whether a path is left out; those of folders end in a slash. The nearest rule decides. */
  leavesOut(path: string): boolean {
    for (const { folder, ignore } of this.#rules.toReversed()) {
      const { ignored, unignored } = ignore.test(path.slice(folder.length));
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

/** @throws {LoadError} `source_unreadable` where it is there and cannot be read: nobody knows what it names */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const { NotFound, NotADirectory, IsADirectory } = Deno.errors;
    if ([NotFound, NotADirectory, IsADirectory].some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw new LoadError(
      `${
        inputError(path, error).message
      }. What it leaves out is not known: let it be read, or read ` +
        "all files with --all-files",
      { code: "source_unreadable", blame: "config", cause: error },
    );
  }
}
