/** Where whatever implements OpenTelemetry is registered, for every version 1 of its API. */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/** Whether anything implements OpenTelemetry here: Deno does where `OTEL_DENO=true` is set. */
export function isTelemetryOn(): boolean {
  return REGISTERED in globalThis;
}
