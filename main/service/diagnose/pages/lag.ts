/** Pages of causes that are only a delay of the train curve. */
import type { CausePage } from './page.ts';

export const lagPages: Readonly<Record<string, CausePage>> = {
  L1: {
    what:
      'A train loss that is averaged over an epoch or a logging window describes the model half a window ago; validation describes the ' +
      'model now. While the loss falls, validation therefore looks better than it is. With one eval an epoch and a loss that falls by ' +
      '10 % an epoch the shift alone makes a gap of about 5 %.',
    shows:
      'The gap is there only while the loss falls and vanishes on a plateau. Moving the train curve half a window earlier closes it; ' +
      'Gapwatch does this before it judges any gap, so a gap that is still reported is not this.',
    against: 'The gap stays on a plateau, or single step losses next to the eval lie above validation too.',
    confirm:
      'Switch on the half-epoch shift above the chart. If the curves then meet, this is all there is. If step losses are logged, ' +
      'compare validation with the mean of the last few of them.',
    todo:
      'Nothing is wrong with the model. Compare on the shifted curve, and log step losses (or measure the training set after the epoch)' +
      ' if you want numbers that can be compared directly.',
    sources: ['skorch issue 722', 'keras issue 2330', 'Keras FAQ: why is my training loss much higher than my testing loss'],
  },
  L2: {
    what:
      'The logger writes a running average in place of the loss: fastai averages with 0.98, many scripts keep avg = 0.99 * avg + 0.01 *' +
      ' loss for the progress bar and log that. An average with 0.99 trails the true loss by about 100 steps.',
    shows:
      'Neighbouring train losses differ far less than their spread allows: the von Neumann ratio is near 1 for raw losses and about 1 -' +
      ' beta for an average. The delay makes the largest gap where the loss falls fastest.',
    against:
      'Raw-looking losses (a ratio above 0.4). If moving the curve by the delay of the average leaves most of the gap, something else ' +
      'is at work besides.',
    confirm: 'Log the loss of each step once more without averaging, under another name. The gap against that curve is the true one.',
    todo: 'Log the raw loss and let the chart do the smoothing. Until then read the train curve a delay of beta / (1 - beta) steps later.',
    sources: ['fastai issue 4063: the logged training loss is an average with factor 0.98'],
  },
};
