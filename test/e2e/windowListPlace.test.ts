/** Where the list of runs stands: it goes to the run that is opened, and moves under nobody's hand. */
import { expect, test } from 'vitest';
import type { Fake } from '../fixtures/bridge/fake.ts';
import { describeWindow, open, page, until } from './windowUser.ts';

declare const window: { fake: Fake };

describeWindow('the place of the list', () => {
  test('brings the run that is open into sight, wherever it was opened from', async () => {
    await open();
    const last = page.locator('[data-run="1:yolo11m-site/seed54"]');
    expect(await last.count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('yolo11m-site/seed54');
    await page.keyboard.press('Enter');
    await last.waitFor();
    const list = page.getByRole('listbox', { name: 'Runs, newest first' });
    const inList = async () => {
      const [row, box] = await Promise.all([last.boundingBox(), list.boundingBox()]);
      return row !== null && box !== null && row.y >= box.y && row.y + row.height <= box.y + box.height;
    };
    await until(inList);
    await page.reload();
    await last.waitFor();
    await until(inList);
  });

  test('stays where it was scrolled to while another folder is read', async () => {
    await open();
    const list = page.getByRole('listbox', { name: 'Runs, newest first' });
    const scrolled = () => list.evaluate((element) => element.scrollTop);
    await list.hover();
    await page.mouse.wheel(0, 900);
    await until(async () => (await scrolled()) === 900);
    await page.evaluate(async () => {
      const answer = await window.fake.request('overview');
      if (!answer.ok) return;
      const { roots, totals } = answer.value;
      for (const state of ['loading', 'ok'] as const) {
        window.fake.emit('changed', { runs: [], removed: [], roots: [...roots, { ...(roots[0] as (typeof roots)[0]), id: 2, path: '/mnt/more', shown: '/mnt/more', state }], totals });
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }
    });
    await page.getByText('2 folders').waitFor();
    expect(await scrolled()).toBe(900);
  });
});
