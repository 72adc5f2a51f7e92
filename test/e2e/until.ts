/** Waits until a condition holds; fails with its name. The only place in the end-to-end tests that looks at the time. */
export async function until(condition: () => Promise<boolean> | boolean, what: string, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within ${limitMs} ms: ${what}`);
}
