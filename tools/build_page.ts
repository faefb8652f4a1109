/**
 * Bundles the page with the packages that it is made of, so that a browser reads three files
 * and asks nobody else for anything.
 *
 * `deno run -A tools/build_page.ts [--force] [--quiet]` brings `host/page/dist/` up to date.
 */
import { fromFileUrl, join } from "@std/path";
import {
  bringUpToDate,
  buildByCommand,
  type BuildOptions,
  modified,
  newest,
  replaceFolder,
} from "./up_to_date.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const PAGE = join(ROOT, "host", "page");
const DIST = join(PAGE, "dist");
/** Files that are served as they are. */
const AS_THEY_ARE = ["index.html", "icon.svg"] as const;
/** Packages that are in the page, whose licences go with it. */
const PACKAGES = ["preact", "uplot"] as const;

/**
 * Builds the page where it is missing, or older than what it is made of.
 *
 * @throws {Error} with what the bundler says if it fails
 */
export async function buildPage(options: BuildOptions = {}): Promise<void> {
  const times = await Promise.all([
    ...[PAGE, join(ROOT, "src")].map((folder) => newest(folder)),
    ...[fromFileUrl(import.meta.url), join(ROOT, "deno.json")].map(modified),
  ]);
  const make = () => replaceFolder(DIST, bundlePage);
  await bringUpToDate(join(DIST, "page.js"), { times, make }, options);
}

async function bundlePage(folder: string): Promise<void> {
  // Loading the bundler takes longer than finding that there is nothing to bundle.
  const { build, stop } = await import("esbuild");
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join(PAGE, "page.tsx"), join(PAGE, "page.css")],
      outdir: folder,
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
  } finally {
    await stop();
  }
  for (const name of AS_THEY_ARE) await Deno.copyFile(join(PAGE, name), join(folder, name));
  await Deno.writeTextFile(join(folder, "licenses.txt"), await licenses());
}

async function licenses(): Promise<string> {
  const texts = await Promise.all(PACKAGES.map(async (name) => {
    const text = await Deno.readTextFile(join(ROOT, "node_modules", name, "LICENSE"));
    return `${name}\n\n${text.trim()}\n`;
  }));
  return texts.join("\n\n");
}

if (import.meta.main) await buildByCommand(buildPage);
