/**
 * Draws the pictures of the page: `deno run -A test/integration/page/picture.ts [FOLDER]`, into `docs` by
 * default, of a real `serve` that loads, has a backend that is down, rows that were left out, a load that
 * has failed and a plugin that is quarantined.
 */
import { fromFileUrl, join } from "@std/path";
import type { Page } from "playwright-core";
import { startBrowser } from "../../support/browser.ts";
import { rowsFrom, ServeFolder } from "../serve/serve_program.ts";
import { type Looks, OpenedPage, PHONE } from "./opened_page.ts";
import { quarantine } from "./quarantine.ts";

const DOCS = fromFileUrl(new URL("../../../docs", import.meta.url));
/** Enough that a load runs for as long as it is looked at. */
const ROWS = 3_000_000;
/** Before it is drawn, there is a chart to draw. */
const RUNS_MS = 45_000;

/** What is drawn: the one of the documents, and what is looked at before a change of the page lands. */
const PICTURES: Readonly<Record<string, Looks & { readonly isWhole?: boolean }>> = {
  page: { viewport: { width: 1120, height: 860 }, hash: "#/" },
  load: { hash: "#/load/orders", isWhole: true },
  page_dark: { colorScheme: "dark", isWhole: true },
  load_dark: { colorScheme: "dark", hash: "#/load/orders" },
  page_phone: { viewport: PHONE, isWhole: true },
  load_phone: { viewport: PHONE, hash: "#/load/orders", colorScheme: "dark", isWhole: true },
  backend: { hash: "#/backend/warehouse" },
};

async function draw(folder: string, names: readonly string[]): Promise<void> {
  await using place = await ServeFolder.create({
    backends: {
      warehouse: { type: "libsql", url: "libsql:warehouse.db" },
      archive: { type: "libsql", url: "libsql:archive/2026.db" },
      people: { type: "libsql", url: "libsql:people.db" },
    },
    default: "people",
    loads: {
      people: { source: "people.csv", table: "people", watch: true },
      orders: {
        ...{ source: "orders.ndjson", table: "orders", to: "warehouse", batchRows: 100 },
        ...{ maxRejects: 100, rejects: "orders.rejects.ndjson" },
      },
      prices: { source: "prices.ndjson", table: "prices", schedule: "0 3 * * *", mode: "replace" },
      events: { source: "events/*.ndjson", table: "events", to: "archive", watch: true },
      nightly: { source: "people.csv", table: "nightly", schedule: "0 1 * * *" },
    },
  });
  await Deno.writeTextFile(place.path("prices.ndjson"), '{"id":1,"price":12.5}\n{"id":2,"pri\n');
  await Deno.mkdir(place.path("events"));
  await Deno.writeTextFile(place.path("events", "a.ndjson"), rowsFrom(0, 3));
  const wrong = '{"id":"seven","label":"no number"}\n'.repeat(12);
  await Deno.writeTextFile(
    place.path("orders.ndjson"),
    rowsFrom(0, 1000) + wrong + rowsFrom(1000, ROWS),
  );
  await quarantine(place);
  await Deno.writeTextFile(place.path("people.csv"), "id,name,height\n1,Ada,1.65\n2,Grace,1.68\n");
  await using serve = place.serve();
  await serve.until("people", "complete");
  await serve.post("/loads/nightly/pause");
  for (const name of ["orders", "prices"]) await serve.run(name);
  await serve.until("prices", "failed");
  await serve.until("orders", "running");
  await using browser = await startBrowser();
  await new Promise((resolve) => setTimeout(resolve, RUNS_MS));
  for (const [name, { isWhole = false, ...looks }] of Object.entries(PICTURES)) {
    if (!names.includes(name)) continue;
    await using opened = await OpenedPage.open(browser, await serve.address(), looks);
    await opened.page.locator("#events").waitFor();
    // Of the chart, too.
    await opened.page.waitForTimeout(1_500);
    await shoot(opened.page, { file: join(folder, `${name}.webp`), isWhole, place: place.path() });
  }
}

/** Writes what is to be seen as WebP, a third of the size of PNG; a folder that goes is called `/data`. */
async function shoot(
  page: Page,
  { file, isWhole, place }: {
    readonly file: string;
    readonly isWhole: boolean;
    readonly place: string;
  },
): Promise<void> {
  await page.evaluate(
    `for (const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); texts.nextNode();) {
      const text = texts.currentNode;
      if (text.data.includes(${JSON.stringify(place)})) {
        text.data = text.data.replaceAll(${JSON.stringify(place)}, "/data");
      }
    }`,
  );
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    ...{ format: "webp", quality: 88, captureBeyondViewport: isWhole },
  });
  await Deno.writeFile(file, Uint8Array.fromBase64(data));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  await draw(folder ?? DOCS, folder === undefined ? ["page"] : Object.keys(PICTURES));
}
