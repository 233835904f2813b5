/**
 * The pattern of the route that took a request of Express, through mounted routers: `/orgs/:org/users/:id`. What Express itself
 * keeps of mounts is the part of the path, with its values, so the pattern is found by going down the routers again.
 *
 * Only done for requests that have failed. Reads the routers, changes nothing in them.
 */
import type { IncomingMessage } from "node:http";

interface Route {
  readonly path: unknown;
}

interface Match {
  /** The part of the path that it took. */
  readonly path?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** Keeps its last match itself before version 2.3 of the router, and only returns it since. */
interface Layer extends Match {
  readonly route?: Route | undefined;
  readonly handle?: Partial<Router>;
  match(path: string): boolean | Match;
}

interface Router {
  readonly stack: readonly Layer[];
}

/** `null` when no route took the request. */
export function expressRoute(app: object, request: IncomingMessage): string | null {
  const { route, originalUrl = "" } = request as IncomingMessage & { route?: Route; originalUrl?: string };
  if (route === undefined) return null;
  // A router by itself is watched in the same way.
  const { router = app } = app as { router?: Partial<Router> };
  const path = originalUrl.split("?", 1)[0]!;
  // An application mounted in another hides its routes: of the way to it nothing is told.
  return patternTo(route, router, path) ?? `…${textOf(route)}`;
}

function patternTo(route: Route, router: Partial<Router> | undefined, path: string): string | null {
  for (const layer of router?.stack ?? []) {
    if (layer.route === route) return textOf(route);
    const match = layer.handle?.stack === undefined ? false : layer.match(path);
    if (match === false) continue;
    const { path: prefix = "", params = {} } = match === true ? layer : match;
    const rest = patternTo(route, layer.handle as Router, path.slice(prefix.length) || "/");
    if (rest !== null) return `${withNames(prefix, params)}${rest}`;
  }
  return null;
}

function textOf({ path }: Route): string {
  return typeof path === "string" ? path : String(path);
}

/** `/orgs/acme` as `/orgs/:org`. */
function withNames(prefix: string, params: Readonly<Record<string, unknown>>): string {
  const nameOf = (segment: string): string | undefined =>
    Object.keys(params).find((name) => [params[name]].flat().includes(decoded(segment)));
  const named = prefix.split("/").map((segment) => {
    const name = segment === "" ? undefined : nameOf(segment);
    return name === undefined ? segment : `:${name}`;
  });
  return named.join("/").replace(/\/$/, "");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
