/** The page in a real browser, with all that it complains about and asks for. */
import { assertEquals } from "@std/assert";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";

/** How somebody looks at it. */
export interface Looks {
  /** Of a desktop by default. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** Behind the `#`. */
  readonly hash?: string;
  /** Whether everybody may read what there is; they may by default, and it is waited for. */
  readonly isOpen?: boolean;
}

/** A phone that is held upright. */
export const PHONE = { width: 390, height: 844 };
/** A small desktop. */
export const DESKTOP = { width: 1280, height: 800 };

/** What browsers say by themselves of a program that is gone. */
export const GONE =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE/;

/** How long something is waited for that comes by itself. */
const COMES_MS = 60_000;

/** One page that is looked at. */
export class OpenedPage implements AsyncDisposable {
  /** What the browser has of it. */
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #complaints: string[] = [];
  readonly #elsewhere: string[] = [];

  private constructor(page: Page, { context, origin }: {
    readonly context: BrowserContext;
    readonly origin: string;
  }) {
    this.page = page;
    this.#context = context;
    this.#origin = origin;
    page.setDefaultTimeout(COMES_MS);
    // What the page does wrong, and what its policy keeps it from.
    page.on("pageerror", (error) => this.#complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#complaints.push(message.text());
    });
    page.on("request", (request) => this.#asked(request));
  }

  /** Opens it in a window of its own, with nothing kept from before. */
  static async open(
    browser: Browser,
    address: string,
    { viewport = DESKTOP, colorScheme = "light", hash = "#/", isOpen = true }: Looks = {},
  ): Promise<OpenedPage> {
    const context = await browser.newContext({ viewport, colorScheme });
    const opened = new OpenedPage(await context.newPage(), { context, origin: address });
    await opened.page.goto(`${address}/${hash}`);
    if (isOpen) await opened.page.waitForSelector("main section");
    return opened;
  }

  /** What it has complained about until now; those that match are meant, and taken away. */
  complaints(meant?: RegExp): string[] {
    return this.#complaints.splice(0).filter((text) => !meant?.test(text));
  }

  /** Fails where it has complained, or has asked anybody but its own program for anything. */
  check(meant?: RegExp): void {
    assertEquals(this.complaints(meant), []);
    assertEquals(this.#elsewhere, []);
  }

  /** Pixels that it is wider than its window. */
  async overflow(): Promise<number> {
    const root = "document.documentElement";
    return await this.page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`);
  }

  /** Closes the window. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  #asked(request: Request): void {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== this.#origin) this.#elsewhere.push(request.url());
  }
}
