// What the console needs from the browser and Blazor does not offer.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const setDark = dark => document.documentElement.classList.toggle('dark', dark);

  let opener = null;

  globalThis.countersign = {
    systemIsDark: () => system.matches,
    setDark,
    keepFocus() {
      opener = document.activeElement;
    },
    returnFocus() {
      opener?.focus();
      opener = null;
    },
    widthOf: element => element.clientWidth,
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return false;
      }
    },
    show(id) {
      document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
    },
    caret: id => document.getElementById(id)?.selectionStart ?? null,
    // After the frame in which the text has become what it is.
    placeCaret(id, position) {
      requestAnimationFrame(() => {
        const field = document.getElementById(id);
        field?.focus();
        field?.setSelectionRange(position, position);
      });
    },
    download(name, bytes) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    // The parser runs no script and fetches nothing.
    xmlTree(text) {
      const root = new DOMParser().parseFromString(text, 'application/xml');
      if (root.querySelector('parsererror'))
        return null;
      const tree = (element, depth) => ({
        name: element.tagName,
        attributes: [...element.attributes].map(attribute => [attribute.name, attribute.value]),
        text: element.children.length === 0 ? element.textContent.trim() : '',
        children: depth === 0 ? [] : [...element.children].map(child => tree(child, depth - 1)),
      });
      return JSON.stringify(tree(root.documentElement, 100));
    },
  };

  // Before the first paint, so that the loading screen does not flash in the wrong color.
  const choice = localStorage.getItem('countersign.appearance');
  setDark(choice ? choice === 'dark' : system.matches);

  addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (event.target.closest('input, textarea, select, [contenteditable]'))
      return;
    const search = document.querySelector('[data-search] input, input[data-search]');
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // Where arrows walk, they do not scroll as well.
  addEventListener('keydown', event => {
    if (['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key) && event.target.closest('[data-arrows]'))
      event.preventDefault();
    // The browser's own dialog would save the page; the page's button saves what is edited.
    if (event.key === 's' && (event.ctrlKey || event.metaKey) && !event.altKey) {
      const save = document.querySelector('[data-save]');
      if (save) {
        event.preventDefault();
        if (document.activeElement instanceof HTMLElement && document.activeElement.closest('.code-editor')) document.activeElement.blur();
        setTimeout(() => save.click());
      }
    }
  });
  // Where a list of completions is open, these keys are its own.
  addEventListener('keydown', event => {
    if (['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key) && event.target.closest?.('[data-completing]'))
      event.preventDefault();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const run = document.querySelector('[data-run]:not(:disabled)');
      if (run) {
        event.preventDefault();
        event.stopPropagation();
        run.click();
      }
    }
  }, { capture: true });

  // With a base address, "#main" alone would be a link to another page.
  addEventListener('click', event => {
    const link = event.target.closest('[data-skip-to]');
    if (link) {
      event.preventDefault();
      document.getElementById(link.dataset.skipTo)?.focus();
    }
  }, { capture: true });
})();
