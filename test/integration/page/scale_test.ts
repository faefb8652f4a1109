/** The page of a thousand backends and a thousand loads, with ten thousand past ones. */
import { assert, assertEquals } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import type { LoadStatus } from "../../../host/api/load_schema.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";
import { DESKTOP, OpenedPage, PHONE } from "./opened_page.ts";
import { tell } from "./told_program.ts";

const MANY = 1_000;
const PAST = 10_000;
const SINCE = Date.parse("2026-11-30T06:00:00Z");
/** Elements that a browser shows without effort, however much there is to show. */
const ELEMENTS_MAX = 4_000;

const backends = Array.from({ length: MANY }, (_, i) => ({
  ...{
    name: `backend_${i}`,
    type: "any",
    state: i % 100 === 7 ? "down" : "up",
    pools: [],
  } as const,
  endpoint: `any://host-${i}.example/db`,
}));
const loads = Array.from({ length: MANY }, (_, i): LoadStatus => ({
  ...{
    name: `load_${i}`,
    source: [`in/${i}/*.ndjson`],
    state: i % 50 === 3 ? "failed" : "running",
  },
  ...{ watch: true, runs: i },
  progress: {
    rowsCommitted: 2 ** 53 - 1,
    batches: i,
    bytesRead: i,
    bytesTotal: MANY,
    milliseconds: i,
  },
}));
const past = Array.from({ length: PAST }, (_, i): PastLoad => ({
  ...{
    id: `load-${i}`,
    table: i % 4 === 0 ? "rare" : "people",
    source: "in.ndjson",
    generation: 1,
  },
  ...{ state: "complete", mode: "append", batches: 1, read: 1, committed: i, superseded: 0 },
  ...{ startedAt: new Date(SINCE - i * 60_000).toISOString(), rejected: 0 },
  plugin: { name: "any", version: "0.1.0" },
}));

testWhere(
  NO_BROWSER,
  "page: a thousand backends and loads are filtered and paged, and ten thousand past loads",
  async () => {
    await using program = await tell({ backends, loads, past });
    await using browser = await startBrowser();
    for (const viewport of [DESKTOP, PHONE]) {
      await using opened = await OpenedPage.open(browser, program.address, { viewport });
      const { page } = opened;
      const elements = async () =>
        Number(await page.evaluate("document.querySelectorAll('*').length"));
      const rows = (section: string) => page.locator(`#${section} tbody tr`).count();
      await page.getByText("980 of 1,000 loads running", { exact: false }).waitFor();
      await page.getByText("9,007,199,254,740,991 rows").first().waitFor();
      assert(await elements() < ELEMENTS_MAX, `${await elements()} elements`);
      assertEquals([await rows("loads"), await rows("backends")], [25, 25]);
      await page.locator("#attention").getByText("30", { exact: true }).waitFor();

      await page.getByLabel("Filter backends").fill("host-77 up");
      await page.locator("#backends").getByText("1–10 of 10").or(
        page.locator("#backends").getByText("backend_777"),
      ).first().waitFor();
      assertEquals(await rows("backends"), 11);
      await page.locator("#loads").getByLabel("Show").selectOption("failed");
      assertEquals(await rows("loads"), 20);
      await page.locator("#loads").getByLabel("Show").selectOption("");
      for (let i = 0; i < 3; i++) await page.locator("#loads").getByText("Next").click();
      await page.getByText("76–100 of 1,000").waitFor();
      await page.getByText("load_99", { exact: true }).waitFor();

      await page.locator("#history").getByLabel("Backend").selectOption("backend_5");
      await page.locator("#history").getByRole("button", { name: "Show" }).click();
      await page.getByText("1–50, and older ones").waitFor();
      // Who presses twice before the answer has come goes on by one page.
      const held = Promise.withResolvers<void>();
      await page.route(/\/loads\?/, (route) => held.promise.then(() => route.continue()));
      for (const _ of "12") await page.locator("#history").getByText("Next").click();
      await page.getByText("1–50, and older ones", { exact: true }).waitFor();
      held.resolve();
      await page.getByText("51–100, and older ones").waitFor();
      for (let i = 1; i < 4; i++) {
        await page.locator("#history").getByText("Next").click();
        await page.getByText(`${(i + 1) * 50 + 1}–${(i + 2) * 50}, and older ones`).waitFor();
      }
      assertEquals(await rows("history"), 50);
      await page.locator("#history").getByText("Previous").click();
      await page.getByText("151–200, and older ones").waitFor();
      await page.locator("#history").getByLabel("Table").fill("rare");
      await page.locator("#history").getByRole("button", { name: "Show" }).click();
      await page.getByText("1–50, and older ones").waitFor();
      assertEquals(await page.locator("#history tbody").getByText("people").count(), 0);
      assert(await elements() < ELEMENTS_MAX, `${await elements()} elements`);
      assertEquals(await opened.overflow(), 0);
      opened.check();
    }
  },
);
