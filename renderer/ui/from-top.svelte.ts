/** Scrolls boxes back to their beginning when something else is shown in them. */
import type { Attachment } from 'svelte/attachments';

/** `what` names what is shown; null before the first is there, when nothing can have been scrolled: asking a box has everything laid out at once. */
export function fromTop(what: () => string | null): Attachment<HTMLElement> {
  return (box) => {
    let before: string | null = null;
    $effect(() => {
      const now = what();
      if (before !== null && before !== now) box.scrollTop = 0;
      before = now;
    });
  };
}
