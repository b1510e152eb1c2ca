// Fits the drawing canvas, which is a component of its own, into the page. Its toolbar goes, which no setting takes
// away: it stands over the words above, in English, and lies unseen over the canvas' upper edge under a finger. Its
// size follows the page's variable --canvas, while drawings keep their 280 pixels: the canvas reads the pen's place
// in relation to its size on the screen. One touch draws, others rest. And who hears the page is told what it is.

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
  .dc-toolbar { display: none !important; }
  :is(.dc-container, .canvas-container, canvas) { width: var(--canvas) !important; height: var(--canvas) !important; }
`);

const SEND = ".dc-toolbar button[title^='Update']"; // of that toolbar: tells the page of the drawing
const dressed = new WeakSet();

// The canvas tells of a stroke a fifth of a second after its end: whoever leaves the page sooner would lose it.
function sendAtOnce(host) {
  const send = () => setTimeout(() => host.shadowRoot.querySelector(SEND).click()); // once the canvas has the stroke
  host.addEventListener("mousedown", () => window.addEventListener("mouseup", send, { once: true }));
}

export default function ({ data }) {
  let frame = 0;
  let host = null;
  // Its shadow root, where alone the style reaches it, comes in its own time.
  function dress() {
    host = document.querySelector(`.st-key-${data.canvas} [data-testid=stBidiComponentIsolated]`);
    if (!host?.shadowRoot) {
      frame = requestAnimationFrame(dress);
      return;
    }
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", data.label);
    if (dressed.has(host)) return;
    dressed.add(host);
    host.shadowRoot.adoptedStyleSheets.push(SHEET);
    new Touches(host);
    sendAtOnce(host);
  }
  // Streamlit may put another one in its place, as from one step of the lesson to the next, and tells nobody.
  const replaced = new MutationObserver(() => {
    if (!host?.shadowRoot || host.isConnected) return; // or it is awaited already
    dress();
  });
  replaced.observe(document.querySelector("[data-testid=stMain]") ?? document.body, { childList: true, subtree: true });
  dress();
  return () => {
    cancelAnimationFrame(frame);
    replaced.disconnect();
  };
}
