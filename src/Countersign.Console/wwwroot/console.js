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
    download(name, text) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return false;
      }
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

  // With a base address, "#main" alone would be a link to another page.
  addEventListener('click', event => {
    const link = event.target.closest('[data-skip-to]');
    if (link) {
      event.preventDefault();
      document.getElementById(link.dataset.skipTo)?.focus();
    }
  }, { capture: true });
})();
