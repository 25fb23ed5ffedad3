// The Monaco editor, fetched when the first one is shown.
let arriving = null;

// Without their language services, which would fetch megabytes for what the console does not need: colors are enough.
const COLORED = { javascript: 'typescript', html: 'html' };
const owned = new Set();
const completers = new Map();
const editors = new Map();
let last = 0;
const REPORT_AFTER = 150;

function arrive() {
  return arriving ??= new Promise((resolve, reject) => {
    const fail = () => {
      arriving = null;
      reject(new Error('The editor cannot be loaded.'));
    };
    const start = () => {
      globalThis.require.config({ paths: { vs: new URL('monaco/vs', document.baseURI).href }, preferScriptTags: true });
      globalThis.require(['vs/editor/editor.main'], () => {
        prepare(globalThis.monaco);
        resolve(globalThis.monaco);
      }, fail);
    };
    if (globalThis.require?.config)
      return start();
    const loader = document.createElement('script');
    loader.src = 'monaco/vs/loader.js';
    loader.onload = start;
    loader.onerror = () => { loader.remove(); fail(); };
    document.head.append(loader);
  });
}

function prepare(monaco) {
  const colors = { 'editor.background': '#ffffff', 'editorGutter.background': '#ffffff' };
  monaco.editor.defineTheme('console-light', { base: 'vs', inherit: true, rules: [], colors });
  const dark = { 'editor.background': '#1a1d28', 'editorGutter.background': '#1a1d28' };
  monaco.editor.defineTheme('console-dark', { base: 'vs-dark', inherit: true, rules: [], colors: dark });
  monaco.languages.json.jsonDefaults.setDiagnosticsOptions({ validate: true, allowComments: false, schemaValidation: 'error', enableSchemaRequest: false });
}

// A language of our own name has the colors of the other and asks for nothing else.
async function language(monaco, name) {
  if (!(name in COLORED)) return name;
  const own = `console-${name}`;
  if (!owned.has(own)) {
    owned.add(own);
    const source = await new Promise((resolve, reject) => globalThis.require([`vs/basic-languages/${COLORED[name]}/${COLORED[name]}`], resolve, reject));
    monaco.languages.register({ id: own });
    monaco.languages.setMonarchTokensProvider(own, source.language);
    monaco.languages.setLanguageConfiguration(own, source.conf);
  }
  return own;
}

function complete(monaco, name) {
  if (completers.has(name)) return;
  completers.set(name, monaco.languages.registerCompletionItemProvider(name, {
    triggerCharacters: ['$', '{', '.'],
    async provideCompletionItems(model, position) {
      if (!model.owner) return { suggestions: [] };
      const offset = model.getOffsetAt(position);
      const found = JSON.parse(await model.owner.invokeMethodAsync('CompleteAsync', model.getValue(), offset));
      return {
        suggestions: found.map((item, index) => ({
          label: { label: item.insert, description: item.detail },
          kind: monaco.languages.CompletionItemKind.Variable,
          insertText: item.insert,
          filterText: item.insert,
          sortText: String(index).padStart(5, '0'),
          documentation: item.documentation,
          range: monaco.Range.fromPositions(model.getPositionAt(offset - item.replaceLength), position),
        })),
      };
    },
  }));
}

const common = (readOnly, label) => ({
  readOnly,
  ariaLabel: `${label}. Ctrl+M lets the Tab key leave the editor.`,
  automaticLayout: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  fontSize: 13,
  fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  lineNumbersMinChars: 3,
  folding: true,
  links: false,
  tabSize: 2,
  detectIndentation: false,
  fixedOverflowWidgets: true,
  wordWrap: 'on',
  wordBasedSuggestions: false,
  scrollbar: { alwaysConsumeMouseWheel: false },
  padding: { top: 8, bottom: 8 },
});

/** Has an editor do something, by the number that it was made under. */
export function tell(number, what, ...parameters) {
  const editor = editors.get(number);
  if (what === 'dispose') editors.delete(number);
  return editor?.[what](...parameters);
}

function keep(editor) {
  editors.set(++last, editor);
  return last;
}

export const setDark = async dark => (await arrive()).editor.setTheme(dark ? 'console-dark' : 'console-light');

export async function createEditor(host, owner, value, name, readOnly, label, dark) {
  const monaco = await arrive();
  await setDark(dark);
  const id = await language(monaco, name);
  const model = monaco.editor.createModel(value, id);
  model.owner = owner;
  complete(monaco, id);
  const editor = monaco.editor.create(host, { ...common(readOnly, label), model });
  let waiting = 0;
  let told = false;   // while the page writes, nothing is reported back to it
  const report = () => {
    if (!waiting) return;
    clearTimeout(waiting);
    waiting = 0;
    owner.invokeMethodAsync('ReportAsync', model.getValue());
  };
  model.onDidChangeContent(() => {
    if (told) return;
    clearTimeout(waiting);
    waiting = setTimeout(report, REPORT_AFTER);
  });
  editor.onDidBlurEditorText(report);
  editor.onDidChangeCursorPosition(event => {
    if (event.reason === monaco.editor.CursorChangeReason.Explicit)
      owner.invokeMethodAsync('MoveAsync', model.getOffsetAt(event.position));
  });
  return keep({
    setValue(text) {
      if (text === model.getValue()) return;
      clearTimeout(waiting);
      waiting = 0;
      told = true;
      // Not setValue of the model: so Ctrl+Z undoes what a form has changed.
      model.pushStackElement();
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
      model.pushStackElement();
      told = false;
    },
    async configure(other, isReadOnly) {
      editor.updateOptions({ readOnly: isReadOnly });
      const otherId = await language(monaco, other);
      complete(monaco, otherId);
      monaco.editor.setModelLanguage(model, otherId);
    },
    setMarkers(json) {
      monaco.editor.setModelMarkers(model, 'console', JSON.parse(json).map(marker => ({
        startLineNumber: marker.line, startColumn: marker.column, endLineNumber: marker.endLine, endColumn: marker.endColumn, message: marker.message,
        severity: marker.isWarning ? monaco.MarkerSeverity.Warning : monaco.MarkerSeverity.Error,
      })));
    },
    reveal(offset, length) {
      const range = monaco.Range.fromPositions(model.getPositionAt(offset), model.getPositionAt(offset + length));
      editor.setSelection(range);
      editor.revealRangeNearTopIfOutsideViewport(range);
    },
    dispose() {
      clearTimeout(waiting);
      model.owner = null;
      editor.dispose();
      model.dispose();
    },
  });
}

export async function createDiff(host, before, after, name, label, dark) {
  const monaco = await arrive();
  await setDark(dark);
  const id = await language(monaco, name);
  const models = [before, after].map(text => monaco.editor.createModel(text, id));
  const [original, modified] = models;
  const isWide = () => host.clientWidth >= 700;
  const editor = monaco.editor.createDiffEditor(host, { ...common(true, label), originalEditable: false, renderSideBySide: isWide(), renderOverviewRuler: false });
  editor.setModel({ original, modified });
  let isShown = false;   // the first difference, without which a long text would look unchanged
  editor.onDidUpdateDiff(() => {
    const first = editor.getLineChanges()?.[0];
    if (isShown || !first) return;
    isShown = true;
    editor.revealLineInCenter(Math.max(1, first.modifiedStartLineNumber));
  });
  const fit = new ResizeObserver(() => editor.updateOptions({ renderSideBySide: isWide() }));
  fit.observe(host);
  return keep({
    setTexts(left, right) {
      isShown = false;
      original.setValue(left);
      modified.setValue(right);
    },
    dispose() {
      fit.disconnect();
      editor.dispose();
      models.forEach(model => model.dispose());
    },
  });
}
