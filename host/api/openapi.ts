/** The OpenAPI document of the API, made of its routes and of the schemas of their answers. */
import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from "@valibot/to-json-schema";
import type * as v from "valibot";
import { VERSION } from "../platform/version.ts";
import {
  AcceptedSchema,
  AliveSchema,
  EventSchema,
  EventsSchema,
  MetricsSchema,
  NotReadySchema,
  PastLoadsSchema,
  PlacedSchema,
  ReadySchema,
  RefusalSchema,
  ReleasedSchema,
  RemovedSchema,
} from "./answer_schema.ts";
import { LoadDetailsSchema, LoadStatusSchema, RunOutcomeSchema } from "./load_schema.ts";
import type { Route } from "./route.ts";
import { BackendStatusSchema, PluginStatusSchema, ProgramStatusSchema } from "./status_schema.ts";

/** What the document calls the schemas that it names. */
const NAMED: Readonly<Record<string, v.GenericSchema>> = {
  ProgramStatus: ProgramStatusSchema,
  PluginStatus: PluginStatusSchema,
  BackendStatus: BackendStatusSchema,
  LoadStatus: LoadStatusSchema,
  LoadDetails: LoadDetailsSchema,
  RunOutcome: RunOutcomeSchema,
  PastLoads: PastLoadsSchema,
  Metrics: MetricsSchema,
  Events: EventsSchema,
  Event: EventSchema,
  Alive: AliveSchema,
  Ready: ReadySchema,
  NotReady: NotReadySchema,
  Accepted: AcceptedSchema,
  Released: ReleasedSchema,
  Placed: PlacedSchema,
  Removed: RemovedSchema,
  Refusal: RefusalSchema,
};

/** OpenAPI 3.1 takes JSON Schema as it is. What cannot be said in it is an error. */
const CONVERSION: ConversionConfig = {
  target: "draft-2020-12",
  typeMode: "input",
  errorMode: "throw",
  ignoreActions: ["readonly"],
};

type Members = Readonly<Record<string, unknown>>;

/** The document, in version 3.1 of OpenAPI. */
export function openApiDocument(routes: readonly Route[]): Members {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "snakepipe",
      version: VERSION,
      description: "What a snakepipe that runs tells, and does when it is asked to",
    },
    paths,
    components: {
      schemas: toJsonSchemaDefs(NAMED, {
        ...CONVERSION,
        overrideRef: ({ referenceId }) => placeOf(referenceId),
      }),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "The token of --token-file. Reading needs it beyond this machine alone, and " +
            "through a Unix socket nothing does where there is no token",
        },
      },
    },
  };
}

function operationOf(route: Route): Members {
  const { about, access, path, query, body, answer, others = {}, refusals = {}, headers = {} } =
    route;
  const needed = { operators: [{ token: [] }], readers: [{}, { token: [] }], anyone: [{}] };
  const ownNames = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return {
    operationId: idOf(route),
    summary: about,
    security: needed[access],
    parameters: [
      ...ownNames.map(inPath),
      ...query ? inQuery(query) : [],
      ...Object.entries(headers).map(([name, description]) => ({
        ...{ name, in: "header", description, schema: { type: "string" } },
      })),
    ],
    ...body && {
      requestBody: { required: true, content: { [body.type]: { schema: {} } } },
    },
    responses: {
      [answer.status]: {
        description: answer.status === 202 ? "It will be done" : "What was asked for",
        content: {
          ...answer.schema && jsonOf(answer.schema),
          ...answer.type !== undefined && { [answer.type]: { schema: { type: "string" } } },
        },
      },
      ...Object.fromEntries(
        Object.entries(others).map(([status, schema]) => [
          status,
          {
            description: Number(status) < 300 ? "It is there now" : "What stands against it",
            content: jsonOf(schema),
          },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries({ ...GENERAL[access], ...query && BAD_QUERY, ...refusals }).map((
          [status, description],
        ) => [
          status,
          { description, content: jsonOf(RefusalSchema) },
        ]),
      ),
    },
  };
}

const FOREIGN =
  "Another site asks, or by a name that is not this host's; or nothing can be changed";

/** Refusals that any route may answer by, of who may ask for it. */
const GENERAL: Readonly<Record<Route["access"], Readonly<Record<number, string>>>> = {
  anyone: { 403: FOREIGN },
  readers: { 401: "The token is missing or another one", 403: FOREIGN },
  operators: { 401: "The token is missing or another one", 403: FOREIGN },
};

const BAD_QUERY = { 400: "What stands behind the question mark cannot be used" };

/** `postLoadsNameRun` for `POST /loads/{name}/run`. */
function idOf({ method, path }: Route): string {
  const words = path.split(/\W+/).filter((word) => word !== "");
  const names = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
  return [method.toLowerCase(), ...names].join("");
}

function inPath(name: string): Members {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function inQuery(query: v.GenericSchema): Members[] {
  const { properties = {}, required = [] } = toJsonSchema(query, CONVERSION) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as JsonSchema;
    const isRequired = required.includes(name);
    return {
      name,
      in: "query",
      required: isRequired,
      ...description && { description },
      schema: rest,
    };
  });
}

function jsonOf(schema: v.GenericSchema): Members {
  return { "application/json": { schema: { $ref: placeOf(nameOf(schema)) } } };
}

/** @throws {Error} where a route answers what has no name here */
function nameOf(schema: v.GenericSchema): string {
  const found = Object.entries(NAMED).find(([, named]) => named === schema);
  if (!found) throw new Error("A route answers by a schema that has no name in the document");
  return found[0];
}

function placeOf(name: string): string {
  return `#/components/schemas/${name}`;
}
