/** A module of Node.js; nothing where there is none, and no bundler looks for it. */
export function node_module<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as Modules[Name] | undefined;
}

interface Modules {
  "node:crypto": typeof import("node:crypto");
  "node:fs": typeof import("node:fs");
  "node:path": typeof import("node:path");
  "node:zlib": typeof import("node:zlib");
}
