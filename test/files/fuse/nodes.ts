/** The numbers by which the kernel calls what lies in a file system, and their paths, relative to its root, which is 1. */

export interface Nodes {
  /** null for a number that no path has any more. */
  find(node: bigint): string | null;
  /** Throws ENOENT for a number that no path has any more. */
  pathOf(node: bigint): string;
  /** A number is given with the first question. */
  nodeOf(path: string): bigint;
  /** Path of what lies in a folder under this name. */
  child(node: bigint, name: string): string;
  forget(path: string): void;
  /** What lies at `from`, and below it, keeps its numbers; what lay at `to` loses its own. */
  move(from: string, to: string): void;
}

export function openNodes(): Nodes {
  const paths = new Map<bigint, string>([[1n, '']]);
  const nodes = new Map<string, bigint>([['', 1n]]);
  let next = 2n;

  function pathOf(node: bigint): string {
    const path = paths.get(node);
    if (path === undefined) throw Object.assign(new Error('stale'), { code: 'ENOENT' });
    return path;
  }

  function forget(path: string): void {
    const node = nodes.get(path);
    nodes.delete(path);
    if (node !== undefined) paths.delete(node);
  }

  return {
    find: (node) => paths.get(node) ?? null,
    pathOf,
    nodeOf(path) {
      let node = nodes.get(path);
      if (node === undefined) {
        node = next;
        next += 1n;
        nodes.set(path, node);
        paths.set(node, path);
      }
      return node;
    },
    child(node, name) {
      const path = pathOf(node);
      return path === '' ? name : `${path}/${name}`;
    },
    forget,
    move(from, to) {
      forget(to);
      for (const [path, node] of [...nodes]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        const moved = to + path.slice(from.length);
        nodes.delete(path);
        nodes.set(moved, node);
        paths.set(node, moved);
      }
    },
  };
}
