/** The page of `serve` in a real browser: what is seen on it, and what can be done by it. */
import { assert, assertEquals } from "@std/assert";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder, THERE_AND_GONE } from "../serve/serve_program.ts";
import { Buffer } from "node:buffer";
import { OpenedPage, PHONE } from "./opened_page.ts";
import { tell, type Told } from "./told_program.ts";
import { quarantine } from "./quarantine.ts";

const CONFIG = {
  backends: THERE_AND_GONE,
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
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByText("That was not the token. Nothing was changed.").waitFor();
    assertEquals((await serve.load("rows"))?.runs, 0);
    assertEquals(await page.evaluate("sessionStorage.length"), 0, "it is not kept");
    await dialog.getByLabel("Token").fill(await serve.token());
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("status").getByText("A run of load rows was asked for.").waitFor();
    await page.getByRole("row").filter({ hasText: "rows" }).getByText("1,234").first().waitFor();
    assertEquals(folder.query("out.db", "SELECT count(*) FROM t"), [[1234]]);
    // It is kept for as long as the tab is open, and nowhere else.
    await page.getByRole("button", { name: "Run load rows" }).click();
    await page.getByRole("status").getByText("A run of load rows was asked for.").waitFor();
    assertEquals(await dialog.isVisible(), false);
    assert(await page.evaluate("localStorage.length === 0 && document.cookie === ''"));
    // The browser tells of the answer 401 by itself.
    opened.check(/status of 401/);
  },
);

testWhere(
  NO_BROWSER,
  "page: on a phone, loads are paused and resumed, plugins are released, put there and taken away",
  async () => {
    await using folder = await ServeFolder.create({ ...CONFIG, uploads: true });
    await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 10));
    const other = await quarantine(folder);
    const file = `${other}.wasm`;
    await using serve = folder.serve();
    await using browser = await startBrowser();
    await using opened = await OpenedPage.open(browser, await serve.address(), { viewport: PHONE });
    const { page } = opened;
    const says = (text: string) => page.getByRole("status").getByText(text).waitFor();
    await page.getByRole("button", { name: "Enter the token" }).click();
    await page.getByRole("textbox", { name: "Token" }).fill(await serve.token());
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Forget the token" }).waitFor();

    await page.getByRole("button", { name: "Pause load rows" }).click();
    await says("Load rows is paused.");
    await page.locator("#attention").getByText("It is paused, until somebody resumes it").waitFor();
    await page.getByRole("button", { name: "Resume load rows" }).click();
    await says("Load rows goes on.");
    await page.getByRole("button", { name: "Pause load rows" }).waitFor();
    // What happens is said, and stands among the events.
    await page.locator("[aria-live=polite]").getByText("Load rows is", { exact: false }).waitFor({
      state: "attached",
    });
    await page.locator("#events").getByText("Load rows is paused").waitFor();

    await page.locator("#attention").getByText("it has trapped", { exact: false }).waitFor();
    await page.getByRole("button", { name: `Release plugin ${other}` }).click();
    await says(`Plugin ${other} is used again.`);
    const plugin = async (type: string) =>
      (await serve.status()).plugins.find((p) => p.type === type);
    assertEquals((await plugin(other))?.status, "available");

    const wasm = folder.path("plugins", file);
    const bytes = await Deno.readFile(wasm);
    const remove = () => page.getByRole("button", { name: `Remove plugin ${file}`, exact: true });
    await remove().click();
    const question = page.getByRole("dialog", { name: `Remove plugin ${file}` });
    await question.getByRole("button", { name: "Cancel" }).click();
    assertEquals((await plugin(other))?.status, "available", "nothing was done");
    await remove().click();
    await question.getByRole("button", { name: "Remove" }).click();
    await says(`${file} is removed.`);
    assertEquals([await plugin(other), await exists(wasm)], [undefined, false]);

    const input = page.getByLabel("Upload a plugin");
    const text = new TextEncoder().encode("no module");
    await input.setInputFiles({
      name: "bad.wasm",
      mimeType: "application/wasm",
      buffer: Buffer.from(text),
    });
    await says("Upload plugin bad.wasm: ");
    await input.setInputFiles({
      name: file,
      mimeType: "application/wasm",
      buffer: Buffer.from(bytes),
    });
    await says(`${file} is added: it makes ${other} `);
    await remove().waitFor();
    assertEquals(await Deno.readFile(wasm), bytes);
    assertEquals(await opened.overflow(), 0);
    opened.check(/status of 4\d\d/);
  },
);

testWhere(
  NO_BROWSER,
  "page: where reading needs the token, it is asked for first, and nothing is shown before",
  async () => {
    const token = "a-token-of-24-characters";
    const listen = { kind: "tcp", hostname: "0.0.0.0", port: 0 } as const;
    const loads: Told["loads"] = [
      { name: "rows", source: ["a.ndjson"], state: "idle", watch: false, runs: 0 },
    ];
    await using program = await tell({ loads, events: ["something happened"] }, { listen, token });
    await using browser = await startBrowser();
    const address = program.address.replace("0.0.0.0", "127.0.0.1");
    await using opened = await OpenedPage.open(browser, address, { isOpen: false });
    const { page } = opened;
    await page.getByRole("alert").getByText("Here, reading needs the token too.").waitFor();
    assertEquals(await page.getByText("rows").count(), 0);
    await page.getByRole("alert").getByRole("button", { name: "Enter the token" }).click();
    await page.getByRole("textbox", { name: "Token" }).fill(token);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator("#loads").getByText("rows").waitFor();
    await page.locator("#events .event").getByText("something happened").waitFor();
    opened.check(/status of 401/);
  },
);

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
