/**
 * Bundles the page of `serve` with the packages that it is made of, so that a browser reads three files
 * and asks nobody else for anything.
 *
 * `deno run -A tools/build_page.ts [--force] [--quiet]` brings `host/page/dist/` up to date.
 */
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { messageOf } from "../src/model/errors.ts";
import { modified, newest } from "./assembly_script.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const PAGE = join(ROOT, "host", "page");
const DIST = join(PAGE, "dist");
/** Files that are served as they are. */
const AS_THEY_ARE = ["index.html", "icon.svg"] as const;
/** Packages that are in the page, whose licences go with it. */
const PACKAGES = ["preact", "uplot"] as const;

/** What to build, and where to say so. */
export interface PageBuildOptions {
  /** Builds what is up to date too; false by default. */
  readonly force?: boolean;
  /** Takes one line; nothing is said by default. */
  readonly log?: (line: string) => void;
}

/**
 * Builds the page where it is missing, or older than what it is made of.
 *
 * @throws {Error} with what the bundler says if it fails
 */
export async function buildPage({ force = false, log }: PageBuildOptions = {}): Promise<void> {
  const sources = await Promise.all([
    ...[PAGE, join(ROOT, "src")].map((folder) => newest(folder)),
    ...[fromFileUrl(import.meta.url), join(ROOT, "deno.json")].map(modified),
  ]);
  const file = join(DIST, "page.js");
  const built = force || await modified(file) < Math.max(...sources);
  if (built) await bundlePage();
  const { size } = await Deno.stat(file);
  log?.(`${built ? "built" : "fresh"}  ${relative(Deno.cwd(), file)}  ${size} bytes`);
}

async function bundlePage(): Promise<void> {
  const draft = await Deno.makeTempDir({ dir: dirname(DIST), prefix: ".dist_" });
  await Deno.chmod(draft, 0o755);
  // Loading the bundler takes longer than finding that there is nothing to bundle.
  const { build, stop } = await import("esbuild");
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join(PAGE, "page.tsx"), join(PAGE, "page.css")],
      outdir: draft,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
      logLevel: "silent",
    });
    for (const name of AS_THEY_ARE) await Deno.copyFile(join(PAGE, name), join(draft, name));
    await Deno.writeTextFile(join(draft, "licenses.txt"), await licenses());
    await Deno.remove(DIST, { recursive: true }).catch(() => {});
    await Deno.rename(draft, DIST);
  } finally {
    await stop();
    await Deno.remove(draft, { recursive: true }).catch(() => {});
  }
}

async function licenses(): Promise<string> {
  const texts = await Promise.all(PACKAGES.map(async (name) => {
    const text = await Deno.readTextFile(join(ROOT, "node_modules", name, "LICENSE"));
    return `${name}\n\n${text.trim()}\n`;
  }));
  return texts.join("\n\n");
}

if (import.meta.main) {
  try {
    await buildPage({
      force: Deno.args.includes("--force"),
      log: Deno.args.includes("--quiet") ? () => {} : (line) => console.log(line),
    });
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
