/** CPU time of the page, for guards that must fail when the window becomes slow and not when the machine is busy. */
import type { CDPSession, Page } from 'playwright';

/**
 * CPU seconds that the page's main thread spends on `work` (script, layout, drawing) and until the frame after it. What else runs on the
 * machine is not counted; how fast its cores are still is, so compare with what some other work takes on the same page.
 */
export async function pageCpu(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await spent(session);
    await work();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    return (await spent(session)) - before;
  } finally {
    await session.detach();
  }
}

async function spent(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}
