/**
 * What tests need to be built. Nobody changes its sources while a test file runs, and to look at all of
 * them takes 8 ms of CPU and more: so each is looked at once.
 */
import { buildCodec } from "../../tools/build_codec.ts";
import { buildPage } from "../../tools/build_page.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { buildProgram } from "../../tools/build_program.ts";

let library: Promise<void> | undefined;
let program: Promise<void> | undefined;

/** Builds plugins and codec where they are not up to date. */
export function builtLibrary(): Promise<void> {
  return library ??= buildPlugins().then(() => buildCodec());
}

/** Builds these, the page and the program. */
export function builtProgram(): Promise<void> {
  return program ??= builtLibrary().then(() => buildPage()).then(() => buildProgram());
}
