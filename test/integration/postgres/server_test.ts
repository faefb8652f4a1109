/** The test server itself: whatever becomes of its process, nothing stays behind. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const SERVER = new URL("../../support/postgres_server.ts", import.meta.url);

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    const { success } = await new Deno.Command("kill", { args: ["-0", `${pid}`], stderr: "null" })
      .output();
    if (!success) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const signal of ["SIGKILL", "SIGINT", "SIGTERM"] as const) {
  Deno.test(`test server does not outlive a process that ends by ${signal}`, async () => {
    const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", config, "-"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`
      const { startPostgres } = await import(${JSON.stringify(SERVER.href)});
      const server = await startPostgres({ fsync: false });
      console.log(JSON.stringify([server.socketDir, ...server.pids]));
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    `));
    await writer.close();
    const reader = child.stdout.getReader();
    const line = new TextDecoder().decode((await reader.read()).value);
    const [folder, ...pids] = JSON.parse(line) as [string, ...number[]];
    child.kill(signal);
    await child.status;
    await reader.cancel();
    assertEquals(pids.length, 2);
    for (const pid of pids) assertEquals(await gone(pid), true);
    // The guard removes the data before it ends; a shell of its own may need a moment more.
    for (let i = 0; i < 100 && await exists(folder); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assertEquals(await exists(folder), false);
  });
}
