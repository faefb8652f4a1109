/** The driver's sockets, kept so that they can be cut. Stands in the place of `socket.ts`. */
import { type ClientSocket, openSocket as open } from "../../../../host/drivers/postgres/socket.ts";

export * from "../../../../host/drivers/postgres/socket.ts";

const unclaimed: ClientSocket[] = [];

/** Opens one, for a session that claims it with its first statement. */
export async function openSocket(...how: Parameters<typeof open>): Promise<ClientSocket> {
  const socket = await open(...how);
  unclaimed.push(socket);
  return socket;
}

/** The socket that was opened the longest ago of those that no session has claimed. */
export function claimSocket(): ClientSocket {
  return unclaimed.shift()!;
}
