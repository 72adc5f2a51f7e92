import { join, normalize, sep } from 'node:path';

/** The file below `folder` that a URL of our scheme names; null for another host or a path that leaves the folder. */
export function fileFor(url: string, folder: string): string | null {
  const parsed = URL.parse(url);
  if (!parsed || parsed.protocol !== 'app:' || parsed.host !== 'gapwatch') return null;
  let path: string;
  try {
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  return file.startsWith(folder + sep) ? file : null;
}
