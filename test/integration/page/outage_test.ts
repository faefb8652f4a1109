/** The page while its program is gone: what is old never looks like what is. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder } from "../serve/serve_program.ts";
import { GONE, OpenedPage } from "./opened_page.ts";

testWhere(
  NO_BROWSER,
  "page: a program that was killed is told of, nothing can be done, and it goes on by itself",
  async () => {
    await using folder = await ServeFolder.create({
      backends: { file: { type: "libsql", url: "libsql:out.db" } },
      default: "file",
      loads: { rows: { source: "a.ndjson", table: "t", watch: true } },
    });
    await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 10));
    await using first = folder.serve();
    await first.until("rows", "complete");
    const address = await first.address();
    await using browser = await startBrowser();
    await using opened = await OpenedPage.open(browser, address);
    const { page } = opened;
    const isGrey = () => page.locator("main.old").count();
    await page.locator("#loads").getByText("complete").first().waitFor();
    assertEquals(await isGrey(), 0);

    first.kill();
    await first.ended;
    const alert = page.getByRole("alert");
    await alert.getByText("The program does not answer").waitFor();
    assertStringIncludes(await alert.innerText(), "What is shown is from");
    await page.locator("header").getByText("not connected").waitFor();
    assertEquals(await isGrey(), 1);
    const run = page.getByRole("button", { name: "Run load rows" });
    assertEquals(await run.getAttribute("aria-disabled"), "true");
    await run.click({ force: true });
    assertEquals(await page.getByRole("dialog", { name: "Token" }).isVisible(), false);

    await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(10, 5), { append: true });
    await using second = folder.serve("--listen", new URL(address).host);
    await second.until("rows", "complete");
    await alert.getByText("The program does not answer").waitFor({ state: "detached" });
    assertEquals(await isGrey(), 0);
    await page.locator("#loads").getByText("5 rows").waitFor();
    await page.locator("footer").getByText(`process ${second.pid}`).waitFor();
    assertEquals(await run.getAttribute("aria-disabled"), "false");
    opened.check(GONE);
  },
);

testWhere(NO_BROWSER, "page: nothing is asked while nobody sees it", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: { type: "libsql", url: "libsql:out.db" } },
    default: "file",
    loads: { rows: { source: "a.ndjson", table: "t" } },
  });
  await using serve = folder.serve();
  await using browser = await startBrowser();
  await using opened = await OpenedPage.open(browser, await serve.address());
  const { page } = opened;
  let asked = 0;
  page.on("request", () => asked++);
  const hide = async (hidden: boolean) => {
    await page.evaluate(
      `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true });` +
        'document.dispatchEvent(new Event("visibilitychange"));',
    );
  };
  await page.waitForRequest(/\/status$/);
  await hide(true);
  // What was asked before is answered.
  await page.waitForTimeout(500);
  asked = 0;
  await page.waitForTimeout(2_500);
  assertEquals(asked, 0);
  await hide(false);
  await page.waitForRequest(/\/status$/);
});
