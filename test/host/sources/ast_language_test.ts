import { assertEquals } from "@std/assert";
import { Parser } from "web-tree-sitter";
import { loadGrammar } from "../../../host/sources/ast_grammar.ts";
import { AST_SUFFIXES, languageOf } from "../../../host/sources/ast_language.ts";

/** A few lines of each language that call on the scanner of its grammar: strings, comments, indents. */
const SAMPLES: Record<string, string> = {
  bash:
    "#!/bin/bash\nfor f in *.txt; do cat <<EOF\n$f ${f%.txt}\nEOF\ndone\n[[ a =~ b.* ]] && echo 'x'\n",
  c: '#include <stdio.h>\n/* c */ int main(void) { printf("%d\\n", 1 + 2); return 0; }\n',
  cpp: 'template <class T> T f(T x) { auto s = R"x(raw)x"; return x; } // end\n',
  c_sharp: 'using System;\nclass A { string B => $"{1 + 1} {nameof(A)}"; string C = @"x""y"; }\n',
  css:
    "/* c */ a > b:hover::after { color: #fff; margin: -1px calc(1px + 2em); }\n@media print { a {} }\n",
  dart: "/* a /* nested */ */\nvoid main() { var x = 1; print('x is $x ${x + 1}'); }\n",
  elisp: ';; c\n(defun f (x) "doc" (let ((y `(,x ?a))) y))\n',
  elixir: 'defmodule A do\n  @doc """\n  text #{1}\n  """\n  def f(x), do: ~r/a.b/i\nend\n',
  go: "package main\n\nfunc main() {\n\tx := `raw`\n\tgo func() { println(x, 'a') }()\n}\n",
  html:
    "<!DOCTYPE html><html><body><p>a &amp; b<br><script>let a = 1 < 2;</script></body></html>\n",
  java: 'class A<T> { @Override public String toString() { return "x" + (char) 65; } }\n',
  javascript:
    "const f = async (x) => `a${x ?? /re[/]g/i}`\nclass A { #p = 1; static {} }\nlet b = <p a='1'>x</p>\n",
  json: '{"a": [1, -2.5e3, true, null, "\\u0041"]}\n',
  kotlin: 'fun main() {\n  val x = "a $y ${1 + 1}"\n  println(x)\n}\n',
  lua:
    "local t = { a = 1, [2] = [[long\nstring]] } --[[ block\ncomment ]]\nfor k, v in pairs(t) do print(k) end\n",
  ocaml: 'let rec f x = match x with | [] -> {|quoted|} | _ :: t -> f t (* a "string" *)\n',
  php:
    "<p><?php\n$x = <<<EOT\nhi $y {$z['a']}\nEOT;\nfunction f(?int $a = 1) { return fn() => $a; }\n?></p>\n",
  python:
    'def f(x):\n    """doc"""\n    if x:\n        return f"{x!r:>{10}} a"\n    # c\n    return [y for y in x]\n',
  rescript: "let x = `a ${b}`\nlet f = (~a, b) => switch a { | Some(1) => b | _ => 2 }\n",
  ruby:
    'def f(x)\n  y = <<~EOS\n    a #{x}\n  EOS\n  %w[a b].map { |z| z =~ /a/ ? :b : "c" }\nend\n',
  rust: 'fn f<\'a>(x: &\'a str) -> String { let r = r#"raw"#; /* a /* b */ */ format!("{x}") }\n',
  scala: 'object A {\n  val x = s"a ${1 + 1}"\n  def f(a: Int): Int = a match { case 1 => 2 }\n}\n',
  solidity:
    "pragma solidity ^0.8.0;\ncontract A { uint256 public x; function f() external returns (uint) { return x + 1; } }\n",
  swift: 'func f(_ x: Int) -> String { let y = """\n  a \\(x)\n  """\n  return y + #"raw"# }\n',
  systemrdl: "addrmap a { reg { field { sw = rw; hw = r; } f[8]; } r; };\n",
  tlaplus:
    "---- MODULE A ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0\nNext == /\\ x < 3\n        /\\ x' = x + 1\n====\n",
  toml: '# c\na = 1\n[b]\nc = """\nx"""\nd = [1979-05-27T07:32:00Z, 1.5]\ne = { f = \'x\' }\n',
  tsx: "const f = <T,>(p: T): JSX.Element => <A b={p}>text {`x${1}`}</A>;\n",
  typescript:
    "abstract class A<T extends B> { declare x: T; f(this: A<T>): asserts x is T { return `a${1}` as any; } }\n",
  vue: '<template><p v-if="a">{{ b }}</p></template>\n<script>\nexport default {}\n</script>\n',
  zig:
    'const std = @import("std");\npub fn main() !void { var x: u8 = 1; std.debug.print("{}\\n", .{x}); }\n',
};

Deno.test("every grammar that a suffix leads to parses a sample without an error", async (t) => {
  const grammars = new Set(AST_SUFFIXES.map((suffix) => languageOf(`x.${suffix}`)!));
  assertEquals([...grammars].sort(), Object.keys(SAMPLES).sort());
  for (const [language, sample] of Object.entries(SAMPLES)) {
    await t.step(language, async () => {
      const grammar = await loadGrammar(language);
      const parser = new Parser().setLanguage(grammar);
      const tree = parser.parse(sample)!;
      assertEquals(tree.rootNode.hasError ? tree.rootNode.toString() : "", "");
      assertEquals(tree.rootNode.descendantCount > 5, true);
      tree.delete();
      parser.delete();
    });
  }
});

Deno.test("a language is known by the suffix alone, in upper case too", () => {
  assertEquals(languageOf("a/b.test.TS"), "typescript");
  assertEquals(languageOf("a.d.mts"), "typescript");
  for (const path of ["Makefile", "a.yaml", "a.constructor", "a.", "a.ts/b"]) {
    assertEquals(languageOf(path), undefined);
  }
});
