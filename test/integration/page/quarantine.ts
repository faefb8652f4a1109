/** A plugin that is quarantined when `serve` starts. */
import type { ServeFolder } from "../serve/serve_program.ts";

/**
 * Has a plugin of a folder be quarantined, as if it had failed three times: one that no backend of its
 * configuration has. Returns its type.
 */
export async function quarantine(folder: ServeFolder): Promise<string> {
  let used: readonly (string | undefined)[];
  {
    // It writes down which plugins there are.
    await using serve = folder.serve();
    used = (await serve.status()).backends.map(({ type }) => type);
    await serve.stop();
  }
  const lock = folder.path("plugins", "plugins.lock");
  const known = JSON.parse(await Deno.readTextFile(lock));
  const types = Object.keys(known.plugins).map((file) => file.replace(/\.wasm$/, ""));
  const type = types.sort().find((type) => !used.includes(type));
  if (type === undefined) throw new Error("Every plugin is in use");
  known.plugins[`${type}.wasm`].faults = { count: 3, last: "it has trapped" };
  await Deno.writeTextFile(lock, JSON.stringify(known));
  return type;
}
