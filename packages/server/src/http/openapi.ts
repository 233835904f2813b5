/**
 * The description of the interface, made from the schemas of the routes. Every schema with a name is described twice by its
 * library, as it comes in and as it goes out; kept is what a route refers to, directly or not.
 */
import { jsonSchemaTransformObject } from "fastify-type-provider-zod";

type Transform = typeof jsonSchemaTransformObject;

interface Described {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const PREFIX = "#/components/schemas/";

export function describeInterface(document: Parameters<Transform>[0]): ReturnType<Transform> {
  const described = jsonSchemaTransformObject(document) as Described;
  const schemas = described.components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const name of refsIn(part)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name]);
    }
  };
  follow(described.paths);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...described, components: { ...described.components, schemas: kept } } as ReturnType<Transform>;
}

function refsIn(part: unknown): string[] {
  const text = JSON.stringify(part) ?? "";
  return [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!.slice(PREFIX.length));
}
