/**
 * Where a text is in the active editor. Runs in the page, so it sees nothing from outside itself.
 *
 * @param {string} wanted
 * @returns {{ x: number, y: number } | undefined} the middle of it, in pixels
 */
export function locateInPage(wanted) {
  for (const line of document.querySelectorAll('.editor-group-container.active .view-line')) {
    // The editor draws spaces as no-break ones.
    const start = line.textContent?.replaceAll('\u00a0', ' ').indexOf(wanted) ?? -1;
    if (start < 0) continue;
    const middle = start + Math.floor(wanted.length / 2);
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let passed = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (middle < passed + length) {
        const range = document.createRange();
        range.setStart(node, middle - passed);
        range.setEnd(node, middle - passed + 1);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      passed += length;
    }
  }
  return undefined;
}
