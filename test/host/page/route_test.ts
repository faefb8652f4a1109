/** Addresses of views of the page. */
import { assertEquals } from "@std/assert";
import { hrefOf, readRoute } from "../../../host/page/route.ts";

Deno.test("page: the address of a view is read back as it was written", () => {
  for (const name of ["a", "orders to warehouse", "50%/#?&", "<script>\u202e\u001b\n", "ü日本"]) {
    for (const view of ["load", "backend"] as const) {
      assertEquals(readRoute(hrefOf(view, name)), { view, name });
    }
  }
  for (const hash of ["", "#/", "#plugins", "#/load/", "#/load/%E0%A4%A", "#/other/x"]) {
    assertEquals(readRoute(hash), { view: "overview" });
  }
});
