/** As whom servers run: they refuse root. */

/** Who runs a server. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run the server as when we are root: `nobody`, or whoever else is not root. */
export function serverUser(): ServerUser | undefined {
  if (Deno.uid() !== 0) return undefined;
  // A server looks its own user up by id, so it has to be one that is in the file.
  const users = Deno.readTextFileSync("/etc/passwd").split("\n").map((line) => line.split(":"));
  const found = users.find(([name]) => name === "nobody") ??
    users.find(([, , uid]) => uid !== undefined && Number(uid) > 0);
  if (!found) throw new Error("No user but root in /etc/passwd, which no server runs as");
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
