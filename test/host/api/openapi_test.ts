/** The OpenAPI document: that it is one, that no route is missing, and that the one in the docs is the same. */
import { assertEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../../../host/api/openapi.ts";
import { ROUTES } from "../../../host/api/routes.ts";
import { DOCUMENT, documentText } from "../../../tools/write_openapi.ts";

interface Document extends Record<string, unknown> {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

const document = JSON.parse(JSON.stringify(openApiDocument(ROUTES))) as Document;

Deno.test("openapi: the document is one of OpenAPI 3.1", async () => {
  const validator = new Validator();
  assertEquals(await validator.validate(structuredClone(document)), { valid: true });
  assertEquals(validator.version, "3.1");
  const { paths: _, ...without } = document;
  const wrong = { ...without, paths: { status: {} } };
  assertEquals((await new Validator().validate(wrong)).valid, false, "it finds what is wrong");
});

Deno.test("openapi: every route is in the document, with what its path takes, and no other", () => {
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assertEquals(documented.toSorted(), ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  const operations = Object.values(document.paths).flatMap((of) => Object.values(of));
  const ids = operations.map(({ operationId }) => operationId);
  assertEquals(ids.length, new Set(ids).size, "each has a name of its own");
  const run = document.paths["/loads/{name}/run"]!.post!;
  assertEquals(run.parameters.map(({ name, in: place }) => [name, place]), [["name", "path"]]);
});

Deno.test("openapi: the document in the docs is that of the program: tools/write_openapi.ts writes it", async () => {
  assertEquals(await Deno.readTextFile(DOCUMENT), documentText());
});
