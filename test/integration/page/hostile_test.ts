/** Names and messages that are more than text to somebody: on the page they are text. */
import { assertEquals } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { DESKTOP, OpenedPage, PHONE } from "./opened_page.ts";
import { tell } from "./told_program.ts";

const HOSTILE = [
  '<script>globalThis.harm = "script"</script>',
  '<img src=x onerror="globalThis.harm = 1">',
  '"><svg onload="globalThis.harm = 2">',
  "javascript:globalThis.harm=3",
  "\u001b[31mred\u001b]0;title\u0007",
  "a\u202e\u2066desrever\u2069\u202c",
  "two\nlines\r\nand\u2028more",
  "nothing\u200b\u0000here",
  "\u0301".repeat(500),
  "long".repeat(2560),
  "{{harm}} ${harm} %3Cscript%3E ../../status",
];

// deno-lint-ignore no-control-regex -- what must not be there
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/g;

testWhere(
  NO_BROWSER,
  "page: hostile names, reasons and paths show as text, and break no layout",
  async () => {
    const at = new Date().toISOString();
    const plugin = (name: string) => ({ name, version: name, sha256: name });
    await using program = await tell({
      events: HOSTILE,
      config: { file: HOSTILE.join(), readAt: at, overruled: HOSTILE, error: HOSTILE.join("\n") },
      backends: HOSTILE.map((name) => ({
        ...{ name, type: name, state: "down", endpoint: name, pools: [], plugin: plugin(name) },
        breaker: { state: "open", detail: name },
        health: { status: "unhealthy", latencyMs: 1, checkedAt: 1, detail: name },
        lastError: { at, message: name },
      })),
      loads: HOSTILE.map((name) => ({
        ...{ name, source: HOSTILE, state: "failed", detail: name, watch: false, schedule: name },
        runs: 1,
        rejects: { file: name, byCode: [{ code: name, count: 1, example: name }], replay: name },
        last: {
          ...{ state: "failed", trigger: "request", at, seconds: 1, committed: 1, skipped: 0 },
          ...{ rejected: 1, batches: 1, backend: name, table: name, plugin: plugin(name) },
          ...{
            notes: HOSTILE,
            load: { id: name, generation: 1 },
            error: { code: name, message: name },
          },
        },
      })),
      plugins: HOSTILE.map((name) => ({
        ...{ type: name, version: name, status: "refused", reason: name, file: name },
        ...{ sha256: name, grants: HOSTILE },
      })),
    });
    await using browser = await startBrowser();
    for (const viewport of [DESKTOP, PHONE]) {
      await using opened = await OpenedPage.open(browser, program.address, { viewport });
      const { page } = opened;
      page.on("dialog", () => Promise.reject(new Error("A dialog was opened")));
      const look = async (where: string) => {
        assertEquals(await opened.overflow(), 0, where);
        assertEquals(await page.evaluate("globalThis.harm"), undefined, where);
        const made = "document.querySelectorAll('main script, main img, main svg').length";
        assertEquals(await page.evaluate(made), 0, where);
        const text = await page.locator("main").innerText();
        assertEquals(
          text.match(UNSEEN),
          null,
          where,
        );
      };
      await page.getByText('<script>globalThis.harm = "script"</script>').first().waitFor();
      await look("overview");
      for (const kind of ["load", "backend"]) {
        for (const name of HOSTILE) {
          await page.evaluate(
            `location.hash = "#/${kind}/" + ${JSON.stringify(encodeURIComponent(name))}`,
          );
          await page.locator(`#${kind} h2`).waitFor();
          await page.locator(`#${kind} .facts`).waitFor();
          await look(`${kind} ${name.slice(0, 50)}`);
        }
      }
      opened.check();
    }
  },
);
