/** The grammars of languages. Whoever imports this module loads the parser. */
import { Language, Parser } from "web-tree-sitter";

let runtime: Promise<void> | undefined;
const grammars = new Map<string, Promise<Language>>();

/** The grammar of a language that `languageOf` gave; loaded once in a process. */
export function loadGrammar(language: string): Promise<Language> {
  let grammar = grammars.get(language);
  if (grammar === undefined) {
    grammar = readGrammar(language);
    grammars.set(language, grammar);
  }
  return grammar;
}

/**
 * Where the parser's own module is. Looked at here, which says what is wrong: the package would end
 * the program.
 */
function locateFile(name: string, folder: string): string {
  Deno.statSync(folder + name);
  return folder + name;
}

async function readGrammar(language: string): Promise<Language> {
  runtime ??= Parser.init({ locateFile });
  await runtime;
  // A whole specifier, since only such ones are rewritten when the package is published.
  const folder = import.meta.resolve("tree-sitter-wasms/package.json");
  const url = new URL(`out/tree-sitter-${language}.wasm`, folder);
  return await Language.load(await Deno.readFile(url));
}
