// Takes the canvas' own toolbar away, which no setting of it does: it stands over the words above the canvas, in
// English whatever the page's language, and its buttons lie unseen over the canvas' upper edge under a finger.

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(".dc-toolbar { display: none !important; }");

export default function ({ data }) {
  let frame = 0;
  // The canvas is another component: its shadow root, where alone the style reaches the toolbar, comes in its own time.
  function dress() {
    const host = document.querySelector(`.st-key-${data.canvas} [data-testid=stBidiComponentIsolated]`);
    if (!host?.shadowRoot) frame = requestAnimationFrame(dress);
    else if (!host.shadowRoot.adoptedStyleSheets.includes(SHEET)) host.shadowRoot.adoptedStyleSheets.push(SHEET);
  }
  dress();
  return () => cancelAnimationFrame(frame);
}
