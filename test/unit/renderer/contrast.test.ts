/** Every colour that is drawn on a surface, in both themes, against the ratios of WCAG 2.2: 4.5 for text, 3 for graphics. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Rgb = [number, number, number];
const css = readFileSync(join(import.meta.dirname, '../../../renderer/tokens.css'), 'utf8');

function tokens(theme: 0 | 1): Map<string, Rgb> {
  const found = new Map<string, Rgb>();
  const root = css.slice(0, css.indexOf(":root[data-theme='light']"));
  for (const [, name, light, dark] of root.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)) found.set(name as string, rgb((theme === 0 ? light : dark) as string));
  found.set('accent', found.get('train') as Rgb);
  return found;
}

function rgb(hex: string): Rgb {
  const part = (i: number) => parseInt(hex.slice(i, i + 2), 16);
  return [part(1), part(3), part(5)];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `share` of a over b, as color-mix does in sRGB. */
const mix = (a: Rgb, b: Rgb, share: number) => a.map((part, i) => part * share + (b[i] as number) * (1 - share)) as Rgb;

/** Distance in a simulation of red-green blindness (Vienot 1999, linear approximation): 0 to about 100. */
function distance(a: Rgb, b: Rgb, blind: 'none' | 'protan' | 'deutan'): number {
  const seen = (colour: Rgb): Rgb => {
    if (blind === 'none') return colour;
    const [r, g, b_] = colour.map((part) => (part / 255) ** 2.2) as Rgb;
    const rg = blind === 'protan' ? 0.11238 * r + 0.88762 * g : 0.29275 * r + 0.70725 * g;
    const blue = blind === 'protan' ? 0.00401 * r - 0.00401 * g + b_ : -0.02234 * r + 0.02234 * g + b_;
    return [rg, rg, blue].map((part) => 255 * Math.max(0, part) ** (1 / 2.2)) as Rgb;
  };
  return Math.hypot(...labOf(seen(a)).map((part, i) => part - (labOf(seen(b))[i] as number)));
}

function labOf(colour: Rgb): Rgb {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the %s theme', (_name, theme) => {
  const all = tokens(theme);
  const get = (name: string) => {
    const colour = all.get(name);
    if (!colour) throw new Error(`no token --${name}`);
    return colour;
  };
  const surfaces = ['background', 'panel', 'sunk', 'raised', 'hover', 'selected', 'pressed'];
  const tones = ['ok', 'warn', 'bad', 'info'];

  test.each(['ink', 'ink-2'])('text in %s can be read on every surface', (ink) => {
    for (const surface of surfaces) expect(ratio(get(ink), get(surface)), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['validation', 'test'])('words in %s can be read on cards', (tone) => {
    for (const surface of ['background', 'panel', 'raised']) expect(ratio(get(tone), get(surface)), `${tone} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  test.each([...tones, 'train', 'accent'])('words in %s can be read on cards and rows', (tone) => {
    for (const surface of ['background', 'panel', 'raised', 'hover', 'selected']) {
      expect(ratio(get(tone), get(surface)), `${tone} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(tones)('the sentence in its box coloured %s can be read', (tone) => {
    const box = mix(get(tone), get('panel'), 0.09);
    expect(ratio(get('ink'), box)).toBeGreaterThanOrEqual(4.5);
    expect(ratio(get('ink-2'), box)).toBeGreaterThanOrEqual(4.5);
  });

  test('a primary button can be read', () => {
    expect(ratio(get('panel'), get('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test('lines, borders of controls and dots stand out from what they lie on', () => {
    for (const graphic of ['train', 'validation', 'test', 'ok', 'warn', 'bad', 'info', 'line-strong', 'ink-3']) {
      for (const surface of ['panel', 'background']) expect(ratio(get(graphic), get(surface)), `${graphic} on ${surface}`).toBeGreaterThanOrEqual(3);
    }
  });

  const runs = Array.from({ length: 8 }, (_, i) => `run-${i + 1}`);
  test.each(runs)('%s stands out on a card', (run) => {
    expect(ratio(get(run), get('panel'))).toBeGreaterThanOrEqual(3);
  });

  test('runs can be told apart with any colour vision', () => {
    for (const vision of ['none', 'protan', 'deutan'] as const) {
      for (let i = 0; i < runs.length; i++) {
        for (let j = i + 1; j < runs.length; j++) {
          const apart = distance(get(runs[i] as string), get(runs[j] as string), vision);
          expect(apart, `${runs[i]} and ${runs[j]} (${vision}) are ${apart.toFixed(1)} apart`).toBeGreaterThanOrEqual(vision === 'none' ? 20 : 10);
        }
      }
    }
  });
});
