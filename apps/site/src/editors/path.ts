/** The steps of a problem's path: `schedulers[1].T_max` is `["schedulers", 1, "T_max"]`. */
export function stepsOf(path: string): (string | number)[] {
  if (path === "spec") return [];
  return [...path.matchAll(/\[(\d+)\]|\["(.*?)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name) : Number(index),
  );
}
