/** What happens to the set of backends, told as it happens. */
import type { BackendInfo } from "../model/backend.ts";

/** One change of the registry. */
export interface RegistryEvent {
  /** What happened. */
  readonly kind:
    | "registered"
    | "replaced"
    | "deregistered"
    | "refused"
    | "quarantined"
    | "released";
  /** The backend that it happened to. */
  readonly backend: BackendInfo;
  /** What was in its place, where it was replaced; of another type perhaps. */
  readonly before?: BackendInfo;
  /** Version of the snapshot that the change led to; several changes may lead to one. */
  readonly snapshot: number;
}

/** Hears every change, in order. What it throws is swallowed: a listener cannot undo a change. */
export type RegistryListener = (event: RegistryEvent) => void;
