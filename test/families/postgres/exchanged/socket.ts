/** The driver's sockets, kept so that they can be cut. Stands in the place of `socket.ts`. */
import type { Socket } from "node:net";
import { openSocket as open } from "../../../../host/drivers/postgres/socket.ts";

const unclaimed: Socket[] = [];

/** Opens one, for a session that claims it with its first statement. */
export async function openSocket(...how: Parameters<typeof open>): Promise<Socket> {
  const socket = await open(...how);
  unclaimed.push(socket);
  return socket;
}

/** The socket that was opened the longest ago of those that no session has claimed. */
export function claimSocket(): Socket {
  return unclaimed.shift()!;
}
