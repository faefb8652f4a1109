/** Every action of the page by the keyboard alone: what is pressed is what somebody could press. */
import { assertEquals } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder } from "../serve/serve_program.ts";
import { OpenedPage } from "./opened_page.ts";
import { quarantine } from "./quarantine.ts";

/** More than there is on the page. */
const STEPS_MAX = 200;

/** What has the focus, as it is called. */
async function focused({ page }: OpenedPage): Promise<string> {
  return await page.evaluate(
    "(({ ariaLabel, labels, innerText }) => ariaLabel ?? labels?.[0]?.innerText ?? innerText)" +
      "(document.activeElement)",
  ) as string;
}

/** Goes on until something has the focus, which has to be seen. */
async function tabTo(opened: OpenedPage, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < STEPS_MAX; i++) {
    await opened.page.keyboard.press("Tab");
    const at = (await focused(opened)).trim();
    if (typeof name === "string" ? at === name : name.test(at)) {
      const outline = "getComputedStyle(document.activeElement).outlineStyle";
      assertEquals(
        await opened.page.evaluate(outline),
        "solid",
        `${name} is seen to have the focus`,
      );
      return;
    }
    seen.push(at);
  }
  throw new Error(`${name} is not reached: ${JSON.stringify(seen.slice(0, 60))}`);
}

testWhere(NO_BROWSER, "page: everything can be done by the keyboard alone", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: { type: "libsql", url: "libsql:out.db" } },
    default: "file",
    loads: {
      rows: { source: "a.ndjson", table: "t" },
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`more_${i}`, { source: "a.ndjson", table: `t${i}` }]),
      ),
    },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 10));
  const other = await quarantine(folder);
  await using serve = folder.serve();
  const token = await serve.token();
  await using browser = await startBrowser();
  await using opened = await OpenedPage.open(browser, await serve.address());
  const { page } = opened;
  const { keyboard } = page;
  const says = (text: string) => page.getByRole("status").getByText(text).waitFor();

  await tabTo(opened, "To the content");
  await keyboard.press("Enter");
  assertEquals(await page.evaluate("document.activeElement.id"), "main");

  await tabTo(opened, "Run load rows");
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Token" });
  await dialog.waitFor();
  assertEquals(await focused(opened), "Token");
  await keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assertEquals(await focused(opened), "Run load rows", "the focus is where it was");
  assertEquals((await serve.load("rows"))?.runs, 0);
  await keyboard.press("Enter");
  await dialog.waitFor();
  await keyboard.type("wrong");
  await keyboard.press("Enter");
  await dialog.getByText("That was not the token").waitFor();
  await keyboard.type(token);
  await keyboard.press("Enter");
  await says("A run of load rows was asked for.");
  assertEquals(await focused(opened), "Run load rows");
  await serve.until("rows", "complete");

  await tabTo(opened, "Pause load rows");
  await keyboard.press("Space");
  await says("Load rows is paused.");
  await serve.until("rows", "paused");
  await page.getByRole("button", { name: "Resume load rows" }).waitFor();
  // The button has gone that had the focus: it is on the one in its place.
  assertEquals(await focused(opened), "Resume load rows");
  await keyboard.press("Enter");
  await says("Load rows goes on.");
  await serve.until("rows", "complete");

  await tabTo(opened, "Filter loads");
  await keyboard.type("more_2");
  await page.getByText("Nothing matches", { exact: false }).waitFor({ state: "detached" });
  assertEquals(await page.locator("#loads tbody tr").count(), 11);
  await keyboard.press("Control+A");
  await keyboard.press("Delete");
  await tabTo(opened, "Next");
  await keyboard.press("Enter");
  await page.getByText("26–31 of 31").waitFor();
  await keyboard.press("Shift+Tab");
  assertEquals(await focused(opened), "Previous");
  await keyboard.press("Enter");
  await page.getByText("1–25 of 31").waitFor();

  await page.locator("#main").focus();
  await tabTo(opened, "rows");
  await keyboard.press("Enter");
  await page.locator("#load h2").getByText("rows").waitFor();
  assertEquals(await focused(opened), "rows", "the heading of the view");
  await tabTo(opened, "file");
  await keyboard.press("Enter");
  await page.locator("#history tbody tr").first().waitFor();
  // A key of the browser, which a browser without a window has not.
  await page.goBack();
  await page.locator("#load h2").waitFor();
  assertEquals(await focused(opened), "rows");
  await keyboard.press("Shift+Tab");
  assertEquals(await focused(opened), "← Overview");
  await keyboard.press("Enter");
  await page.locator("#loads").waitFor();

  await tabTo(opened, `Release plugin ${other}`);
  await keyboard.press("Enter");
  await says(`Plugin ${other} is used again.`);
  await page.getByRole("button", { name: `Release plugin ${other}` }).waitFor({
    state: "detached",
  });
  assertEquals(await focused(opened), "Plugins", "the button has gone: the focus is near by");
  await tabTo(opened, "Show");
  await keyboard.press("Enter");
  await page.locator("#history tbody tr").first().waitFor();
  await page.locator("header button").focus();
  await keyboard.press("Enter");
  await says("The token is forgotten.");
  assertEquals(await focused(opened), "Enter the token");
  opened.check(/status of 401/);
});
