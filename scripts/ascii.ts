import type { Plugin } from 'vite';

/**
 * Writes every character beyond ASCII as an escape. One of them anywhere makes V8 keep a script of half a megabyte in two bytes a character,
 * and read it so: 5 ms of the 110 to the first curves. Code has such characters in strings, templates and regular expressions alone (none uses
 * `String.raw`), and there an escape is the same.
 */
export function ascii(): Plugin {
  return {
    name: 'ascii',
    apply: 'build',
    // After minifying, which undoes escapes. Lines stay what they are, which is what the source map is for.
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escape);
    },
  };
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
