/** Writes the OpenAPI document of the API into the docs: `deno run -A tools/write_openapi.ts`. */
import { fromFileUrl } from "@std/path";
import { openApiDocument } from "../host/api/openapi.ts";
import { ROUTES } from "../host/api/routes.ts";

/** The document. */
export const DOCUMENT: string = fromFileUrl(new URL("../docs/openapi.json", import.meta.url));

/** What it is to hold. */
export function documentText(): string {
  return `${JSON.stringify(openApiDocument(ROUTES), null, 1)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(DOCUMENT, documentText());
