import type { Route, Wire } from './wire.js';

export type Match =
  | {
      readonly type: 'route';
      readonly wire: Wire;
      readonly route: Route;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly type: 'no-route'; readonly wire: Wire }
  | { readonly type: 'no-wire' };

interface Compiled {
  readonly wire: Wire;
  readonly fixed: ReadonlyMap<string, Route>;
  readonly patterns: readonly { readonly route: Route; readonly expression: RegExp }[];
}

const compile = (wire: Wire): Compiled => ({
  wire,
  fixed: new Map(wire.routes.filter(isFixed).map((route) => [`${route.method} ${route.path}`, route])),
  patterns: wire.routes.filter((route) => !isFixed(route)).map((route) => ({ route, expression: expressionOf(route) })),
});

const isFixed = (route: Route): boolean => !route.path.includes('{');

const expressionOf = (route: Route): RegExp =>
  new RegExp(`^${route.path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+?)')}$`);

/** Prepares the lookup of a route by method and path; the wire with the longest prefix owns a path. */
export const createRouteTable = (wires: readonly Wire[]) => {
  const compiled = [...wires].sort((one, other) => other.prefix.length - one.prefix.length).map(compile);
  return (method: string, path: string): Match => {
    const owner = compiled.find(({ wire }) => path.startsWith(wire.prefix) && path.charAt(wire.prefix.length) === '/');
    if (owner === undefined) return { type: 'no-wire' };
    const { wire } = owner;
    const rest = path.slice(wire.prefix.length);
    const fixed = owner.fixed.get(`${method} ${rest}`);
    if (fixed !== undefined) return { type: 'route', wire, route: fixed, params: {} };
    for (const { route, expression } of owner.patterns) {
      const groups = route.method === method ? expression.exec(rest)?.groups : undefined;
      if (groups !== undefined) return { type: 'route', wire, route, params: decoded(groups) };
    }
    return { type: 'no-route', wire };
  };
};

const decoded = (groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeSafely(value)]));

const decodeSafely = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return value;
    throw error;
  }
};
