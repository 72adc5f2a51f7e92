/** The width of an element, as an attachment. */
import type { Attachment } from 'svelte/attachments';
import { untrack } from 'svelte';

/** Calls back with the width in CSS pixels at once and whenever it changes, while the element is in sight; with 0 when it leaves. */
export function sizeOf(changed: (width: number) => void): Attachment<HTMLElement> {
  return (node) => {
    let width = 0;
    let inSight = false;
    const tell = () => untrack(() => changed(inSight ? width : 0));
    const size = new ResizeObserver(() => {
      if (node.clientWidth === width) return;
      width = node.clientWidth;
      tell();
    });
    const sight = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)?.isIntersecting ?? false;
      if (seen === inSight) return;
      inSight = seen;
      width = node.clientWidth;
      tell();
    });
    size.observe(node);
    sight.observe(node);
    return () => {
      size.disconnect();
      sight.disconnect();
    };
  };
}
