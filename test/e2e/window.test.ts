/** The window on a fake bridge that replays recorded runs: the list, the diagnosis and folders, without the service. */
import { describe, expect, test } from 'vitest';
import { HOSTILE } from '../fixtures/bridge/scenes.ts';
import { pageCpu } from './pageCpu.ts';
import { asked, BUG, describeWindow, open, openRun, page, until } from './windowUser.ts';

const JUMPS = 40;
/** How many times the CPU of as many plain elements the rows of the list may take; 2.6 when this was written. */
const MOST_OF_PLAIN = 6;

describeWindow('the window', () => {
  const names = () => page.locator('[data-run] .name').allInnerTexts();

  describe('the runs list', () => {
    test('filters by words, regular expressions and conditions, and says what it cannot read', async () => {
      await open();
      await page.keyboard.press('/');
      await page.keyboard.type('digits state:running');
      expect(await names()).toEqual(['digits-cnn/accum4', 'digits-mlp/seed6', 'digits-mlp/seed7']);
      await page.fill('#filter', '/seed[67]$/');
      expect((await names()).filter((name) => name.startsWith('digits'))).toEqual(['digits-mlp/seed6', 'digits-mlp/seed7']);
      await page.fill('#filter', '/(/');
      await page.getByText('not a valid regular expression').first().waitFor();
      await page.keyboard.press('Escape');
      expect((await names()).length).toBeGreaterThan(10);
    });

    test('is unfiltered by Escape, in the box and in the list, before Escape does anything else', async () => {
      await open();
      await page.getByRole('button', { name: 'Machine' }).click();
      const all = await names();
      await page.fill('#filter', 'seed7');
      await page.keyboard.press('Escape');
      expect([await page.inputValue('#filter'), await page.locator('#filter:focus').count()]).toEqual(['', 1]);
      await page.fill('#filter', 'seed7');
      await page.keyboard.press('ArrowDown');
      const marked = await page.locator('.row.active').getAttribute('data-run');
      await page.keyboard.press('Escape');
      expect(await page.inputValue('#filter')).toBe('');
      expect((await names()).length).toBe(all.length);
      await page.locator(`.list:focus .row.active[data-run="${marked}"]`).waitFor();
      await page.getByRole('heading', { name: 'Machine' }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('[data-chart="Loss"]').waitFor();
    });

    test('an empty list says why, and leads out of it', async () => {
      await open();
      await page.fill('#filter', 'lr15');
      await page.getByRole('listbox', { name: 'Runs, newest first' }).press('Home');
      await page.keyboard.press('h');
      await page.getByText('No run matches. 1 hidden run matches.').waitFor();
      await page.getByRole('button', { name: 'Show hidden runs' }).click();
      await until(async () => (await names())[0] === 'digits-mlp/lr15');
      await page.fill('#filter', 'state:');
      expect(await page.getByText('Something is missing after “state:”.').count()).toBe(1);
      await page.fill('#filter', 'no such run');
      await page.getByText('No run matches.').waitFor();
      await page.getByRole('button', { name: 'Clear the filter' }).last().click();
      await until(async () => (await names()).length > 10);
    });

    test('says that it is being read where that takes long', async () => {
      await open();
      await openRun(BUG);
      await page.evaluate(() => (location.search = '?delay=2000'));
      await page.getByText('Reading …', { exact: true }).waitFor();
      expect(await names()).toEqual([]);
    });

    test('compares what no row holds: a number of the configuration', async () => {
      await open();
      const all = (await names()).length;
      await page.fill('#filter', 'lr<=5e-4');
      await until(async () => (await page.locator('[role=option]').count()) === 3);
      expect(await asked('numbers')).toEqual([['lr']]);
      await page.fill('#filter', '');
      expect((await names()).length).toBe(all);
    });

    test('is moved through, opened, pinned and hidden by keys', async () => {
      await open();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const second = (await names())[1] as string;
      await page.locator('h1', { hasText: second }).waitFor();
      await page.keyboard.press('p');
      await page.getByText('Pinned', { exact: true }).waitFor();
      expect((await names())[0]).toBe(second);
      expect(await asked('setPinned')).toEqual([[`1:${second}`, true]]);
      await page.keyboard.press('h');
      await until(async () => !(await names()).includes(second));
      await page.getByRole('button', { name: 'Show 1 hidden' }).click();
      await until(async () => (await names()).includes(second));
      await page.getByRole('listbox', { name: 'Runs, newest first' }).focus();
      await page.keyboard.press('End');
      await until(async () => (await page.locator('.row.active').getAttribute('aria-posinset')) === '60');
    });

    test('opens where it was left, without waiting for the list; the first run where that is gone', async () => {
      const openRuns = async () => (await asked('run')).map(([key]) => key);
      await open();
      const first = (await openRuns())[0];
      await openRun(BUG);
      await page.reload();
      await page.locator('h1', { hasText: BUG.slice(2) }).waitFor();
      expect(new Set(await openRuns())).toEqual(new Set([BUG]));
      await page.evaluate(() => localStorage.setItem('gapwatch.view', JSON.stringify({ run: '1:gone' })));
      await page.reload();
      await until(async () => (await openRuns()).includes(first));
      await page.locator('h1', { hasText: String(first).slice(2) }).waitFor();
    });

    test('holds thousands of rows with a few of them in the page', async () => {
      await open('rows=5000');
      expect(await page.locator('[role=option]').count()).toBeLessThan(50);
      await page.getByRole('listbox', { name: 'Runs, newest first' }).focus();
      await page.keyboard.press('End');
      await page.locator('[role=option][aria-posinset="5000"]').waitFor();
      expect(await page.locator('[role=option]').count()).toBeLessThan(50);
      const ratios: number[] = [];
      for (let i = 0; i < 3; i++) {
        const plain = await pageCpu(page, () => page.evaluate(jump, [JUMPS, false] as [number, boolean]));
        const ours = await pageCpu(page, () => page.evaluate(jump, [JUMPS, true] as [number, boolean]));
        console.log(`5000 rows: ${JUMPS} jumps through the list took ${(ours * 1000).toFixed(0)} ms of CPU, plain elements ${(plain * 1000).toFixed(0)} ms`);
        ratios.push(ours / plain);
      }
      expect(Math.min(...ratios)).toBeLessThan(MOST_OF_PLAIN);
    });
  });

  describe('diagnosis and remedies', () => {
    test('name the cause with its evidence, what was checked, and an experiment to copy', async () => {
      await open();
      await openRun(BUG);
      const panel = page.getByRole('region', { name: 'Diagnosis' });
      await panel.getByText('Measurement bug').waitFor();
      await panel.getByText('First train loss 9.25 is 4.02 × ln 10').waitFor();
      await panel.getByRole('button', { name: 'Copy the snippet' }).click();
      expect(JSON.stringify(await asked('copyText'))).toContain('before scaling');
      await panel.getByText('What was checked').click();
      await panel.getByText('Leaked rows cannot be proven from curves.').waitFor();
      await panel.getByText('NaN or infinite values').waitFor();
      await panel.getByRole('button', { name: /^About accumulation/ }).click();
      await page.getByRole('heading', { name: 'What happens' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('region', { name: 'Diagnosis' }).waitFor();
    });

    test('without enough evidence name a family and three candidates', async () => {
      await open();
      await openRun('1:digits-mlp/fold3');
      const panel = page.getByRole('region', { name: 'Diagnosis' });
      await panel.getByText('No single cause can be named').waitFor();
      expect(await panel.locator('.causes > li').count()).toBe(3);
    });

    test('the checklist goes through its four states by key and keeps notes', async () => {
      await open();
      await openRun(BUG);
      const box = page.getByRole('checkbox', { name: /^Log a second metric/ });
      await box.focus();
      await page.keyboard.press('d');
      await page.getByRole('checkbox', { name: /^Log a second metric.*: done/ }).waitFor();
      await page.getByText('2 of 7').waitFor();
      expect(await page.getByRole('checkbox').count()).toBe(5);
      await page.getByRole('button', { name: 'Show 2 more' }).click();
      expect(await page.getByRole('checkbox').count()).toBe(7);
      await page.getByRole('checkbox', { name: /^Log a second metric/ }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('checkbox', { name: /: does not apply/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: /^Note on “Log a second/ }).fill('perplexity agrees');
      await page.getByRole('textbox', { name: /^Note on “Log a second/ }).blur();
      await until(async () => JSON.stringify(await asked('setRemedy')).includes('perplexity agrees'));
    });

    test('what the diagnosis rules out is folded away and not counted; what the user rules out stays in its place', async () => {
      await open();
      await openRun(BUG);
      await page.getByText('1 of 7').waitFor();
      const ruledOut = page.getByRole('checkbox', { name: 'Try less regularisation: does not apply' });
      expect(await ruledOut.count()).toBe(0);
      await page.getByText('Does not apply here · 1').click();
      await ruledOut.waitFor();
      await page.getByRole('checkbox', { name: /^Log a second metric/ }).press('x');
      await page.getByRole('checkbox', { name: /^Log a second metric.*: does not apply/ }).waitFor();
      await page.getByText('1 of 6').waitFor();
    });
  });

  describe('folders', () => {
    test('the first start offers a folder or an example', async () => {
      await open('scene=empty');
      await page.getByRole('button', { name: 'Play the example “Dropout”' }).click();
      await page.locator('h1', { hasText: 'played/dropout' }).waitFor();
      await page.locator('[data-chart="Loss"][data-last-train]').waitFor();
      expect(await asked('playExample')).toEqual([['dropout']]);
    });

    test('a folder dropped anywhere is added; a file is refused in words', async () => {
      await open();
      for (const name of ['more-runs', 'notes.txt']) {
        const transfer = await page.evaluateHandle((file) => {
          const data = new DataTransfer();
          data.items.add(new File([''], file));
          return data;
        }, name);
        await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
        await page.getByText('Drop a folder to watch it').waitFor();
        await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
      }
      expect(await asked('addFolder')).toEqual([['/home/anna/more-runs'], ['/home/anna/notes.txt']]);
      await page.getByText('This is a file. Gapwatch watches folders.').waitFor();
    });
  });

  test('text from logs is text, whatever it says', async () => {
    await open('scene=hostile');
    await page.fill('#filter', 'onerror');
    await page.locator('[role=option]').first().click();
    await page.locator('h1', { hasText: HOSTILE }).waitFor();
    await page.getByText(/^Configuration/).click();
    expect(await page.locator('#app img, #app b, #app script').count()).toBe(0);
    expect(await page.title()).toContain(HOSTILE);
  });
});

/** Jumps through the list of runs, a frame each; or else puts as many elements without anything behind them on the screen. Runs in the page. */
async function jump([jumps, ours]: [number, boolean]): Promise<void> {
  const list = document.querySelector('[role=listbox]') as HTMLElement;
  const shown = list.querySelectorAll('[role=option]').length;
  const parts = list.querySelectorAll('[role=option]:last-child *').length;
  const plain = document.createElement('div');
  plain.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 300px; height: 800px; overflow: hidden';
  document.body.append(plain);
  for (let i = 0; i < jumps; i++) {
    if (ours) list.scrollTop = (i % 2 ? 200_000 : 0) + i * 997;
    else {
      const rows = Array.from({ length: shown }, (_, row) => {
        const element = document.createElement('div');
        for (let part = 0; part < parts; part++) element.appendChild(document.createElement('span')).textContent = `${i} ${row} ${part}`;
        return element;
      });
      plain.replaceChildren(...rows);
    }
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
  plain.remove();
}
