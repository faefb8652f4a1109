/** The page as seen by those who see it otherwise: by axe's rules, wide and narrow, light and dark. */
import { assertEquals, assertMatch } from "@std/assert";
import axe from "axe-core";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder, THERE_AND_GONE } from "../serve/serve_program.ts";
import { type Looks, OpenedPage, PHONE } from "./opened_page.ts";

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What the rules of WCAG 2.2 AA, and axe's best practices, have against it as it is now. */
async function violations({ page }: OpenedPage): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  ) as Violation[];
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`)
  );
}

testWhere(
  NO_BROWSER,
  "page: axe finds nothing against any view, light or dark, wide or narrow",
  async () => {
    await using folder = await ServeFolder.create({
      backends: THERE_AND_GONE,
      default: "file",
      loads: {
        rows: {
          source: "a.ndjson",
          table: "t",
          watch: true,
          maxRejects: 10,
          rejects: "left.ndjson",
        },
        broken: { source: "b.ndjson", table: "u", watch: true },
        ...Object.fromEntries(
          Array.from({ length: 30 }, (_, i) => [`more_${i}`, { source: "c", table: "v" }]),
        ),
      },
    });
    await Deno.writeTextFile(folder.path("a.ndjson"), `${rowsFrom(0, 100)}{"id":"no number"}\n`);
    await Deno.writeTextFile(folder.path("b.ndjson"), "{");
    await Deno.writeTextFile(folder.path("plugins", "other.wasm"), "no module");
    await using serve = folder.serve();
    await serve.until("broken", "failed");
    await serve.until("rows", "complete");
    await using browser = await startBrowser();
    const looks: readonly Looks[] = [
      ...["#/", "#/load/rows", "#/load/broken", "#/backend/gone"].map((hash) => ({ hash })),
      ...["#/", "#/load/rows", "#/backend/file"].map((hash) => ({
        ...{ hash, viewport: PHONE, colorScheme: "dark" as const },
      })),
      { hash: "#/", colorScheme: "dark" },
    ];
    for (const look of looks) {
      await using opened = await OpenedPage.open(browser, await serve.address(), look);
      await opened.page.locator("#events").waitFor();
      assertEquals(await violations(opened), [], JSON.stringify(look));
      assertEquals(await opened.overflow(), 0, JSON.stringify(look));
      if (look !== looks.at(-1)) continue;
      await opened.page.evaluate("document.querySelector('main h2').style.color = '#808080'");
      assertMatch((await violations(opened)).join(), /^color-contrast: /, "it finds what is wrong");
    }
  },
);
