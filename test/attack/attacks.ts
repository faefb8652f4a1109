/** The hostile plans, which stand in a folder for each family, one in each file. */
import { fromFileUrl, join } from "@std/path";
import type { StatementAttack } from "./statement_attack.ts";

const ATTACKS = fromFileUrl(new URL("./statement", import.meta.url));

/** Names of those on a family, sorted. */
export function attacksOn(family: string): readonly string[] {
  const files = [...Deno.readDirSync(join(ATTACKS, family))];
  return files.map(({ name }) => name.replace(/\.ts$/, "")).sort();
}

/** One of them. */
export async function attackOf(family: string, name: string): Promise<StatementAttack> {
  const { attack } = await import(`./statement/${family}/${name}.ts`) as {
    attack: StatementAttack;
  };
  return attack;
}
