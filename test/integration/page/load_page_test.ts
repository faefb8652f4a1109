/** The page of `load --status`: one load while it runs, and how it ended when the program is gone. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { ProgramFolder, rowsText } from "../cli/program.ts";
import { ShownLoad } from "../cli/shown_load.ts";
import { GONE, OpenedPage } from "./opened_page.ts";

const ROWS = 1_500;

/** Looks at a load of standard input, which ends with these lines. */
async function look(
  last: string,
  act: (opened: OpenedPage, end: () => Promise<number>) => Promise<void>,
): Promise<void> {
  await using place = await ProgramFolder.create();
  await using load = new ShownLoad(place, ["--to", "libsql:a.db", "--table", "people"]);
  const address = await load.address();
  await load.write(rowsText(ROWS));
  await using browser = await startBrowser();
  await using opened = await OpenedPage.open(browser, address);
  await act(opened, async () => {
    await load.write(last);
    return await load.close();
  });
  opened.check(GONE);
}

testWhere(
  NO_BROWSER,
  "page of load --status: it runs with charts, nothing can be done, and that it is complete stays",
  async () => {
    await look('{"id":9000,"name":"last"}\n', async ({ page }, end) => {
      await page.locator("header").getByText("running").waitFor();
      await page.getByText("Read-only").waitFor();
      await page.locator("dd", { hasText: "people" }).first().waitFor();
      assertEquals(await page.getByRole("button", { name: /^(Run|Pause|Resume)/ }).count(), 0);
      await page.getByRole("img", { name: /^Throughput\. .* rows\/s/ }).waitFor();
      await page.getByRole("img", { name: /^Latency of batches\. / }).waitFor();
      assert(await page.locator("canvas").count() === 2);
      assertEquals(await end(), 0);
      const alert = page.getByRole("alert");
      await alert.getByText("Load people is complete").waitFor();
      assertStringIncludes(await alert.innerText(), ": 1,501 rows committed.");
      await page.locator("header").getByText("complete").waitFor();
      await page.locator("#runs").getByText("1,501").waitFor();
      await page.locator("#events").getByText("Load people is complete: 1,501 rows committed")
        .waitFor();
      // It is not taken for one that cannot be reached.
      await page.waitForTimeout(3_000);
      assertEquals(await page.getByText("does not answer").count(), 0);
      assertEquals(await page.locator("main.old").count(), 0);
    });
  },
);

testWhere(NO_BROWSER, "page of load --status: why it failed is told, and stays", async () => {
  await look('{"id":', async ({ page }, end) => {
    await page.locator("header").getByText("running").waitFor();
    assertEquals(await end(), 3);
    const alert = page.getByRole("alert");
    await alert.getByText("Load people failed").waitFor();
    assertStringIncludes(await alert.innerText(), `${ROWS + 1}`);
    await page.locator("#attention").getByText("Load people").waitFor();
  });
});
