/** The run view while a run grows: new points, how they are asked for, and what is not asked for. */
import { expect, test } from 'vitest';
import type { Fake } from '../fixtures/bridge/fake.ts';
import { asked, BUG, describeWindow, drawn, grow, LOSS, number, open, openRun, page, until } from './windowUser.ts';

declare const window: { fake: Fake };

describeWindow('the run view of a run that grows', () => {
  test('draws new points as they come, says how long that takes, and stays where the user zoomed', async () => {
    await open();
    await openRun(BUG);
    await drawn(LOSS, 'last-train');
    const before = { x: await number(LOSS, 'last-x'), points: await number(LOSS, 'points') };
    await grow(BUG, 0.05);
    await until(async () => (await number(LOSS, 'last-x')) > before.x && (await number(LOSS, 'points')) > before.points);
    expect(await page.getByText(/append to pixel/).count()).toBe(0);
    for (const share of [0.05, 0.06]) {
      const x = await number(LOSS, 'last-x');
      await grow(BUG, share);
      await until(async () => (await number(LOSS, 'last-x')) > x);
    }
    await page.getByText(/append to pixel \d+ ms/).waitFor();

    await drag(0.3, 0.6);
    await until(async () => (await number(LOSS, 'from')) > 1);
    const zoom = [await number(LOSS, 'from'), await number(LOSS, 'to')];
    await grow(BUG, 0.05);
    await page.waitForTimeout(300);
    expect([await number(LOSS, 'from'), await number(LOSS, 'to')]).toEqual(zoom);
    await page.locator(`${LOSS} .u-over`).dblclick();
    await until(async () => (await number(LOSS, 'from')) === 0);
  });

  test('says of a diagnosis that it is of a part, while a folder is read and while new points are judged', async () => {
    const soFar = page.locator('.sentence', { hasText: 'So far: more is still being read.' });
    await open('scene=reading');
    await soFar.waitFor();
    await open();
    await openRun(BUG);
    expect(await soFar.count()).toBe(0);
    await page.evaluate(() => window.fake.slowDown(2500));
    await grow(BUG, 0.01);
    await soFar.waitFor();
    await soFar.waitFor({ state: 'detached' });
  });

  test('answers a burst of messages with one request at a time', async () => {
    await open('delay=60');
    await openRun(BUG);
    await drawn(LOSS, 'last-train');
    await page.waitForTimeout(400);
    const before = (await asked('curves')).length;
    await grow(BUG, 0.001, 100);
    await page.waitForTimeout(500);
    expect((await asked('curves')).length - before).toBeLessThanOrEqual(6);
  });

  test('fetches nothing while the window is hidden, and catches up when it is seen', async () => {
    await open();
    await openRun(BUG);
    await drawn('[data-chart="accuracy"]', 'points');
    await page.waitForTimeout(500);
    const before = { requests: (await asked('curves')).length, x: await number(LOSS, 'last-x') };
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await grow(BUG, 0.01, 5);
    await page.waitForTimeout(300);
    expect((await asked('curves')).length).toBe(before.requests);
    await hide(false);
    await until(async () => (await number(LOSS, 'last-x')) > before.x);
  });

  test('fetches only charts in sight', async () => {
    await open('scene=wide');
    await openRun('1:a-wide-one');
    await drawn('[data-chart="m0"]', 'points');
    await page.getByRole('button', { name: /Show \d+ more/ }).waitFor();
    const last = page.locator('[data-chart="m8"]');
    expect(await last.getAttribute('data-points')).toBeNull();
    const wanted = async () => JSON.stringify(await asked('curves'));
    expect(await wanted()).not.toContain('m8/');
    await last.scrollIntoViewIfNeeded();
    await drawn('[data-chart="m8"]', 'points');
    expect(await wanted()).toContain('m8/');
  });
});

async function drag(from: number, to: number): Promise<void> {
  const box = await page.locator(`${LOSS} .u-over`).boundingBox();
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + box.width * from, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 70, { steps: 6 });
  await page.mouse.up();
}
