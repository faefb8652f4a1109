/** A real browser, where this machine has one. */
import { type Browser, chromium } from "playwright-core";
import { executable } from "./executable.ts";

/** What Debian and others call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** Nothing but what a test asks for: no network of its own, no sandbox, which root cannot have. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update"],
];

const EXECUTABLE = executable(NAMES);

/** Why there is none, completing `skipped: …`; undefined where there is. */
export const NO_BROWSER: string | undefined = EXECUTABLE === undefined
  ? `there is none of ${NAMES.join(", ")}`
  : undefined;

/** Starts it, with an empty profile that goes when it is closed. @throws {Error} where there is none */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  if (EXECUTABLE === undefined) throw new Error(NO_BROWSER);
  return await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}
