/** The page: a document, its script, its style and its icon, which say nothing of what is served. */
import { LoadError } from "../../src/model/errors.ts";
import { HEADERS } from "./answer.ts";
import { type Call, type Route, route } from "./route.ts";

const FILES = new URL("../page/dist/", import.meta.url);

/** What is there, and what it is. */
const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "licenses.txt": "text/plain; charset=utf-8",
};

/** Nothing but what is here, no script and no style within the document, and no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What a browser asks for. */
export const PAGE_ROUTES: readonly Route[] = [
  route({
    method: "GET",
    path: "/",
    about: "The page, for people",
    access: "anyone",
    answer: { status: 200, type: "text/html" },
    act: () => file("index.html"),
  }),
  route({
    method: "GET",
    path: "/page/{file}",
    about: "What the page is made of",
    access: "anyone",
    answer: { status: 200, type: "text/javascript" },
    refusals: { 404: "The page has no such file" },
    act: ({ names }: Call) => file(names.file!),
  }),
];

/** @throws {LoadError} `backend_unknown` for another name, `backend_unavailable` where it is not built */
async function file(name: string): Promise<Response> {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) {
    throw new LoadError("The page has no such file", { code: "backend_unknown", blame: "config" });
  }
  try {
    const bytes = await Deno.readFile(new URL(name, FILES));
    return new Response(bytes, {
      headers: {
        ...HEADERS,
        "content-type": type,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
      },
    });
  } catch (cause) {
    const message = cause instanceof Deno.errors.NotFound
      ? "The page is not built: deno task build makes it"
      : "The page cannot be read: it needs --allow-read of the program's folder";
    throw new LoadError(message, { code: "backend_unavailable", blame: "host", cause });
  }
}
