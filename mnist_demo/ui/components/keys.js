// Which key was pressed for the page: a letter without Ctrl, Alt or the like, once however long it is held, and not
// while somebody writes.

const WRITTEN_INTO = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=combobox]";

function pageKey({ key, target, repeat, ctrlKey, metaKey, altKey }) {
  return repeat || ctrlKey || metaKey || altKey || target.closest?.(WRITTEN_INTO) ? "" : key.toLowerCase();
}
