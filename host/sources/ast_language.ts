/** The languages that source code is parsed in. */

/**
 * Suffix to grammar. Left out of the package's 36 grammars are `elm` and `ql`, whose versions (12
 * and 10) this tree-sitter no longer reads, and `yaml`, whose scanner is not linked whole; and those
 * whose suffix is shared (`objc`, `.m`) or that parse only half of what a file holds
 * (`embedded_template`).
 */
const GRAMMAR_OF: Readonly<Record<string, string>> = {
  bash: "bash",
  c: "c",
  cc: "cpp",
  cjs: "javascript",
  cpp: "cpp",
  cs: "c_sharp",
  css: "css",
  cts: "typescript",
  cxx: "cpp",
  dart: "dart",
  el: "elisp",
  ex: "elixir",
  exs: "elixir",
  go: "go",
  h: "c",
  hh: "cpp",
  hpp: "cpp",
  htm: "html",
  html: "html",
  hxx: "cpp",
  java: "java",
  js: "javascript",
  json: "json",
  jsx: "javascript",
  kt: "kotlin",
  kts: "kotlin",
  lua: "lua",
  mjs: "javascript",
  ml: "ocaml",
  mts: "typescript",
  php: "php",
  py: "python",
  pyi: "python",
  rb: "ruby",
  rdl: "systemrdl",
  res: "rescript",
  rs: "rust",
  sc: "scala",
  scala: "scala",
  sh: "bash",
  sol: "solidity",
  swift: "swift",
  tla: "tlaplus",
  toml: "toml",
  ts: "typescript",
  tsx: "tsx",
  vue: "vue",
  zig: "zig",
};

/** Suffixes of files that can be parsed, without the dot, sorted. */
export const AST_SUFFIXES: readonly string[] = Object.keys(GRAMMAR_OF);

/** The language of a file by its suffix; undefined where there is no grammar for it. */
export function languageOf(path: string): string | undefined {
  const suffix = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(GRAMMAR_OF, suffix) ? GRAMMAR_OF[suffix] : undefined;
}
