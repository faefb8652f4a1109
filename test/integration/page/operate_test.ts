/** The page of `serve` in a real browser: what is seen on it, and what can be done by it. */
import { assert, assertEquals } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder } from "../serve/serve_program.ts";
import { OpenedPage } from "./opened_page.ts";

const CONFIG = {
  backends: {
    file: { type: "libsql", url: "libsql:out.db" },
    gone: { type: "libsql", url: "libsql:no/such/folder/gone.db" },
  },
  default: "file",
  loads: {
    rows: { source: "a.ndjson", table: "t" },
    broken: { source: "b.ndjson", table: "u", watch: true },
  },
};

testWhere(
  NO_BROWSER,
  "page: what needs attention is seen first, and a load is run by it",
  async () => {
    await using folder = await ServeFolder.create(CONFIG);
    await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 1234));
    await Deno.writeTextFile(folder.path("b.ndjson"), "{");
    await using serve = folder.serve();
    await serve.until("broken", "failed");
    await using browser = await startBrowser();
    await using opened = await OpenedPage.open(browser, await serve.address());
    const { page } = opened;
    await page.locator("#attention li.bad", { hasText: "Backend gone" }).waitFor();
    await page.locator("#attention li.bad", { hasText: "Load broken" }).waitFor();
    assertEquals(await page.locator("main section").first().getAttribute("id"), "attention");

    await page.getByRole("button", { name: "Run load rows" }).click();
    const dialog = page.getByRole("dialog", { name: "Token" });
    await dialog.getByLabel("Token").fill("not the token");
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByText("That was not the token. Nothing was changed.").waitFor();
    assertEquals((await serve.load("rows"))?.runs, 0);
    await dialog.getByLabel("Token").fill(await Deno.readTextFile(folder.path("token")));
    await dialog.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("status").getByText("A run of load rows was asked for.").waitFor();
    await page.getByRole("row").filter({ hasText: "rows" }).getByText("1,234").first().waitFor();
    assertEquals(folder.query("out.db", "SELECT count(*) FROM t"), [[1234]]);
    // It is kept for as long as the tab is open, and nowhere else.
    await page.getByRole("button", { name: "Run load rows" }).click();
    await page.getByRole("status").getByText("A run of load rows was asked for.").waitFor();
    assertEquals(await dialog.isVisible(), false);
    assert(await page.evaluate("localStorage.length === 0 && document.cookie === ''"));
    // The browser tells of the answer 401 by itself.
    opened.check(/status of 401|status of 404/);
  },
);
